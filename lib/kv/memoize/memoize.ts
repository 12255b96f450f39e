/** Functions that remember their results in a cache. */
import { inspect, types } from 'node:util';
import { functionName } from '../../base/language/brand.js';
import type { Fits } from '../../base/language/decorating.js';
import { returnsPromise } from '../../base/run/returns-promise.js';
import { toSeconds, type Duration } from '../../base/text/duration.js';
import { InvalidOptionError, UncacheableValueError } from '../../base/errors.js';
import { codeOf } from '../../code/code-of.js';
import { noteFile } from '../../code/sight/noted-files.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { classCode, homeOf } from '../../key/functions/receiver.js';
import { seenObject } from '../../key/functions/sees-this.js';
import { refuseHidden, ToldApart } from '../../key/functions/told-apart.js';
import type { RetryOptions, SetOptions, Tag } from '../state/cache-options.js';
import { ENOVAL } from '../base/constants.js';
import { keyOfCall, type KeyRule } from './key-of-call.js';
import { noteMemoized, receiverPart } from './receiver.js';
import { Results } from './stored-results.js';
import { toTag } from '../item/rows.js';

/** A cache that can remember a function's results: Cache, FanoutCache, Index. */
export interface MemoizeStore {
  /** The store's folder. */
  readonly directory: string;
  /** The value of a key, or the default. */
  get(key: unknown, defaultValue: unknown, options?: RetryOptions): unknown;
  /** Stores a value. */
  set(key: unknown, value: unknown, options?: SetOptions): unknown;
}

/**
 * How a function's results are remembered.
 * @typeParam Args the arguments of the function, as far as `key` looks at them
 */
export interface MemoizeOptions<Args extends readonly unknown[] = never> {
  /**
   * What the function is called in keys. Functions of one name share their results, Python's of that name included.
   * @defaultValue the function's own name and a digest of its code and of what that reaches: another function, and changed code,
   * compute anew. Of a method, the sources of the instance's classes count as well
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
   * What identifies a call, instead of all of its arguments: `key: (image, { radius }) => [image.name, radius]`. Called
   * with the instance as `this`; a function that uses `this` decides which state of the instance counts.
   * @defaultValue the arguments
   */
  key?: ((...args: Args) => unknown) | undefined;
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
  /** The key of a call, to look up, delete or touch its result. Of a method's, `method.cacheKey.call(instance, ...args)`. */
  cacheKey(this: unknown, ...args: Parameters<F>): unknown;
  /** The function itself, which computes each time. */
  readonly wrapped: F;
};

/** Takes the function that is to remember its results. */
export type Memoizer = <F extends AnyFunction>(fn: F) => Memoized<F>;

/** The same, of functions whose arguments `key` can take. */
export type KeyedMemoizer<Args extends readonly unknown[]> = <F extends AnyFunction>(
  fn: F & Fits<F, Args>,
) => Memoized<F>;

/**
 * Makes functions and methods remember their results. Where a function uses `this`, the object that it is called on belongs
 * to the key: an instance by its `[cacheKey]()`, its registered key or its class and fields.
 *
 * @throws InvalidOptionError for a function without a name or a source to tell it by, a second one of the same name and source
 * in this process, and an arrow function that uses the `this` around it, unless `name` is given
 */
