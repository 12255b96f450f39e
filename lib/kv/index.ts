/**
 * The key-value family: python-diskcache's surface, on folders that Python shares.
 *
 * @module stowage/kv
 */
export { Cache } from './cache/cache.js';
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
} from './state/cache-options.js';
export { CheckWarning, EmptyDirWarning, UnknownFileWarning } from './cache/check-warning.js';
export { ENOVAL, UNKNOWN } from './base/constants.js';
export { Deque, type DequeOptions } from './cache/deque.js';
export {
  Disk,
  Mode,
  type DiskClass,
  type DiskKey,
  type DiskOptions,
  type SqlValue,
  type StoredValue,
} from './disk/disk.js';
export {
  DatabaseError,
  NoDriverError,
  NotACounterError,
  TimeoutError,
  type TimeoutErrorOptions,
} from './base/errors.js';
export { EVICTION_POLICY, type EvictionPolicy, type EvictionRule } from './settings/eviction-policy.js';
export { FanoutCache, type FanoutCacheOptions } from './cache/fanout-cache.js';
export { Index, type IndexEndOptions, type IndexEntries, type IndexQueueOptions } from './cache/index-map.js';
export { JSONDisk, type JSONDiskOptions } from './disk/json-disk.js';
export { KeyvStore, type KeyvStoreEntry, type KeyvStoreOptions } from './cache/keyv-store.js';
export type { KeyedMemoizer, Memoized, MemoizeOptions, Memoizer, MemoizeStore } from './memoize/memoize.js';
export { PickleError } from './pickle/errors.js';
export { DEFAULT_SETTINGS, type AllSettings, type Settings, type SettingValue } from './settings/settings.js';
