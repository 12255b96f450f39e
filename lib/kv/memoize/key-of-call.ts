/** The key of a memoized call: python-diskcache's tuple, where the arguments are what Python has too. */
import { typeName } from '../../codec/shared/type-name.js';
import { callKeyDigest } from '../../key/canonical/canonical.js';
import { significantArguments } from '../../key/classes/significant-arguments.js';

/** What makes a key of a call. */
export interface KeyRule {
  readonly name: string;
  readonly typed: boolean;
  /** Positions, and names of properties of a last argument that is a plain object. */
  readonly ignored: ReadonlySet<number | string>;
  /** The function, where the key is made of its arguments: some see how many those are. */
  readonly fn?: object;
  /** Does the name say the function's code, defaults of its parameters included? */
  readonly byCode?: boolean;
  /** What stands for the object that the function is called on, before the arguments; nothing where it does not matter. */
  readonly receiver?: readonly unknown[];
}

/** Deeper arrays than this are digested: their tuple would be no easier to read. */
const DEEPEST = 32;

/**
 * The name, the arguments, and `null`, as python-diskcache puts them together. An argument that is text, a number, a
 * boolean, null, or an array of those stands for itself; any other by its digest, which tells apart all that JavaScript
 * does, and does not mind the order of properties. Trailing `undefined`s do not count, unless the function sees them.
 *
 * @throws UnkeyableArgumentError for an argument that hides its state
 */
export function keyOfCall(rule: KeyRule, all: readonly unknown[]): unknown[] {
  const { name, typed, ignored, fn, byCode = false, receiver = [] } = rule;
  const args = fn === undefined ? all : significantArguments(fn, all, byCode);
  const count = args.length;
  const counted: unknown[] = [];
  for (let index = 0; index < count; index++) {
    if (ignored.has(index)) continue;
    counted.push(index === count - 1 ? withoutIgnored(args[index], ignored) : args[index]);
  }
  const key = [name, ...receiver, ...counted.map((arg) => (isPlain(arg, 0) ? copyOf(arg) : digestOf(arg))), null];
  return typed ? [...key, ...counted.map(typeName)] : key;
}

function withoutIgnored(arg: unknown, ignored: ReadonlySet<number | string>): unknown {
  if (ignored.size === 0 || typeof arg !== 'object' || arg === null) return arg;
  if (Object.getPrototypeOf(arg) !== Object.prototype) return arg;
  return Object.fromEntries(Object.entries(arg).filter(([name]) => !ignored.has(name)));
}

function isPlain(arg: unknown, depth: number): boolean {
  switch (typeof arg) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      // -0 and NaN are no keys of their own in every language.
      return !Number.isNaN(arg) && !Object.is(arg, -0);
    case 'object':
      if (arg === null) return true;
      if (!Array.isArray(arg) || Object.getPrototypeOf(arg) !== Array.prototype || depth === DEEPEST) return false;
      return Object.keys(arg).length === arg.length && arg.every((item) => isPlain(item, depth + 1));
    default:
      return false;
  }
}

/** A pickle tells whether two arrays are one; a key does not. */
function copyOf(arg: unknown): unknown {
  return Array.isArray(arg) ? arg.map(copyOf) : arg;
}

/** An array that no argument of the user's is: its first item says whose it is. */
function digestOf(arg: unknown): unknown[] {
  return ['stowage', callKeyDigest([arg]) ?? 'undefined'];
}
