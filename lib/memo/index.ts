/**
 * Function caches. Where things are:
 *
 * - `persist`   functions and methods whose results are kept for good, each in a file of its own
 */
export type { ByteStore } from './byte-store.js';
export { HashCollisionError, MutatedInputError } from './errors.js';
export { cacheOf, persist, type Persist, type PersistDecorator, type Persisted } from './persist.js';
export { PersistCache, PersistMap } from './persist-cache.js';
export type { PersistOptions, Verbosity } from './persist-options.js';
