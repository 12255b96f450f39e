/** What is known of a decorated method, and how it is found again from the function that replaced it. */
import type { CheckedOptions } from './options.js';

/** A method's function, whatever its types. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** One decorated method or getter of one class. */
export interface MethodInfo {
  /** Its number: where its memory stands in an analyzer's state. */
  readonly index: number;
  /** `'strehl'`, `'#strehl'` for a private one, `'Symbol(strehl)'`. */
  readonly label: string;
  readonly kind: 'method' | 'getter';
  /** The undecorated function. */
  readonly original: AnyFunction;
  /** The function that stands in its place. */
  readonly wrapper: AnyFunction;
  readonly options: CheckedOptions;
  /** Known to return a promise, always. */
  readonly isAsync: boolean;
}

const infos = new WeakMap<object, MethodInfo>();
let count = 0;

/** The next method's number. */
export function nextIndex(): number {
  return count++;
}

/** Enters a decorated method in the register. */
export function registerMethod(info: MethodInfo): void {
  infos.set(info.wrapper, info);
}

/** What is known of a function, if it is a decorated method. */
export function infoOf(wrapper: unknown): MethodInfo | undefined {
  return typeof wrapper === 'function' ? infos.get(wrapper) : undefined;
}

/** The decorated method or getter in a property's descriptor, if it is one. Triggers nothing. */
export function infoIn(descriptor: PropertyDescriptor | undefined): MethodInfo | undefined {
  return infoOf(descriptor?.value) ?? infoOf(descriptor?.get);
}

/** The cached methods and getters of an analyzer, those of its base classes included; private ones cannot be seen. */
export function* cachedMethodsOf(analyzer: object): Generator<MethodInfo> {
  for (let holder: object | null = analyzer; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    for (const key of Reflect.ownKeys(holder)) {
      const info = infoIn(Reflect.getOwnPropertyDescriptor(holder, key));
      if (info !== undefined) yield info;
    }
  }
}

const having = new WeakMap<object, boolean>();

/** Has this object, or anything on its prototype chain, cached methods? Remembered for each prototype. */
export function hasCachedMethods(holder: object | null): boolean {
  if (holder === null || holder === Object.prototype || holder === Function.prototype) return false;
  const known = having.get(holder);
  if (known !== undefined) return known;
  const own = Reflect.ownKeys(holder).some((key) => infoIn(Reflect.getOwnPropertyDescriptor(holder, key)) !== undefined);
  const answer = own || hasCachedMethods(Object.getPrototypeOf(holder) as object | null);
  having.set(holder, answer);
  return answer;
}

/** Private methods cannot be seen from outside: their class says so itself when its first instance is made. */
export function declareCachedMethods(prototype: object): void {
  having.set(prototype, true);
}
