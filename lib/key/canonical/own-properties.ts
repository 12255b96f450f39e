/** Reading an object's own properties without running a getter or a trap. */
import { types } from 'node:util';
import { functionName } from '../../base/language/brand.js';
import { asField } from '../../base/language/field-getter.js';
import { Refusal } from './plan.js';
import { propertyLabel } from '../names/instance-path.js';

/**
 * Names and values of the own properties, a name before its value.
 * @param sorted by name, where the order of properties shall not count
 * @param skip a property that is dealt with otherwise
 * @throws Refusal for an accessor, a property that is not enumerable, and an enumerable one with a symbol as its name
 */
export function ownProperties(value: object, sorted: boolean, skip?: (name: string) => boolean): unknown[] {
  refuseSymbols(value);
  const names = Object.getOwnPropertyNames(value);
  if (sorted) sort(names);
  const items: unknown[] = [];
  for (const name of names) {
    if (skip?.(name) === true) continue;
    items.push(name, dataProperty(value, name));
  }
  return items;
}

/** Fewer are sorted by insertion, faster than by the engine. */
const MANY = 16;

/** By the code units, as `Array.prototype.sort` does. */
function sort(names: string[]): void {
  if (names.length >= MANY) {
    names.sort();
    return;
  }
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    let at = i;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
}

/** Value of an own enumerable data property. */
export function dataProperty(value: object, name: string): unknown {
  const descriptor = asField(Object.getOwnPropertyDescriptor(value, name));
  if (descriptor === undefined || !('value' in descriptor)) {
    throw new Refusal('an accessor property', propertyLabel(name));
  }
  if (descriptor.enumerable !== true) throw new Refusal('a property that is not enumerable', propertyLabel(name));
  return descriptor.value;
}

/** Enumerable symbols are state that cannot be named; others are notes that libraries hang on objects, ours too. */
export function refuseSymbols(value: object): void {
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (Object.prototype.propertyIsEnumerable.call(value, symbol)) {
      throw new Refusal('a property named by a symbol', `[${String(symbol)}]`);
    }
  }
}

/** Value of a data property, own or inherited; an accessor counts as absent, and so does all behind a Proxy. */
export function inheritedData(value: object, name: string | symbol): unknown {
  for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (types.isProxy(holder)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return descriptor.value;
  }
  return undefined;
}

/** Name of the class that a prototype belongs to; `''` where there is none. */
export function classNameOf(prototype: object | null): string {
  const constructor = prototype === null ? undefined : inheritedData(prototype, 'constructor');
  return typeof constructor === 'function' ? functionName(constructor) : '';
}
