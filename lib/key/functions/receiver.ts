/** What stands in a key for the object that a method is called on, and which class of the program's own it is of. */
import { hash } from 'node:crypto';
import { functionName } from '../../base/language/brand.js';
import { inheritedData } from '../canonical/own-properties.js';
import { registeredByInstance } from '../classes/class-registry.js';
import { isNative, sourceOf } from '../classes/class-source.js';
import { cacheKey } from '../classes/symbols.js';

/**
 * An instance for itself, by its `[cacheKey]()`, its registered key or its fields; a class by its name and its static fields.
 */
export function receiverKey(receiver: unknown): unknown {
  if (typeof receiver !== 'function') return receiver;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(receiver)).filter(([, { enumerable }]) => enumerable);
  return ['class', functionName(receiver), Object.defineProperties({}, Object.fromEntries(fields))];
}

/** The nearest class of the program's own, or the class that the object is; `undefined` for plain objects and others. */
export function ownClassOf(receiver: unknown): object | undefined {
  return ownClassesOf(receiver).next().value ?? undefined;
}

/** Does an instance give its own key, so that its class and fields are not read? */
export function saysWhatItIs(receiver: object): boolean {
  if (typeof receiver === 'function') return false;
  return registeredByInstance(receiver) !== undefined || typeof inheritedData(receiver, cacheKey) === 'function';
}

const codes = new WeakMap<object, string>();

/** Digest of the sources of an object's classes; of a class's own, and those that it extends. */
export function classCode(receiver: unknown): string {
  const start = homeOf(receiver);
  if (start === null) return typeof receiver;
  let code = codes.get(start);
  if (code === undefined) {
    code = hash('sha256', [...ownClassesOf(receiver)].map(sourceOf).join('\0')).slice(0, 32);
    codes.set(start, code);
  }
  return code;
}

function* ownClassesOf(receiver: unknown): Generator<object, undefined> {
  for (let at = homeOf(receiver); at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = typeof at === 'function' ? at : Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof Class === 'function' && !isNative(Class)) yield Class;
  }
}

/** What an object gets its methods from: a class, or a prototype, itself. */
export function homeOf(receiver: unknown): object | null {
  if (typeof receiver === 'function') return receiver;
  if (typeof receiver !== 'object' || receiver === null) return null;
  return isPrototype(receiver) ? receiver : (Object.getPrototypeOf(receiver) as object | null);
}

/** Is it the prototype of a class, and so no instance? */
export function isPrototype(object: object): boolean {
  const Class: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return typeof Class === 'function' && Class.prototype === object;
}
