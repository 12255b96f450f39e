import { diskError } from '../../store/claim/fault.js';
import { HashCollisionError } from './errors.js';

/**
 * Does what a user asked for herself, and so is told of.
 * @throws StowageError `STOWAGE_DISK` where the disk refuses
 */
export function asked<T>(folder: string, doing: 'read' | 'stored' | 'removed', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof HashCollisionError ? error : diskError({ folder }, doing, error);
  }
}
