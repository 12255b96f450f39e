import { functionName } from '../../base/language/brand.js';

/** What a record calls a value's type: its class, or what `typeof` says. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return 'null prototype';
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof Class === 'function' ? functionName(Class) : 'Object';
}
