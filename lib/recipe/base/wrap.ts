/** Functions in place of other functions. */
import { functionName } from '../../base/language/brand.js';
import { returnsPromise } from '../../base/run/returns-promise.js';
import { toSeconds } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { AnyFunction } from '../../kv/memoize/memoize.js';
import type { RecipeOptions } from './recipe-cache.js';

/** A function that does something before or after calling another. */
export type Wrapped<F extends AnyFunction> = F & {
  /** The function itself. */
  readonly wrapped: F;
};

/** How a recipe wraps a function. */
export interface RecipeWrapOptions extends RecipeOptions {
  /**
   * Key of the item; functions of one name share it, in all processes.
   * @defaultValue the function's own name
   */
  name?: string | undefined;
  /**
   * Does the function return a promise? Then the wrapper does too, and waits without blocking the thread.
   * @defaultValue whether it is declared `async`
   */
  async?: boolean | undefined;
}

/** What a recipe needs to know of a function. */
export interface Subject {
  /** Key of the item. */
  readonly name: string;
  readonly isAsync: boolean;
  /** How the item is stored. */
  readonly stored: RecipeOptions;
}

/** @throws InvalidOptionError where the function has no name, and was not given one */
export function subjectOf(fn: AnyFunction, { name, async, expire, tag }: RecipeWrapOptions): Subject {
  const key = name ?? functionName(fn);
  if (key === '') {
    throw new InvalidOptionError('a function without a name needs one of your choice, the key of its item: { name }');
  }
  return {
    name: key,
    isAsync: async ?? returnsPromise(fn),
    stored: { expire: expire === undefined ? undefined : toSeconds(expire, 'expire'), tag },
  };
}

/** Gives a wrapper the looks of the function that it calls, and what else it is to have. */
export function dress<F extends AnyFunction, More extends object>(
  wrapper: unknown,
  fn: F,
  more: More,
): Wrapped<F> & More {
  const properties = { name: functionName(fn), length: fn.length, wrapped: fn, ...more };
  for (const [name, value] of Object.entries(properties))
    Object.defineProperty(wrapper, name, { value, configurable: true });
  return wrapper as Wrapped<F> & More;
}
