/** Functions that remember their results in a cache. */
import { hash } from 'node:crypto';
import { types } from 'node:util';
import { functionName } from '../base/brand.js';
import { toSeconds, type Duration } from '../base/duration.js';
import { InvalidOptionError, StowageError, UncacheableValueError } from '../base/errors.js';
import { events, type EventType } from '../base/events.js';
import { warnOnce } from '../base/warn.js';
import type { RetryOptions, SetOptions, Tag } from './cache-options.js';
import { ENOVAL } from './constants.js';
import { keyOfCall, type KeyRule } from './key-of-call.js';

/** A cache that can remember a function's results: Cache, FanoutCache, Index. */
export interface MemoizeStore {
  /** The store's folder. */
  readonly directory: string;
  /** The value of a key, or the default. */
  get(key: unknown, defaultValue: unknown, options?: RetryOptions): unknown;
  /** Stores a value. */
  set(key: unknown, value: unknown, options?: SetOptions): unknown;
}

/** How a function's results are remembered. */
export interface MemoizeOptions {
  /**
   * What the function is called in keys. Functions of one name share their results, Python's of that name included.
   * @defaultValue the function's own name and a digest of its source: another function, and changed code, compute anew
   */
  name?: string | undefined;
  /**
   * Put the names of the arguments' types into the key too. Values that differ have different keys without it.
   * @defaultValue false
   */
  typed?: boolean | undefined;
  /**
   * Seconds until a result is computed again; 0 stores nothing.
   * @defaultValue never
   */
  expire?: number | Duration | undefined;
  /** What `evict` removes the results by. */
  tag?: Tag | undefined;
  /**
   * Arguments that do not belong to the key: positions from 0, and names of properties of a last argument that is a
   * plain object.
   * @defaultValue none
   */
  ignore?: Iterable<number | string> | undefined;
  /**
   * Does the function return a promise? Then the promise's value is stored, and a hit is a promise too.
   * @defaultValue whether it is declared `async`
   */
  async?: boolean | undefined;
}

/** Any function. */
export type AnyFunction = (...args: never[]) => unknown;

/** A function that remembers its results. */
export type Memoized<F extends AnyFunction> = F & {
  /** The key of a call, to look up, delete or touch its result. */
  cacheKey(...args: Parameters<F>): unknown;
  /** The function itself, which computes each time. */
  readonly wrapped: F;
};

/** Makes functions remember their results. The function's `this` is handed on, and is no part of the key. */
export function memoize(store: MemoizeStore, options: MemoizeOptions = {}): <F extends AnyFunction>(fn: F) => Memoized<F> {
  if (typeof options === 'function') {
    throw new InvalidOptionError('memoize takes options and returns what takes the function: memoize()(fn)');
  }
  const { typed = false, ignore = [], tag, expire } = options;
  const isStored = expire === undefined || toSeconds(expire, 'expire') > 0;
  const ignored = new Set(ignore);

  return <F extends AnyFunction>(fn: F): Memoized<F> => {
    const rule: KeyRule = { name: options.name ?? defaultName(fn), typed, ignored };
    const isAsync = options.async ?? types.isAsyncFunction(fn);
    const result = new Results(store, rule.name, { expire, tag, retry: true });

    function memoized(this: unknown, ...args: Parameters<F>): unknown {
      const key = keyOfCall(rule, args);
      const known = result.look(key);
      if (known !== ENOVAL) return isAsync ? Promise.resolve(known) : known;
      const computed = fn.apply(this, args);
      if (!isStored) return computed;
      if (isAsync) {
        return Promise.resolve(computed).then((value) => {
          result.keep(key, value);
          return value;
        });
      }
      result.keep(key, computed);
      return computed;
    }

    Object.defineProperties(memoized, {
      name: { value: functionName(fn), configurable: true },
      length: { value: fn.length, configurable: true },
      cacheKey: { value: (...args: Parameters<F>) => keyOfCall(rule, args) },
      wrapped: { value: fn },
    });
    return memoized as unknown as Memoized<F>;
  };
}

/** Results of one function. No fault of the cache gets out. */
class Results {
  constructor(
    private readonly store: MemoizeStore,
    private readonly name: string,
    private readonly options: SetOptions,
  ) {}

  /** What is stored, or ENOVAL. */
  look(key: unknown): unknown {
    try {
      return this.store.get(key, ENOVAL, { retry: true });
    } catch (error) {
      this.tellFault('read', error);
      return ENOVAL;
    }
  }

  keep(key: unknown, value: unknown): void {
    try {
      if (types.isPromise(value)) {
        throw new UncacheableValueError('result', 'a promise', 'declare the function async, or memoize it with { async: true }');
      }
      this.store.set(key, value, this.options);
    } catch (error) {
      if (error instanceof UncacheableValueError) this.tell('uncacheable', error, error.code);
      else this.tellFault('stored', error);
    }
  }

  private tellFault(doing: 'read' | 'stored', cause: unknown): void {
    const message = `a result of ${this.name} could not be ${doing} in the cache ${this.store.directory}: ${String(cause)}`;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
    const error = new StowageError('STOWAGE_KV_FAULT', `${message}. The function's value was returned, uncached`, { cause });
    this.tell('fault', error, reason);
    warnOnce('STOWAGE_KV_FAULT', `${reason} ${this.store.directory}`, error.message);
  }

  private tell(type: EventType, error: Error, reason: string): void {
    events.tell({ type, tag: '', instance: '', method: this.name, file: this.store.directory, error, reason });
  }
}

/** Names alone are not enough: modules may well have a function `load` each. */
function defaultName(fn: AnyFunction): string {
  const name = functionName(fn);
  if (name === '') throw new InvalidOptionError('a function without a name is memoized under one of your choice: memoize({ name })');
  return `${name}#${hash('sha256', Function.prototype.toString.call(fn)).slice(0, 16)}`;
}
