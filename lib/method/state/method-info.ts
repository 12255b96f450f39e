/** What is known of a decorated method, and how it is found again from the function that replaced it. */
import { basename } from 'node:path';
import type { AnyFunction } from '../../base/language/decorating.js';
import { noteCached } from '../../code/code-of.js';
import type { CheckedOptions } from './options.js';

/** One decorated method or getter of one class. */
export interface MethodInfo {
  /** Its number: where its memory stands in an analyzer's state. */
  readonly index: number;
  /** `'strehl'`, `'#strehl'` for a private one, `'[strehl]'` for one that a symbol names. */
  readonly label: string;
  readonly kind: 'method' | 'getter';
  /** The undecorated function. */
  readonly original: AnyFunction;
  /** The function that stands in its place. */
  readonly wrapper: AnyFunction;
  readonly options: CheckedOptions;
  /** In which its class stands, where that is known. */
  readonly file: string | undefined;
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
  noteCached(info.wrapper);
  const where = whereWritten(info);
  const refs = written.get(where) ?? [];
  // Classes that are made again and again are let go of, too.
  const isToBeTidied = refs.length >= 64 && Number.isInteger(Math.log2(refs.length));
  const kept = isToBeTidied ? refs.filter((ref) => ref.deref() !== undefined) : refs;
  kept.push(new WeakRef(info));
  written.set(where, kept);
}

const written = new Map<string, WeakRef<MethodInfo>[]>();

/** Where a method is written: `mtf in psf`, by its label and the name of its file, wherever that lies and whatever it was built to. */
export function whereWritten({ label, file = '' }: MethodInfo): string {
  return `${label} in ${basename(file).replace(/\..*$/s, '')}`;
}

/** The decorated methods that are written at one place, and still in use. */
export function methodsWritten(where: string): MethodInfo[] {
  return (written.get(where) ?? []).map((ref) => ref.deref()).filter((info) => info !== undefined);
}

/** What is known of a function, if it is a decorated method. */
export function infoOf(wrapper: unknown): MethodInfo | undefined {
  return typeof wrapper === 'function' ? infos.get(wrapper) : undefined;
}

/** The decorated method or getter in a property's descriptor, if it is one. Triggers nothing. */
export function infoIn(descriptor: PropertyDescriptor | undefined): MethodInfo | undefined {
  return infoOf(descriptor?.value) ?? infoOf(descriptor?.get);
}

/** The cached methods and getters that a prototype or class has itself, in the order of its properties. */
export function cachedMethodsOf(holder: object): MethodInfo[] {
  return Reflect.ownKeys(holder)
    .map((key) => infoIn(Reflect.getOwnPropertyDescriptor(holder, key)))
    .filter((info) => info !== undefined);
}

const having = new WeakMap<object, boolean>();

/** Has this object, or anything on its prototype chain, cached methods? Remembered for each prototype. */
export function hasCachedMethods(holder: object | null): boolean {
  if (holder === null || holder === Object.prototype || holder === Function.prototype) return false;
  const known = having.get(holder);
  if (known !== undefined) return known;
  const answer = cachedMethodsOf(holder).length > 0 || hasCachedMethods(Object.getPrototypeOf(holder) as object | null);
  having.set(holder, answer);
  return answer;
}

const privateMethods = new WeakMap<object, Set<MethodInfo>>();

/**
 * Private methods cannot be seen from outside: they say so themselves when an instance is made, those of a parent class
 * first.
 * @param prototype of the concrete class
 */
export function declarePrivateMethod(prototype: object, info: MethodInfo): void {
  having.set(prototype, true);
  const infos = privateMethods.get(prototype);
  if (infos === undefined) privateMethods.set(prototype, new Set([info]));
  else infos.add(info);
}

/** The private cached methods of a concrete class, those of its parents first. */
export function privateMethodsOf(prototype: object): readonly MethodInfo[] {
  return [...(privateMethods.get(prototype) ?? [])];
}

/** The cached methods and getters of an analyzer: its own class's, those it inherits, and the private ones. */
export function* everyCachedMethodOf(analyzer: object): Generator<MethodInfo> {
  let holder: object | null = typeof analyzer === 'function' ? analyzer : prototypeOf(analyzer);
  if (holder !== null) yield* privateMethodsOf(holder);
  for (; holder !== null; holder = prototypeOf(holder)) yield* cachedMethodsOf(holder);
}

function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

const files = new WeakMap<object, { file: string | undefined } | undefined>();

/** The file in which the class of an analyzer stands, or else the next of those it extends; `undefined` where none has cached methods. */
export function fileOf(analyzer: object): { file: string | undefined } | undefined {
  const first = typeof analyzer === 'function' ? analyzer : prototypeOf(analyzer);
  if (first === null) return undefined;
  if (!files.has(first)) {
    const [info] = everyCachedMethodOf(analyzer);
    files.set(first, info && { file: info.file });
  }
  return files.get(first);
}
