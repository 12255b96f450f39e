/** The kinds of caches. Each enters itself in its manager when it is made. */
import type { AutoSyncOptions, ManagedCacheOptions } from './cache/cache-options.js';
import { ManagedCache } from './cache/managed-cache.js';
import { DEFAULT_SCHEDULE, type ScheduleRow } from './contract/schedule.js';

/**
 * A cache that is loaded from its file, and saved there when asked to, when it is deregistered, and when the process ends:
 * by itself, by `process.exit`, by an error, or by SIGTERM or SIGINT, which keep their meaning. An asynchronous `saver` of
 * its own is awaited then, save at `process.exit`. In a worker thread, only an end of its own saves: signals, and an end of
 * the main thread or `worker.terminate()`, leave it no time.
 *
 * What cannot be loaded, a damaged file for example, is said in a `corrupt` or `fault` event and taken as not saved; it is
 * kept, and put aside (`.damaged-…`) by the next save. Of two processes that save one cache, the last one wins: each file
 * is the whole of what one of them saved.
 */
export class PersistentCache<K = string, V = unknown> extends ManagedCache<K, V> {
  /**
   * @param name names its file: `<manager's folder>/<name>.v8`
   * @throws CacheRegisteredError where the manager has a cache of that name
   * @throws CacheHookError where its loader or builder throws
   * @throws InvalidOptionError where an option is not what it must be
   */
  constructor(name: string, options: ManagedCacheOptions<K, V> = {}, schedule?: readonly ScheduleRow[]) {
    super(name, options, { persistent: true, ...(schedule !== undefined && { schedule }) });
  }
}

/** A {@link PersistentCache} that also saves itself as it changes, in the background. */
export class AutoSyncCache<K = string, V = unknown> extends PersistentCache<K, V> {
  constructor(name: string, { schedule = DEFAULT_SCHEDULE, ...options }: AutoSyncOptions<K, V> = {}) {
    super(name, options, schedule);
  }
}

/** A cache for this process alone. Hooks of its own may load and save it all the same. */
export class NonPersistentCache<K = string, V = unknown> extends ManagedCache<K, V> {
  constructor(name: string, options: ManagedCacheOptions<K, V> = {}, lazy = false) {
    super(name, options, { persistent: false, lazy });
  }
}

/** A {@link NonPersistentCache} whose `builder` is called when it is first used. */
export class LazyBuildCache<K = string, V = unknown> extends NonPersistentCache<K, V> {
  constructor(name: string, options: ManagedCacheOptions<K, V> = {}) {
    super(name, options, true);
  }
}
