/** Names that stand for "no value". */

/**
 * No value: what a look-up can be given as its default, where `undefined` and `null` are values that may be stored.
 *
 * @example
 * if (cache.get(key, ENOVAL) === ENOVAL) cache.set(key, compute());
 */
export const ENOVAL: unique symbol = Symbol.for('stowage.kv.ENOVAL');

/** Not known: the key or value that a {@link Disk} is told where there is none, of an item pushed to a queue for example. */
export const UNKNOWN: unique symbol = Symbol.for('stowage.kv.UNKNOWN');
