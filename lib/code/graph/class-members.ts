/** Where a method is defined, and what the text of its class says about members that cannot be reached from outside. */
import { types } from 'node:util';
import { sourceOf } from '../../key/classes/class-source.js';
import { functionName } from '../../base/language/brand.js';
import { builtinName } from '../sight/builtins.js';
import { isClassText, textOf } from '../text/function-text.js';
import type { ClassMember } from '../text/use.js';

/** The objects that `this` gets its methods from, nearest first: an object and its prototypes, up to what is built in. */
export function chainOf(home: object): object[] {
  const chain: object[] = [];
  for (let at: object | null = home; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (types.isProxy(at) || builtinName(at) !== undefined) break;
    chain.push(at);
  }
  return chain;
}

/** The class of a prototype; a class itself; `undefined` for other objects. */
export function classOf(holder: object): object | undefined {
  const Class: unknown =
    typeof holder === 'function' ? holder : Object.getOwnPropertyDescriptor(holder, 'constructor')?.value;
  return typeof Class === 'function' && !types.isProxy(Class) && isClassText(Class) ? Class : undefined;
}

/** Where in the chain a function is defined; a decorator may have put another in its place, so the class's text is asked. */
export function definerOf(home: object, fn: object): object | undefined {
  const chain = chainOf(home);
  const isOf = ({ value, get, set }: PropertyDescriptor): boolean => value === fn || get === fn || set === fn;
  const name = functionName(fn).replace(/^[gs]et /, '');
  const named = chain.find((holder) => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    return descriptor !== undefined && isOf(descriptor);
  });
  if (named !== undefined) return named;
  const found = chain.find((holder) => Object.values(Object.getOwnPropertyDescriptors(holder)).some(isOf));
  if (found !== undefined) return found;
  const source = sourceOf(fn);
  return chain.find((holder) => {
    const Class = classOf(holder);
    return Class !== undefined && sourceOf(Class).includes(source);
  });
}

/** What is called as a method, or read by a getter, at a name of a prototype or class. */
export function methodAt(holder: object, key: PropertyKey): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(holder, key);
  return descriptor?.get ?? descriptor?.value;
}

/** Texts of the members called `#name`: a field, a method, or a getter and a setter. */
export function privateMembers(Class: object, name: string): string[] {
  return membersOf(Class).flatMap((member) => (member.name === `#${name}` ? [member.source] : []));
}

/** The text of the constructor, which sets fields that say nothing themselves. */
export function constructorOf(Class: object): string[] {
  return membersOf(Class).flatMap((member) =>
    member.name === 'constructor' && !member.isField ? [member.source] : [],
  );
}

/** The text of a field whose value is written as a function: a method by other means. */
export function functionField(Class: object, name: string): string | undefined {
  // Most names are of fields that hold something else, and reading takes time.
  if (!sourceOf(Class).includes(`${name} = `) && !sourceOf(Class).includes(`${name}=`)) return undefined;
  return membersOf(Class).find((member) => member.name === name && member.isFunction)?.source;
}

function membersOf(Class: object): readonly ClassMember[] {
  return textOf(Class)?.members ?? [];
}
