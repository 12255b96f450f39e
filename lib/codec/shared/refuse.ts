/** What the v8 codec refuses by kind, and what it advises instead. */
import { isModuleNamespaceObject } from 'node:util/types';
import { types } from 'node:util';
import { functionName } from '../../base/language/brand.js';
import { isExternal } from '../../base/language/is-external.js';
import { isNative, privateMember } from '../../key/classes/class-source.js';
import { classNameOf, inheritedData } from '../../key/canonical/own-properties.js';

/** Why a value cannot be stored, in the words of `UncacheableValueError`. */
export interface Refusal {
  readonly what: string;
  readonly advice: string;
  readonly options?: ErrorOptions;
}

const PLAIN = 'return plain data instead';

const PRIMITIVES: Readonly<Record<string, Refusal>> = {
  function: { what: 'a function', advice: 'return the data that it works on, not the function' },
  symbol: { what: 'a symbol', advice: 'return a string instead' },
};

const HIDDEN: readonly [is: (value: unknown) => boolean, what: string, advice: string][] = [
  [types.isProxy, 'a Proxy', 'return the object behind it, or a plain copy'],
  [types.isPromise, 'a promise', 'await it, and return what it resolves to'],
  [types.isWeakMap, 'a WeakMap', 'return a Map'],
  [types.isWeakSet, 'a WeakSet', 'return a Set'],
  [types.isSharedArrayBuffer, 'a SharedArrayBuffer', 'return a copy of it in an ArrayBuffer'],
  [types.isGeneratorObject, 'a generator', 'return an array of what it yields'],
  [types.isMapIterator, 'an iterator', 'return an array of what it yields'],
  [types.isSetIterator, 'an iterator', 'return an array of what it yields'],
  [types.isArgumentsObject, 'an arguments object', 'return an array: [...arguments]'],
  [types.isSymbolObject, 'a symbol', 'return a string instead'],
  [isModuleNamespaceObject, 'a module namespace', 'return the exports that matter as plain data'],
  [isExternal, 'a native handle', PLAIN],
];

const BY_CLASS: readonly [is: (value: object) => boolean, what: string, advice: string][] = [
  [types.isKeyObject, 'a KeyObject', 'keys of ciphers are not stored'],
  [types.isCryptoKey, 'a CryptoKey', 'keys of ciphers are not stored'],
  [(value) => value instanceof WeakRef, 'a WeakRef', 'return what it refers to'],
  [(value) => typeof inheritedData(value, 'pipe') === 'function', 'a stream', 'read it, and return what it gave'],
  [(value) => value instanceof ReadableStream, 'a stream', 'read it, and return what it gave'],
  [(value) => value instanceof WritableStream, 'a stream', PLAIN],
  [(value) => typeof inheritedData(value, 'next') === 'function', 'an iterator', 'return an array of what it yields'],
];

/** A function or a symbol: the primitives that nothing can store. */
export function refusedPrimitive(value: unknown): Refusal | undefined {
  return PRIMITIVES[typeof value];
}

/** Objects whose state cannot be seen, whatever their prototype says. */
export function refusedObject(value: object): Refusal | undefined {
  // An array is nothing else, unless it is a Proxy, which comes first. By index, since most objects are asked all of it.
  const last = Array.isArray(value) ? 1 : HIDDEN.length;
  for (let place = 0; place < last; place++) {
    const [is, what, advice] = HIDDEN[place] as (typeof HIDDEN)[number];
    if (is(value)) return { what, advice };
  }
  return undefined;
}

/** An object of a class that is not registered and not known. */
export function refusedInstance(value: object): Refusal {
  if (hasProxyAbove(value)) return { what: 'an object whose prototype is a Proxy', advice: PLAIN };
  for (const [is, what, advice] of BY_CLASS) if (is(value)) return { what, advice };
  const Class = inheritedData(value, 'constructor');
  const name = typeof Class === 'function' ? functionName(Class) : '';
  if (name === 'Object') return { what: 'an object of another realm', advice: 'return a plain copy: { ...object }' };
  const what = name === '' ? 'a class without a name' : name;
  if (typeof Class === 'function' && isNative(Class) && name in Intl) {
    return { what: `an Intl.${name}`, advice: 'return what it formats, or the locale and options that it is made of' };
  }
  if (typeof Class !== 'function' || isNative(Class) || privateMember(Class) !== undefined) {
    return { what: `an instance of ${what} with a state that cannot be read`, advice: PLAIN };
  }
  return {
    what: `an instance of the unregistered class ${what}`,
    advice: `name the class with registerClass(${name}) before, or ${PLAIN}`,
  };
}

/** A subclass of a built-in one: its internal state and its own are tied together in ways that only it knows. */
export function refusedSubclass(value: object, builtIn: string): Refusal {
  const name = classNameOf(Object.getPrototypeOf(value) as object | null);
  return {
    what:
      name === '' || name === builtIn
        ? `a ${builtIn} of another kind`
        : `an instance of ${name}, a subclass of ${builtIn}`,
    advice: `return a plain ${builtIn}, or plain data`,
  };
}

/** Asking such an object whose instance it is would run the code of the Proxy. */
function hasProxyAbove(value: object): boolean {
  for (let at: unknown = value; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
    if (types.isProxy(at)) return true;
  }
  return false;
}
