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
export type { Clock } from '../base/clock.js';
export type { MethodReference } from '../trace/results.js';
export type { AutoSyncOptions, CacheManagerOptions, CacheOptions, CustomCacheOptions, DependentsOption } from './cache-options.js';
export { csvFiles, type Cell, type CsvOptions } from './csv-files.js';
export * from './errors.js';
export type { Awaitable, CacheHooks, Contents, HookContext, HookName, SaveContext } from './hooks.js';
export { jsonFiles } from './json-files.js';
export { AutoSyncCache, LazyBuildCache, NonPersistentCache, PersistentCache } from './kinds.js';
export { ManagedCache } from './managed-cache.js';
export { getCacheManager, type CacheManager, type CacheReference } from './manager.js';
export { defaultSchedule, type ScheduleRow } from './schedule.js';
export type { FileHooks } from './text-file.js';
