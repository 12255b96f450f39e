/** The recipe of a running average. */
import { toSeconds } from '../base/text/duration.js';
import { InvalidOptionError } from '../base/errors.js';
import { areNumbers, readPair } from './base/read-pair.js';
import type { RecipeCache, RecipeOptions } from './base/recipe-cache.js';

/**
 * A running average, that any number of processes add to, Python's `diskcache.Averager` of the same key included.
 * Assumes that the item is not evicted.
 *
 * Stored is what Python stores: a pair of total and count.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * const latency = new Averager(cache, 'latency');
 * latency.add(0.08);
 * latency.add(0.12);
 * latency.get(); // 0.1
 * latency.pop(); // 0.1
 * latency.get(); // undefined
 */
export class Averager {
  private readonly stored: RecipeOptions;

  constructor(
    private readonly cache: RecipeCache,
    private readonly key: unknown,
    { expire, tag }: RecipeOptions = {},
  ) {
    this.stored = { expire: expire === undefined ? undefined : toSeconds(expire, 'expire'), tag };
  }

  /**
   * Adds a value, in no time that others could do so in.
   * @throws InvalidOptionError where it is no number
   */
  add(value: number): void {
    if (typeof value !== 'number')
      throw new InvalidOptionError(`an Averager adds numbers, and was given ${String(value)}`);
    const { cache, key } = this;
    const addOne = (): void => {
      const [total, count] = readPair(cache, key, none(), 'an Averager', areNumbers);
      cache.set(key, [total + value, count + 1], this.stored);
    };
    cache.transact(addOne, { retry: true });
  }

  /** The average so far; `undefined` where nothing has been added. */
  get(): number | undefined {
    return average(readPair(this.cache, this.key, none(), 'an Averager', areNumbers, { retry: true }));
  }

  /** The average so far, which begins anew. */
  pop(): number | undefined {
    const { cache, key } = this;
    const take = (): number | undefined => {
      const result = this.get();
      cache.delete(key);
      return result;
    };
    return cache.transact(take, { retry: true });
  }
}

function none(): [total: number, count: number] {
  return [0, 0];
}

function average([total, count]: [total: number, count: number]): number | undefined {
  return count === 0 ? undefined : total / count;
}
