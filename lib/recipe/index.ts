/**
 * Recipes over the key-value family: locks, semaphores, throttles and barriers between processes, Python's included.
 *
 * - `cache-lock.ts` what locks have in common; `lock.ts`, `r-lock.ts`, `bounded-semaphore.ts` the three of them
 * - `caller.ts` who may enter an RLock again; `hold.ts` what was acquired; `wait.ts` how one waits
 * - `averager.ts`, `throttle.ts`, `barrier.ts`, `memoize-stampede.ts` a recipe each
 *
 * @module stowage/recipe
 */
export type { Clock } from '../base/clock.js';
export { Averager } from './averager.js';
export { barrier, type LockFactory, type MakeLock } from './barrier.js';
export { BoundedSemaphore, type BoundedSemaphoreOptions } from './lock/bounded-semaphore.js';
export { CacheLock, type AcquireAsyncOptions, type AcquireOptions } from './lock/cache-lock.js';
export { DeadlockError, LockTimeoutError, NotOwnedError, WrongItemError } from './base/errors.js';
export type { Hold } from './lock/hold.js';
export { Lock } from './lock/lock.js';
export { memoizeStampede, type MemoizeStampedeOptions } from './memoize-stampede.js';
export {
  RLock,
  type HoldOptions,
  /** @deprecated it is called `HoldOptions` */
  type HoldOptions as WithinOptions,
} from './lock/r-lock.js';
export type { RecipeCache, RecipeOptions } from './base/recipe-cache.js';
export { throttle, type SleepClock, type ThrottleOptions } from './throttle.js';
export type {
  Wrapped,
  RecipeWrapOptions,
  /** @deprecated it is called `RecipeWrapOptions` */
  RecipeWrapOptions as WrapOptions,
} from './base/wrap.js';
