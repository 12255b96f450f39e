/** From what a user gives, or a hook, to the Map that a cache holds. */
import { hasIdentity, kindOf } from '../../base/language/brand.js';
import type { Contents } from '../contract/hooks.js';

/**
 * A Map of its own.
 * @throws TypeError where it can be no contents
 */
export function toMap<K, V>(contents: Contents<K, V>): Map<K, V> {
  const given: unknown = contents;
  if (!hasIdentity(given))
    throw new TypeError(`contents must be a Map, entries, or a plain object, not ${kindOf(given)}`);
  if (Symbol.iterator in given) return new Map(given as Iterable<readonly [K, V]>);
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('contents must be a Map, entries, or a plain object, not an instance of a class');
  }
  return new Map(Object.entries(given)) as Map<K, V>;
}
