/** Keys of function caches: canonical, as those of the method cache. */
import { functionName } from '../../base/language/brand.js';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { classNameOf } from '../../key/canonical/own-properties.js';

/** Digest of a key: 64 hexadecimal digits. @throws UnkeyableArgumentError where it hides its state */
export function digestOfKey(key: unknown): string {
  // Not the last one: arguments that are `undefined` at the end count as none, and `undefined` is a key.
  return callKeyDigest([key, true], { byFields: true, subject: 'the key' }) as string;
}

/**
 * What stands in a key for the object that a method is called on: an instance for itself, by its `[cacheKey]()`, its
 * registered key or its fields; a class by its name and its static fields.
 */
export function receiverKey(receiver: object): unknown {
  if (typeof receiver !== 'function') return receiver;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(receiver)).filter(([, { enumerable }]) => enumerable);
  return ['class', functionName(receiver), Object.defineProperties({}, Object.fromEntries(fields))];
}

/** Is it the prototype of a class, and so no instance? */
export function isPrototype(object: object): boolean {
  const Class: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof Class === 'function' && Class.prototype === object;
}

/** Name of the class of an object that a method is called on; a class is its own. */
export function classOf(object: object): string {
  if (typeof object === 'function') return functionName(object);
  return classNameOf(isPrototype(object) ? object : (Object.getPrototypeOf(object) as object | null));
}
