/**
 * Managed caches: named, Map-like, with hooks and dependents. Where things are:
 *
 * - `manager`        one a name and process; which cache depends on which
 * - `managed-cache`  a cache and its life; `kinds` the classes of caches
 * - `source`         where contents come from and go to: hooks, and `cache-file`, the default
 * - `filling`        whether the contents are there
 * - `saving`         unsaved changes, by `schedule`, at the end of the process by `unsaved`
 * - `reads`          what cached methods read of a cache; `upstreams` the methods that it depends on
 *
 * @module stowage/manager
 */
export type {
  TimerClock,
  /** @deprecated it is called `TimerClock` */
  TimerClock as Clock,
} from '../base/clock.js';
export type { MethodReference } from '../trace/results.js';
export type {
  AutoSyncOptions,
  CacheManagerOptions,
  ManagedCacheOptions,
  CustomCacheOptions,
  DependentsOptions,
  /** @deprecated it is called `DependentsOptions` */
  DependentsOptions as DependentsOption,
  /** @deprecated it is called `ManagedCacheOptions` */
  ManagedCacheOptions as CacheOptions,
} from './cache/cache-options.js';
export { csvFiles, type Cell, type CsvOptions } from './files/csv-files.js';
export * from './contract/errors.js';
export type { Awaitable, CacheHooks, Contents, HookContext, HookName, SaveContext } from './contract/hooks.js';
export { jsonFiles } from './files/json-files.js';
export { AutoSyncCache, LazyBuildCache, NonPersistentCache, PersistentCache } from './kinds.js';
export { ManagedCache } from './cache/managed-cache.js';
export { getCacheManager, type CacheManager, type CacheReference } from './manager.js';
export {
  DEFAULT_SCHEDULE,
  /** @deprecated it is called `DEFAULT_SCHEDULE` */
  DEFAULT_SCHEDULE as defaultSchedule,
  type ScheduleRow,
} from './contract/schedule.js';
export type { FileHooks } from './files/text-file.js';
