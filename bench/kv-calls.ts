/** What the cases of key-value caches call, by the names that `peers.py` knows too. */
import type { Cache } from 'stowage/kv';

/** Keys that take turns. */
export const KEYS = 100;

export const VALUE = { filter: 'K', seeing: 0.8, frames: [1, 2, 3] };

/** One operation of many. */
interface Operation {
  /** The call; `i` counts them. */
  readonly call: (cache: Cache, i: number, calls: number) => unknown;
  /** Puts what the calls need into the cache, or takes away what they put there, outside the clock. */
  readonly prepare?: (cache: Cache, i: number) => unknown;
}

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  set: { call: (cache, i) => cache.set(i % KEYS, VALUE) },
  get: { call: (cache, i) => cache.get(i % KEYS) },
  incr: { call: (cache) => cache.incr('count') },
  add: {
    call: (cache, i) => cache.add(`added ${String(i)}`, VALUE),
    prepare: (cache, i) => cache.delete(`added ${String(i)}`),
  },
  delete: {
    call: (cache, i) => cache.delete(`set ${String(i)}`),
    prepare: (cache, i) => cache.set(`set ${String(i)}`, VALUE),
  },
  pop: {
    call: (cache, i) => cache.pop(`set ${String(i)}`),
    prepare: (cache, i) => cache.set(`set ${String(i)}`, VALUE),
  },
  'push, then pull': {
    call: (cache, i, calls) => (i < calls / 2 ? cache.push(VALUE) : cache.pull()?.value),
  },
};
