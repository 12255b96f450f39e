/** The disk let us down: the value is returned all the same, and it is said. */
import { StowageError } from '../base/errors.js';
import { warnOnce } from '../base/warn.js';
import type { Claimant } from './claimant.js';
import { tell } from './tell.js';

const advice: Record<string, string> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota is used up: make room',
  EROFS: 'the file system is read-only: choose another folder, or run with STOWAGE=readonly',
  EACCES: 'permission is missing: choose a folder of your own',
  EPERM: 'permission is missing: choose a folder of your own',
};

/** Emits a `fault`, and says each cause once a process on stderr. */
export function reportFault(call: Pick<Claimant, 'identity' | 'place'>, doing: 'read' | 'stored', cause: unknown): void {
  const code = causeCode(cause);
  const message =
    cause instanceof StowageError
      ? cause.message
      : `a result could not be ${doing} under ${call.place.folder}: ${String(cause)}; ${advice[code] ?? 'see the cause'}`;
  const error = new StowageError('STOWAGE_DISK', `${message}. The value was returned, uncached`, { cause });
  tell(call, 'fault', { file: call.place.plain, error, reason: code });
  warnOnce('STOWAGE_DISK', `${code} ${call.place.folder}`, error.message);
}

function causeCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'UNKNOWN';
}
