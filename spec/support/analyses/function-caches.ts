/** Every cache of functions, behind one signature. */
import { Bucket, DeferredWriteBucket, persist } from 'stowage/memo';
import { Cache, FanoutCache, Index } from 'stowage/kv';
import { memoizeStampede } from 'stowage/recipe';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any function
type Callable = (...args: any[]) => unknown;

/** Keeps the results of a function in a folder, under a name of the caller's choice if need be. */
export type Remember = <F extends Callable>(fn: F, folder: string, name?: string) => F;

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

export const caches: Record<string, Remember> = {
  persist: (fn, cache, name) => persist(fn, { cache, ...(name !== undefined && { name }) }),
  'Bucket.wrap': (fn, folder, name) => new Bucket(folder).wrap(fn, named(name)),
  'DeferredWriteBucket.wrap': (fn, folder, name) => {
    const bucket = new DeferredWriteBucket(folder);
    const wrapped = bucket.wrap(fn, named(name));
    return ((...args: unknown[]) => {
      const value = wrapped(...args);
      bucket.sync();
      return value;
    }) as typeof fn;
  },
  'Cache.memoize': (fn, folder, name) => new Cache(folder).memoize(named(name))(fn),
  'FanoutCache.memoize': (fn, folder, name) => new FanoutCache(folder, { shards: 2 }).memoize(named(name))(fn),
  'Index.memoize': (fn, folder, name) => new Index(folder).memoize(named(name))(fn),
  memoizeStampede: (fn, folder, name) => memoizeStampede(new Cache(folder), { hours: 1 }, named(name))(fn),
};
