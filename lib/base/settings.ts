/** What holds for the whole process, whatever is cached, and how. */
import { ReadonlyError } from './errors.js';

/** The settings of the process. */
export const settings = {
  readonly: process.env.STOWAGE === 'readonly',
  /** Everything runs uncached. */
  off: process.env.STOWAGE === 'off',
  permissions: 0o700,
  /** Seconds. */
  claimWait: 600,
};

/** @throws ReadonlyError where nothing may be written */
export function refuseIfReadonly(caller: string): void {
  if (settings.readonly) throw new ReadonlyError(caller);
}
