/** The recipe of a memoized function whose results are renewed before they expire. */
import { serialize } from 'node:v8';
import { functionName } from '../base/language/brand.js';
import { returnsPromise } from '../base/run/returns-promise.js';
import { elapsedSince, now, stopwatch } from '../base/clock.js';
import { toSeconds, type Duration } from '../base/text/duration.js';
import { InvalidOptionError } from '../base/errors.js';
import type { CacheItem } from '../kv/state/cache-options.js';
import {
  memoize,
  type AnyFunction,
  type Memoized,
  type MemoizeOptions,
  type Memoizer,
  type KeyedMemoizer,
} from '../kv/memoize/memoize.js';
import { noteMemoized } from '../kv/memoize/receiver.js';
import type { RecipeCache } from './base/recipe-cache.js';
import { TimedResults, type Timed } from './base/timed-results.js';
import { dress } from './base/wrap.js';

/** How results are remembered and computed early. */
export interface MemoizeStampedeOptions<Args extends readonly unknown[] = never> extends Omit<
  MemoizeOptions<Args>,
  'expire'
> {
  /**
   * More than 1 computes earlier, less than 1 later; 0 never computes early.
   * @defaultValue 1
   */
  beta?: number | undefined;
}

/**
 * Memoizes a function, as `cache.memoize` does, so that not all who need a result compute it at the moment at which it
 * expires: before that, a call now and then computes it anew in the background, while the stored result is returned.
 * The nearer the end and the longer the computing takes, the more likely (Vattani, Chierichetti and Lowenstein, Optimal
 * Probabilistic Cache Stampede Prevention, VLDB 2015).
 *
 * In the background means: when the call has returned and the event loop has its turn. What a function that is not async
 * computes then blocks the thread as it always does. The process is not kept alive for it. Where it fails, the stored
 * result stays, and a `fault` event says so.
 *
 * Where there is no result yet, calls of an async function in one thread share one computation and its value; other
 * threads and processes compute too (see barrier).
 *
 * Stored is what Python's `diskcache.memoize_stampede` stores: a pair of the result and the seconds that it took. With
 * the same `name` both share results.
 *
 * @example
 * using cache = new Cache('cache');
 * const forecast = memoizeStampede(cache, { minutes: 10 })(async function forecast(site: string) {
 *   return `clear at ${site}`;
 * });
 * await forecast('Paranal'); // 'clear at Paranal'
 * cache.delete(forecast.cacheKey('Paranal')); // true
 * @param expire seconds until a result is computed again
 * @throws InvalidOptionError where `expire` is not greater than 0, or `beta` is negative; where the function has no name
 */
export function memoizeStampede(
  cache: RecipeCache,
  expire: number | Duration,
  options?: MemoizeStampedeOptions<readonly unknown[]>,
): Memoizer;
export function memoizeStampede<const Args extends readonly unknown[]>(
  cache: RecipeCache,
  expire: number | Duration,
  options: MemoizeStampedeOptions<Args>,
): KeyedMemoizer<Args>;
export function memoizeStampede(
  cache: RecipeCache,
  expire: number | Duration,
  options: MemoizeStampedeOptions = {},
): Memoizer {
  const lifetime = toSeconds(expire, 'expire');
  if (lifetime === 0) {
    throw new InvalidOptionError(
      'expire is 0, so that nothing would be remembered: give the seconds that a result is good for',
    );
  }
  const { beta = 1, tag } = options;
  if (!(typeof beta === 'number' && beta >= 0)) {
    throw new InvalidOptionError(`beta is ${String(beta)}, but must be a number that is not negative`);
  }

  return <F extends AnyFunction>(fn: F): Memoized<F> => {
    const { cacheKey } = memoize(cache, options)(fn);
    const isAsync = options.async ?? returnsPromise(fn);
    const results = new TimedResults(cache, options.name ?? functionName(fn), { expire: lifetime, tag });
    /** Computations of an async function that calls wait for, by key. */
    const awaited = new Map<string, Promise<unknown>>();

    /** Computes and stores. */
    function compute(call: () => unknown, key: unknown): unknown {
      const start = stopwatch();
      const keep = (value: unknown): unknown => {
        results.keep(key, [value, elapsedSince(start)]);
        return value;
      };
      const value = call();
      return isAsync ? Promise.resolve(value).then(keep) : keep(value);
    }

    function computeOnce(call: () => unknown, key: unknown): unknown {
      if (!isAsync) return compute(call, key);
      const id = serialize(key).toString('latin1');
      let promise = awaited.get(id);
      if (promise === undefined) {
        promise = (compute(call, key) as Promise<unknown>).finally(() => awaited.delete(id));
        awaited.set(id, promise);
      }
      return promise;
    }

    function computeLater(call: () => unknown, key: unknown, known: CacheItem): void {
      const background = async (): Promise<void> => {
        // Another process may have been faster.
        if (results.look(key)?.expireTime !== known.expireTime) return;
        try {
          await compute(call, key);
        } catch (error) {
          results.tellFailure(error);
        }
      };
      setImmediate(() => void background().catch(results.tellFailure)).unref();
    }

    function memoized(this: unknown, ...args: Parameters<F>): unknown {
      const key = cacheKey.apply(this, args);
      const call = (): unknown => fn.apply(this, args);
      const known = results.look(key);
      if (known === undefined) return computeOnce(call, key);
      const [value, seconds] = known.value;
      if (isDue(known, beta) && results.claim(key, seconds)) computeLater(call, key, known);
      return isAsync ? Promise.resolve(value) : value;
    }

    noteMemoized(memoized, fn, () => options.name ?? functionName(fn));
    return dress(memoized, fn, { cacheKey });
  };
}

/** Is it time to compute a result anew? The later, the more likely. */
function isDue({ value: [, seconds], expireTime = Infinity }: CacheItem<Timed>, beta: number): boolean {
  return -seconds * beta * Math.log(Math.random()) >= expireTime - now();
}
