/** The disk let us down: it is said where the value is there all the same, and thrown where the user asked the disk herself. */
import { StowageError } from '../../base/errors.js';
import { codeOf, errorOf, isError } from '../../base/thrown.js';
import { warnOnce } from '../../base/warn.js';
import { tell } from './emit-entry-event.js';
import type { Place } from '../disk/place.js';
import type { Identity } from '../record/identity.js';

type Doing = 'read' | 'stored' | 'kept as an earlier version' | 'removed';

/** What became of the call whose value was there all the same. */
const OUTCOMES: Partial<Record<Doing, string>> = { 'kept as an earlier version': 'The new result was stored' };

const ADVICE: Record<string, string> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota is used up: make room',
  EROFS: 'the file system is read-only: choose another folder, or run with STOWAGE=readonly',
  EACCES: 'permission is missing: choose a folder of your own',
  EPERM: 'permission is missing: choose a folder of your own',
  ERR_ACCESS_DENIED: 'node --permission forbids it: allow the folder with --allow-fs-read and --allow-fs-write',
};

/** Emits a `fault`, and says each cause once a process on stderr. */
export function reportFault(call: { identity: Identity; place: Place }, doing: Doing, cause: unknown): void {
  const { folder, plain } = call.place;
  const error = diskError(folder, doing, cause, `. ${OUTCOMES[doing] ?? 'The value was returned, uncached'}`);
  const reason = codeOf(cause) ?? 'UNKNOWN';
  tell(call, 'fault', { file: plain, error, reason });
  warnOnce('STOWAGE_DISK', `${reason} ${folder}`, error.message);
}

/**
 * Does what a user asked the disk for herself, and so is told of: the system's errors become `STOWAGE_DISK`, which says what
 * to do. Other errors are thrown as they are.
 * @param folder of the tag, or of the function cache
 */
export function throwDiskErrors<T>(folder: string, doing: Doing, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toldError(folder, doing, error);
  }
}

/** What {@link throwDiskErrors} throws for an error, where the work is asynchronous. */
export function toldError(folder: string, doing: Doing, error: unknown): Error {
  return error instanceof StowageError || codeOf(error) === undefined
    ? errorOf(error)
    : diskError(folder, doing, error);
}

function diskError(folder: string, doing: Doing, cause: unknown, more = ''): StowageError {
  const message =
    cause instanceof StowageError
      ? cause.message
      : `a result could not be ${doing} under ${folder}: ${String(cause)}${refusedOf(cause)}; ${ADVICE[codeOf(cause) ?? ''] ?? 'see the cause'}`;
  return new StowageError('STOWAGE_DISK', message + more, { cause });
}

/** What `node --permission` refused. */
function refusedOf(cause: unknown): string {
  const { permission, resource } = isError(cause)
    ? (cause as Error & { permission?: unknown; resource?: unknown })
    : {};
  return typeof permission === 'string' ? ` (${permission} ${String(resource)})` : '';
}
