/** What can go wrong with a cache in a database. */
import { StowageError } from '../../base/errors.js';

/** What a {@link TimeoutError} knows beside its message. */
export interface TimeoutErrorOptions extends ErrorOptions {
  /** @defaultValue 0 */
  count?: number;
}

/** Another connection held the database longer than the timeout, and the call was not to retry. */
export class TimeoutError extends StowageError {
  /** How many items had been removed before, where the call removes many: `evict`, `expire`, `cull`, `clear`. */
  readonly count: number;

  constructor(message: string, { count = 0, ...options }: TimeoutErrorOptions = {}) {
    super('STOWAGE_KV_TIMEOUT', message, options);
    this.count = count;
  }
}

/** Others hold the database of a folder. */
export function stayedLocked(directory: string, options: TimeoutErrorOptions): TimeoutError {
  const message =
    `the cache in ${directory} stayed locked by another connection for longer than the timeout: ` +
    'nothing more was changed; call again, or with { retry: true }';
  return new TimeoutError(message, options);
}

/** The folder's database is no cache, is damaged, or could not be used; `cause` says what SQLite said. */
export class DatabaseError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_KV_DATABASE', message, options);
  }
}

/** `incr` or `decr` was to change an item that is not there (with `null` as default), or that is no number. */
export class NotACounterError extends StowageError {
  constructor(message: string) {
    super('STOWAGE_KV_NOT_A_COUNTER', message);
  }
}

/** This Node.js has no `node:sqlite`, and better-sqlite3 is not installed. */
export class NoDriverError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_KV_NO_DRIVER', message, options);
  }
}
