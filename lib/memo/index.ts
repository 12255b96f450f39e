/**
 * Function caches. Where things are:
 *
 * - `persist`                functions and methods whose results are kept for good, each in a file of its own
 * - `bucket`                 a dictionary of files with lifetimes, and the functions that it wraps
 * - `deferred-write-bucket`  the same, with writing that waits
 * - `function-call`          a call, as `lib/call` needs to know it
 * - `…-shelf`                where entries lie: in a folder, in memory before it, in a store of bytes
 *
 * @module stowage/memo
 */
export type { Clock } from '../base/clock.js';
export { Bucket, type Pruned } from './bucket/bucket.js';
export type { BucketDecorator, MemberDecorator } from './bucket/bucket-decorator.js';
export type { BucketOptions, CachedCall, WrapOptions } from './bucket/bucket-options.js';
export type { ByteStore } from './shelf/byte-store.js';
export { deferredWrite, DeferredWriteBucket, type DeferredWrite } from './bucket/deferred-write-bucket.js';
export { HashCollisionError, MutatedInputError } from './shelf/errors.js';
export type { Reference } from '../call/reference.js';
export type { ResultInfo, Validate } from '../call/validate-result.js';
export type { CompressOption } from '../codec/press/compress-option.js';
export type { Compression, CompressionMethod } from '../codec/press/methods.js';
export type { Reduced, SizeLimits } from '../store/maintain/reduce-size.js';
export type { ParameterOptions } from './call/parameters.js';
export { Memory, type MemoryOptions } from './persist/memory.js';
export { cacheOf, persist, type Persist, type PersistDecorator, type Persisted } from './persist/persist.js';
export { PersistCache, PersistMap } from './persist/persist-cache.js';
export type { PersistOptions, Verbosity } from './persist/persist-options.js';