export function memoize(store: MemoizeStore, options: MemoizeOptions = {}): Memoizer {
  if (typeof options === 'function') {
    throw new InvalidOptionError('memoize takes options and returns what takes the function: memoize()(fn)');
  }
  const { typed = false, ignore = [], tag, expire } = options;
  toTag(tag);
  const isStored = expire === undefined || toSeconds(expire, 'expire') > 0;
  if (typeof ignore === 'string' || typeof ignore[Symbol.iterator] !== 'function') {
    throw new InvalidOptionError(
      `ignore is ${inspect(ignore)}, but must be positions and names: ignore: [0, 'verbose']`,
    );
  }
  const ignored = new Set(ignore);
  const { key: keyOf } = options;
  if (keyOf !== undefined && (typeof keyOf !== 'function' || ignored.size > 0)) {
    throw new InvalidOptionError('key must be a function of the arguments, and then there is nothing to ignore');
  }

  return <F extends AnyFunction>(fn: F): Memoized<F> => {
    if (options.name === undefined) refuseNameless(fn);
    const nameFor = (receiver: unknown): string => options.name ?? `${functionName(fn)}#${codeDigest(fn, receiver)}`;
    const rule: Omit<KeyRule, 'name'> = {
      typed,
      ignored,
      byCode: options.name === undefined,
      ...(keyOf === undefined && { fn }),
    };
    const receiverOf = receiverRule(fn, store, options);
    function cacheKey(this: unknown, ...args: Parameters<F>): unknown {
      // Called as a property of the memoized function, it knows of no instance.
      const isProperty =
        typeof this === 'function' && Object.getOwnPropertyDescriptor(this, 'cacheKey')?.value === cacheKey;
      const self = isProperty ? undefined : this;
      return keyOfCall(
        { ...rule, name: nameFor(self), receiver: receiverOf(self) },
        keyOf === undefined ? args : [identityOf(keyOf.apply(this, args as never))],
      );
    }
    const isAsync = options.async ?? returnsPromise(fn);
    const results = new Results(store.directory, options.name ?? functionName(fn));
    const look = (key: unknown): unknown =>
      results.attempt('read', () => store.get(key, ENOVAL, { retry: true }), ENOVAL);

    function keep(key: unknown, value: unknown): void {
      const set = (): void => {
        if (types.isPromise(value)) {
          throw new UncacheableValueError(
            'result',
            'a promise',
            'declare the function async, or memoize it with { async: true }',
          );
        }
        store.set(key, value, { expire, tag, retry: true });
      };
      results.attempt('stored', set, undefined);
    }

    function memoized(this: unknown, ...args: Parameters<F>): unknown {
      const key = cacheKey.apply(this, args);
      const known = look(key);
      if (known !== ENOVAL) return isAsync ? Promise.resolve(known) : known;
      const computed = fn.apply(this, args);
      if (!isStored) return computed;
      if (isAsync) {
        return Promise.resolve(computed).then((value) => {
          keep(key, value);
          return value;
        });
      }
      keep(key, computed);
      return computed;
    }

    Object.defineProperties(memoized, {
      name: { value: functionName(fn), configurable: true },
      length: { value: fn.length, configurable: true },
      cacheKey: { value: cacheKey },
      wrapped: { value: fn },
    });
    noteMemoized(memoized, fn, () => nameFor(undefined));
    return memoized as unknown as Memoized<F>;
  };
}

/** All calls would share one result if it were forgotten. */
function identityOf(key: unknown): unknown {
  if (key !== undefined) return key;
  throw new InvalidOptionError(
    'key gave undefined, which identifies no call: return what does, null for a call without arguments',
  );
}

/** What the object that a function is called on adds to the key. */
function receiverRule(
  fn: AnyFunction,
  { directory }: MemoizeStore,
  { name, key }: MemoizeOptions,
): (receiver: unknown) => unknown[] {
  const seen = seenObject(fn);
  const isKeyed = seen === 'caller' && !isTakenCareOf(key);
  if (name !== undefined)
    return isKeyed ? (receiver) => (receiver === undefined ? [] : receiverPart(receiver)) : noReceiver;
  const told = new ToldApart(fn, { place: directory, name: functionName(fn), code: codeDigestOf(fn) });
  if (told.file !== undefined) noteFile(told.file);
  if (seen === 'none') {
    told.refuseSecond();
    return noReceiver;
  }
  // Of a method, the class is known when it is called.
  return (receiver) => {
    const code = receiver === undefined ? '' : classCode(receiver);
    told.refuseSecondOn(receiver, code);
    return receiver === undefined || !isKeyed ? [] : receiverPart(receiver, code);
  };
}

function noReceiver(): unknown[] {
  return [];
}

/** Does the user's own key say which object it is? */
function isTakenCareOf(key: MemoizeOptions['key']): boolean {
  return key !== undefined && seenObject(key) === 'caller';
}

function refuseNameless(fn: AnyFunction): void {
  const name = functionName(fn);
  if (name === '')
    throw new InvalidOptionError("a function without a name is memoized under one of your choice: name: '…'");
  refuseHidden(fn, name);
}

/** Names alone are not enough: modules may well have a function `load` each. */
function codeDigest(fn: AnyFunction, receiver: unknown): string {
  return codeOf(fn, homeOf(receiver) ?? undefined).digest.slice(0, 16);
}
