/** The disk let us down: the value is returned all the same, and it is said. */
import { StowageError } from '../../base/errors.js';
import { codeOf, isError } from '../../base/thrown.js';
import { warnOnce } from '../../base/warn.js';
import type { Claimant } from './claims-of-thread.js';
import type { Place } from '../entry/place.js';
import { tell } from '../entry/emit-entry-event.js';

const advice: Record<string, string> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota is used up: make room',
  EROFS: 'the file system is read-only: choose another folder, or run with STOWAGE=readonly',
  EACCES: 'permission is missing: choose a folder of your own',
  EPERM: 'permission is missing: choose a folder of your own',
  ERR_ACCESS_DENIED: 'node --permission forbids it: allow the folder with --allow-fs-read and --allow-fs-write',
};

/** Emits a `fault`, and says each cause once a process on stderr. */
export function reportFault(
  call: Pick<Claimant, 'identity' | 'place'>,
  doing: 'read' | 'stored',
  cause: unknown,
): void {
  const error = diskError(call.place, doing, cause, '. The value was returned, uncached');
  const reason = codeOf(cause) ?? 'UNKNOWN';
  tell(call, 'fault', { file: call.place.plain, error, reason });
  warnOnce('STOWAGE_DISK', `${reason} ${call.place.folder}`, error.message);
}

/** What `node --permission` refused. */
function refusedOf(cause: unknown): string {
  const { permission, resource } = isError(cause)
    ? (cause as Error & { permission?: unknown; resource?: unknown })
    : {};
  return typeof permission === 'string' ? ` (${permission} ${String(resource)})` : '';
}

/** The error to throw where the user asked the disk for something, and it refused. */
export function diskError(
  { folder }: Pick<Place, 'folder'>,
  doing: 'read' | 'stored' | 'removed',
  cause: unknown,
  more = '',
): StowageError {
  const message =
    cause instanceof StowageError
      ? cause.message
      : `a result could not be ${doing} under ${folder}: ${String(cause)}${refusedOf(cause)}; ${advice[codeOf(cause) ?? ''] ?? 'see the cause'}`;
  return new StowageError('STOWAGE_DISK', message + more, { cause });
}
