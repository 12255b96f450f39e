/** Classes whose instances may be stored and, with or without a `key`, used as arguments. */
import { types } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import { isNative, privateMember, sourceOf } from './class-source.js';

/** A class, abstract or not; its constructor is never run by Stowage. */
export type AnyClass<T extends object = object> = abstract new (...args: never[]) => T;

/** Options of {@link registerClass}. */
export interface RegisterClassOptions<T extends object = object> {
  /**
   * What identifies an instance when it is an argument of a cached method.
   * @defaultValue all its own enumerable fields
   */
  key?: (instance: T) => unknown;
  /**
   * The name under which instances are stored; it must stay the same for as long as the stored files matter.
   * @defaultValue the name of the class
   */
  name?: string;
}

/** What the registry knows of one class. */
export interface RegisteredClass {
  readonly name: string;
  readonly Class: AnyClass;
  /** What a revived instance gets as its prototype. */
  readonly prototype: object;
  readonly key: ((instance: object) => unknown) | undefined;
}

const byName = new Map<string, RegisteredClass>();
const byPrototype = new WeakMap<object, RegisteredClass>();

/**
 * Makes instances of a class storable: their own fields are kept as they are, and the prototype is revived without
 * running the constructor. It also makes them usable as arguments of cached methods, identified by `key` or, without
 * one, by their fields. Subclasses are registered on their own. Registering a class again with the same options changes
 * nothing; a class defined again with the same source text (a notebook cell run twice) takes the old one's place.
 *
 * @throws InvalidOptionError for a value that is no class, a class without a name, a name that another class has, a
 *   built-in class or a class that extends a built-in, and a class with `#private` instance members, which only
 *   constructors make
 */
export function registerClass<T extends object>(Class: AnyClass<T>, options: RegisterClassOptions<T> = {}): void {
  const prototype = prototypeOf(Class);
  const name = checkedName(Class, options);
  const key = checkedKey(name, options);
  refuseHiddenState(name, prototype);
  const known = byName.get(name);
  const earlier = byPrototype.get(prototype);
  if (earlier !== undefined && (earlier.name !== name || !sameFunction(earlier.key, key))) {
    throw new InvalidOptionError(
      `registerClass: ${name} is registered already, as '${earlier.name}' and with other options: register it once`,
    );
  }
  if (earlier !== undefined && known === earlier) return;
  if (known !== undefined && sourceOf(known.Class) !== sourceOf(Class)) {
    throw new InvalidOptionError(
      `registerClass: the name '${name}' belongs to another class already: give this one a name of its own with ` +
        `registerClass(Class, { name: '…' })`,
    );
  }
  const entry: RegisteredClass = { name, Class, prototype, key };
  byName.set(name, entry);
  byPrototype.set(prototype, entry);
}

/** The registered class of which a value is a direct instance; subclasses do not count. No trap of a proxy is run. */
export function registeredByInstance(value: object): RegisteredClass | undefined {
  if (types.isProxy(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null ? undefined : byPrototype.get(prototype);
}

/** The class registered under a name: the latest, where it was defined again. */
export function registeredByName(name: string): RegisteredClass | undefined {
  return byName.get(name);
}

function prototypeOf(Class: unknown): object {
  const isOwn = typeof Class === 'function' && !types.isProxy(Class);
  const prototype: unknown = isOwn ? Object.getOwnPropertyDescriptor(Class, 'prototype')?.value : undefined;
  if (typeof prototype !== 'object' || prototype === null || types.isGeneratorFunction(Class)) {
    throw new InvalidOptionError(`registerClass: ${described(Class)} is not a class: pass the class itself`);
  }
  return prototype;
}

function described(value: unknown): string {
  if (typeof value === 'function') return 'a function that constructs nothing';
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function checkedName(Class: AnyClass, options: unknown): string {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionError(
      `registerClass: the options must be an object { key?, name? }, not ${described(options)}`,
    );
  }
  const given: unknown = (options as RegisterClassOptions).name;
  if (given !== undefined && (typeof given !== 'string' || given === '')) {
    throw new InvalidOptionError('registerClass: the option name must be a string of at least one character');
  }
  // A class may have a static member called `name`, which is no name.
  const own: unknown = Object.getOwnPropertyDescriptor(Class, 'name')?.value;
  const name = given ?? (typeof own === 'string' ? own : '');
  if (name === '') {
    throw new InvalidOptionError(
      "registerClass: the class has no name: give it one with registerClass(Class, { name: '…' })",
    );
  }
  return name;
}

function checkedKey<T extends object>(name: string, options: RegisterClassOptions<T>): RegisteredClass['key'] {
  const key: unknown = options.key;
  if (key === undefined) return undefined;
  if (typeof key === 'function') return key as RegisteredClass['key'];
  throw new InvalidOptionError(`registerClass: the option key of ${name} must be a function (instance) => …`);
}

/** Walks up to Object.prototype, since an instance has what every class on the way gives it. */
function refuseHiddenState(name: string, start: object): void {
  for (let prototype: object | null = start; prototype !== null;) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const above = Object.getPrototypeOf(prototype) as object | null;
    if (above === null && prototype !== start) return;
    if (typeof constructor === 'function') {
      const parent = constructor.name;
      if (isNative(constructor)) {
        throw new InvalidOptionError(
          `registerClass: ${name} ${prototype === start ? 'is' : `extends ${parent}, which is`} built in, and the ` +
            'state of built-ins cannot be revived: hold one in a field instead',
        );
      }
      const member = privateMember(constructor);
      if (member !== undefined) {
        throw new InvalidOptionError(
          `registerClass: ${parent} has the private member ${member}, which only its constructor can make, so that ` +
            "an instance cannot be revived: use TypeScript's private or a plain field, or return plain data",
        );
      }
    }
    prototype = above;
  }
}

function sameFunction(one: RegisteredClass['key'], other: RegisteredClass['key']): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one === other || sourceOf(one) === sourceOf(other);
}
