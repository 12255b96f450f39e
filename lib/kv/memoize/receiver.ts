/** What stands in a key for the object that a memoized method is called on: python-diskcache has `self` among the arguments. */
import { hash } from 'node:crypto';
import { functionName } from '../../base/language/brand.js';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { isNative, sourceOf } from '../../key/classes/class-source.js';

/** Memoized functions, by what they are called in keys: an instance may have some in its fields. */
const memoized = new WeakMap<object, string>();

export function noteMemoized(fn: object, name: string): void {
  memoized.set(fn, `memoized ${name}`);
}

/**
 * An instance by its `[cacheKey]()`, its registered key or the name of its class and its fields; a class by its name and its
 * static fields.
 * @throws UnkeyableArgumentError where it hides its state
 */
export function receiverKey(receiver: unknown, code?: string): unknown[] {
  const own = typeof receiver === 'function' ? staticsOf(receiver) : receiver;
  const options = {
    byFields: true,
    subject: 'the object that the method is called on',
    identify: (value: object) => memoized.get(value),
  };
  return ['stowage', 'this', callKeyDigest([own, ...(code === undefined ? [] : [code])], options) ?? 'undefined'];
}

function staticsOf(Class: object): unknown {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(Class)).filter(([, { enumerable }]) => enumerable);
  return ['class', functionName(Class), Object.defineProperties({}, Object.fromEntries(fields))];
}

const codes = new WeakMap<object, string>();

/** Digest of the sources of an object's classes; of a class's own, and those that it extends. */
export function classCode(receiver: unknown): string {
  const start = startOf(receiver);
  if (start === null) return typeof receiver;
  let code = codes.get(start);
  if (code === undefined) {
    const sources: string[] = [];
    for (let at: object | null = start; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      const Class: unknown = typeof at === 'function' ? at : Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof Class === 'function' && !isNative(Class)) sources.push(sourceOf(Class));
    }
    code = hash('sha256', sources.join('\0')).slice(0, 32);
    codes.set(start, code);
  }
  return code;
}

function startOf(receiver: unknown): object | null {
  if (typeof receiver === 'function') return receiver;
  return typeof receiver === 'object' && receiver !== null ? (Object.getPrototypeOf(receiver) as object | null) : null;
}
