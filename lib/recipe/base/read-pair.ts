/** The pairs that recipes store, read and checked. */
import { itemName, WrongItemError } from './errors.js';
import type { RetryOptions } from '../../kv/state/cache-options.js';
import type { RecipeCache } from './recipe-cache.js';

/**
 * The pair that a recipe has stored, Python's tuple or our array.
 * @throws WrongItemError where something else stands there
 */
export function readPair<P extends unknown[]>(
  cache: RecipeCache,
  key: unknown,
  defaultPair: P,
  recipe: string,
  isPair: (pair: readonly unknown[]) => pair is P,
  options: RetryOptions = {},
): P {
  const pair: unknown = cache.get(key, defaultPair, options);
  if (Array.isArray(pair) && pair.length === 2 && isPair(pair)) return pair;
  throw new WrongItemError(itemName(key, cache.directory), recipe, pair);
}

/** Are both of them numbers? */
export function areNumbers(pair: readonly unknown[]): pair is [number, number] {
  return typeof pair[0] === 'number' && typeof pair[1] === 'number';
}
