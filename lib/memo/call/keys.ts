/** Keys of function caches: canonical, as those of the method cache. */
import { functionName } from '../../base/language/brand.js';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { classNameOf } from '../../key/canonical/own-properties.js';
import { isPrototype } from '../../key/functions/receiver.js';

/** Digest of a key: 64 hexadecimal digits. @throws UnkeyableArgumentError where it hides its state */
export function digestOfKey(key: unknown): string {
  // Not the last one: arguments that are `undefined` at the end count as none, and `undefined` is a key.
  return callKeyDigest([key, true], { byFields: true, subject: 'the key' }) as string;
}

/** Name of the class of an object that a method is called on; a class is its own. */
export function classOf(object: object): string {
  if (typeof object === 'function') return functionName(object);
  return classNameOf(isPrototype(object) ? object : (Object.getPrototypeOf(object) as object | null));
}
