/** Functions that remember their results in a cache. */
import type { Duration } from '../base/duration.js';
import type { RetryOptions, SetOptions, Tag } from './cache-options.js';

/** A cache that can remember a function's results: Cache, FanoutCache, Index. */
export interface MemoizeStore {
  readonly directory: string;
  get<D>(key: unknown, defaultValue: D, options?: RetryOptions): unknown;
  set(key: unknown, value: unknown, options?: SetOptions): unknown;
}

/** How a function's results are remembered. */
export interface MemoizeOptions {
  /**
   * What the function is called in keys; two functions of one name share their results.
   * @defaultValue the function's own name
   */
  name?: string | undefined;
  /**
   * Put the types of the arguments into the key too.
   * @defaultValue false
   */
  typed?: boolean | undefined;
  /**
   * Seconds until a result is computed again; 0 stores nothing.
   * @defaultValue never
   */
  expire?: number | Duration | undefined;
  /** What to {@link Cache.evict} the results by. */
  tag?: Tag | undefined;
  /**
   * Arguments that do not belong to the key: positions from 0, and names of properties of a last argument that is a
   * plain object.
   * @defaultValue none
   */
  ignore?: Iterable<number | string> | undefined;
}

/** A function that remembers its results. */
export type Memoized<F extends (...args: never[]) => unknown> = F & {
  /** The key of a call, to look up, delete or touch its result. */
  cacheKey(...args: Parameters<F>): unknown;
  /** The function itself, which computes each time. */
  readonly wrapped: F;
};

export function memoize(
  _store: MemoizeStore,
  _options: MemoizeOptions = {},
): <F extends (...args: never[]) => unknown>(fn: F) => Memoized<F> {
  throw new Error('not yet');
}
