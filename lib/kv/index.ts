/**
 * The key-value family: python-diskcache's surface, on folders that Python shares.
 *
 * @module stowage/kv
 */
export { Cache } from './cache.js';
export type {
  CacheItem,
  CacheOptions,
  CacheStats,
  CheckOptions,
  IterateOptions,
  KeyedItem,
  PeekItemOptions,
  PushOptions,
  QueueOptions,
  ResetOptions,
  RetryOptions,
  SetOptions,
  Side,
  StatsOptions,
  Tag,
  TouchOptions,
} from './cache-options.js';
export { CheckWarning, EmptyDirWarning, UnknownFileWarning } from './check-warning.js';
export { ENOVAL, UNKNOWN } from './constants.js';
export { Deque, type DequeOptions } from './deque.js';
export { Disk, Mode, type DiskClass, type DiskKey, type DiskOptions, type SqlValue, type StoredValue } from './disk.js';
export { DatabaseError, NoDriverError, NotACounterError, TimeoutError, type TimeoutErrorOptions } from './errors.js';
export { EVICTION_POLICY, type EvictionPolicy, type EvictionRule } from './eviction-policy.js';
export { FanoutCache, type FanoutCacheOptions } from './fanout-cache.js';
export { Index, type IndexEndOptions, type IndexEntries, type IndexQueueOptions } from './index-map.js';
export { JSONDisk, type JSONDiskOptions } from './json-disk.js';
export { KeyvStore, type KeyvStoreEntry, type KeyvStoreOptions } from './keyv-store.js';
export type { Memoized, MemoizeOptions, MemoizeStore } from './memoize.js';
export { PickleError } from './pickle/errors.js';
export { DEFAULT_SETTINGS, type AllSettings, type Settings, type SettingValue } from './settings.js';
