/** What the disk refuses where the user asked for it is thrown, and says what to do. */
import { StowageError } from '../../base/errors.js';
import { codeOf, errorOf } from '../../base/thrown.js';
import { diskError } from '../claim/fault.js';

/**
 * Does what a user asked the disk for herself, and so is told of: the system's errors become `STOWAGE_DISK`, which says what
 * to do. Other errors are thrown as they are.
 * @param folder of the tag
 */
export function throwDiskErrors<T>(folder: string, doing: 'read' | 'stored' | 'removed', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toldError(folder, doing, error);
  }
}

/** What {@link throwDiskErrors} throws for an error, where the work is asynchronous. */
export function toldError(folder: string, doing: 'read' | 'stored' | 'removed', error: unknown): Error {
  return error instanceof StowageError || codeOf(error) === undefined
    ? errorOf(error)
    : diskError({ folder }, doing, error);
}
