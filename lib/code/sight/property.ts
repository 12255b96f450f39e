/** Finding properties without running anything. */
import { types } from 'node:util';
import { hasIdentity } from '../../base/language/brand.js';
import { builtinName } from './builtins.js';

/**
 * A property of an object or of what it inherits from, up to what is built in; `undefined` where there is none, or where a
 * proxy stands in the way.
 * @throws ReferenceError of a module's variable that is not set yet
 */
export function findProperty(object: object, name: string): PropertyDescriptor | undefined {
  for (let holder: object | null = object; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder) || (holder !== object && builtinName(holder) !== undefined)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

/** Is it what a module exports: the members of it are names, not state? */
export function isModuleLike(value: unknown): boolean {
  if (!hasIdentity(value) || types.isProxy(value)) return false;
  if (types.isModuleNamespaceObject(value)) return true;
  return Object.getOwnPropertyDescriptor(value, '__esModule')?.value === true;
}

/** Would the inspector run a getter when it shows this function? It describes the values of own properties. */
export function isUnsafeToShow(fn: object): boolean {
  if (isUnsafeValue(fn)) return true;
  return Reflect.ownKeys(fn).some((key) => {
    const value: unknown = Object.getOwnPropertyDescriptor(fn, key)?.value;
    return hasIdentity(value) && isUnsafeValue(value);
  });
}

/** It asks whether there is a `splice`, and errors for their texts, which even reading their `stack` may run. */
function isUnsafeValue(value: object): boolean {
  if (types.isNativeError(value)) return true;
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) return holder !== value;
    if (builtinName(holder) !== undefined) return false;
    for (const name of ['splice', 'length']) {
      const get = Object.getOwnPropertyDescriptor(holder, name)?.get;
      if (get !== undefined && builtinName(get) === undefined) return true;
    }
  }
  return false;
}
