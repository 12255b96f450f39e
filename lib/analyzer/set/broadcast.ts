/** Property access on many analyzers at once. */
import { types } from 'node:util';
import { isNdArray } from '../../base/language/brand.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { memberNames } from '../../base/language/member-names.js';
import { InvalidOptionError } from '../../base/errors.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { arrowKind } from '../../key/canonical/arrow.js';
import type { Gathered } from './gather.js';
import { SetResults } from './set-results.js';

/** Values that are results themselves; every other value is a part of an analyzer, and is gone into. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Date
  | RegExp
  | Error
  | ArrayBufferLike
  | ArrayBufferView
  | PromiseLike<unknown>
  | { readonly shape: unknown; readonly stride: unknown; readonly data: unknown }
  | { readonly schema: unknown; readonly numRows: number };

/**
 * An analyzer, or a part of one, of every member of a set: a method takes its arguments and gives the results of all
 * members, a value gives the values of all, a part leads further.
 */
export type Broadcast<T> = [T] extends [(...args: infer Args) => infer R]
  ? (...args: Args) => Gathered<R>
  : [T] extends [Leaf]
    ? Gathered<T>
    : { readonly [K in keyof T]: Broadcast<T[K]> };

/** The set as far as it is needed here. */
export interface Members {
  readonly tags: readonly string[];
  get(tag: string): object;
  each<R>(compute: (analyzer: object) => R): Gathered<R>;
}

/** The members of a set under one name. What it leads to is told by the first member that has it. */
export function broadcast(members: Members, path: readonly string[] = []): unknown {
  return new Proxy(Object.freeze({}), {
    get(_, name) {
      // Asked of every object by a console or a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return step(members, [...path, name]);
    },
  });
}

function step(members: Members, path: readonly string[]): unknown {
  const sample = firstOf(members, path);
  if (sample === undefined) {
    return nowhere(members.each<unknown>((analyzer) => reach(analyzer, path).value));
  }
  const { value } = sample;
  if (typeof value === 'function') {
    return (...args: unknown[]) =>
      members.each((analyzer) => {
        const { holder, value: method } = reach(analyzer, path);
        return Reflect.apply(method as (...args: unknown[]) => unknown, holder, args);
      });
  }
  if (isPart(value)) return broadcast(members, path);
  // It is asked again in its turn.
  if (isThenable(value)) value.then(undefined, () => undefined);
  return members.each((analyzer) => reach(analyzer, path).value);
}

interface Reached {
  holder: unknown;
  value: unknown;
}

/** @throws InvalidOptionError where there is no such property */
function reach(analyzer: object, path: readonly string[]): Reached {
  let reached: Reached = { holder: undefined, value: analyzer };
  for (const [place, name] of path.entries()) {
    const holder = reached.value;
    if (!isPart(holder) || !(name in holder)) {
      const hint = isPart(holder) ? didYouMean(name, memberNames(holder)) : '';
      throw new InvalidOptionError(
        `${['analyzer', ...path.slice(0, place)].join('.')} has no property '${name}'${hint}`,
      );
    }
    reached = { holder, value: (holder as Record<string, unknown>)[name] };
  }
  return reached;
}

/** What the first member has there that has something; `undefined` where none can say. */
function firstOf(members: Members, path: readonly string[]): Reached | undefined {
  let nothing: Reached | undefined;
  let lacking: InvalidOptionError | undefined;
  for (const tag of members.tags) {
    try {
      const reached = reach(members.get(tag), path);
      if (reached.value !== undefined) return reached;
      nothing ??= reached;
    } catch (error) {
      // What else is thrown is kept by its tag, when all are asked.
      if (error instanceof InvalidOptionError) lacking ??= error;
    }
  }
  if (nothing === undefined && lacking !== undefined) throw lacking;
  return nothing;
}

function isPart(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !types.isAnyArrayBuffer(value) &&
    !types.isMap(value) &&
    !types.isSet(value) &&
    !types.isDate(value) &&
    !types.isRegExp(value) &&
    !types.isNativeError(value) &&
    !isThenable(value) &&
    !isNdArray(value) &&
    arrowKind(value) === undefined
  );
}

/** Where no member leads further: whatever is asked of it, and whatever is called, ends in the same results. */
function nowhere(results: SetResults<unknown>): unknown {
  const end: unknown = new Proxy(() => results, {
    get: (_, name) => {
      if (!(name in SetResults.prototype) && name !== 'errors')
        return typeof name === 'symbol' || name === 'then' ? undefined : end;
      const value: unknown = Reflect.get(results, name);
      return typeof value === 'function' ? (value.bind(results) as unknown) : value;
    },
  });
  return end;
}
