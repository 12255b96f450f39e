/** What can be wrong with managed caches. */
import { StowageError } from '../../base/errors.js';

/** A manager has no cache of that name. */
export class UnknownCacheError extends StowageError {
  constructor(name: string, manager: string) {
    super(
      'STOWAGE_UNKNOWN_CACHE',
      `the manager '${manager}' has no cache named '${name}': register it with registerCache or registerCustomCache`,
    );
  }
}

/** A cache of that name is registered already: two caches on one file would undo each other's changes. */
export class CacheRegisteredError extends StowageError {
  constructor(name: string, manager: string) {
    super(
      'STOWAGE_CACHE_REGISTERED',
      `the manager '${manager}' has a cache named '${name}' already: take it with retrieveCache, or deregister it first`,
    );
  }
}

/** A cache is used before its contents are there. */
export class CacheNotReadyError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_CACHE_NOT_READY', message, options);
  }
}

/** A hook threw, or gave what cannot be the contents of a cache; `cause` says what. */
export class CacheHookError extends StowageError {
  /** Which hook: `'loader'`, for example. */
  readonly hook: string;

  constructor(hook: string, cache: string, what: string, options?: ErrorOptions) {
    super('STOWAGE_CACHE_HOOK', `the ${hook} of the cache '${cache}' ${what}`, options);
    this.hook = hook;
  }
}

/** The contents of a cache could not be saved; they are kept in memory. */
export class CacheNotSavedError extends StowageError {
  constructor(message: string, options?: ErrorOptions) {
    super('STOWAGE_CACHE_NOT_SAVED', message, options);
  }
}
