/** The recipe of a function that is called under a lock. */
import type { AnyFunction } from '../kv/memoize/memoize.js';
import { CacheLock } from './lock/cache-lock.js';
import type { RecipeCache, RecipeOptions } from './base/recipe-cache.js';
import { refuseGenerator } from './base/refuse-generator.js';
import { dress, subjectOf, type Wrapped, type RecipeWrapOptions } from './base/wrap.js';

/** Makes a lock. */
export type MakeLock = (cache: RecipeCache, key: unknown, options: RecipeOptions) => CacheLock;

/** A class of locks (Lock, RLock, BoundedSemaphore), or a function that makes one. */
export type LockFactory = MakeLock | (new (...args: Parameters<MakeLock>) => CacheLock);

/**
 * Lets a function be called while a lock is held, by all processes together, Python's `diskcache.barrier` of the same
 * name included: with a Lock one call at a time. A call of an async function waits without blocking the thread, and the
 * lock is held until its promise is settled; any other waits as a sleeping thread.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * let workers = 0;
 * const work = barrier(cache, Lock)(async function work(seconds: number) {
 *   workers++;
 *   await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
 *   return workers--;
 * });
 * await Promise.all([work(0.01), work(0.02), work(0.01)]); // [1, 1, 1]
 *
 * const two: MakeLock = (store, key, options) => new BoundedSemaphore(store, key, { ...options, value: 2 });
 * const fetchTwo = barrier(cache, two, { name: 'fetch', async: true })(fetch);
 * @throws InvalidOptionError where the function has no name
 */
export function barrier(
  cache: RecipeCache,
  lockFactory: LockFactory,
  options: RecipeWrapOptions = {},
): <F extends AnyFunction>(fn: F) => Wrapped<F> {
  return <F extends AnyFunction>(fn: F): Wrapped<F> => {
    refuseGenerator(fn, 'barrier');
    const { name, isAsync, stored } = subjectOf(fn, options);
    const lock = isLockClass(lockFactory) ? new lockFactory(cache, name, stored) : lockFactory(cache, name, stored);

    function guarded(this: unknown, ...args: Parameters<F>): unknown {
      const call = (): unknown => fn.apply(this, args);
      return isAsync ? lock.runAsync(call) : lock.run(call);
    }

    return dress(guarded, fn, {});
  };
}

function isLockClass(factory: LockFactory): factory is Exclude<LockFactory, MakeLock> {
  return factory.prototype instanceof CacheLock;
}
