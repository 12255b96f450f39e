/** Whether `f(1, undefined)` and `f(1)` are one call or two. */
import { isNative } from './class-source.js';
import { tokensOf } from '../names/names-of-parameters.js';

/** With one of these a function can ask how many arguments it was given. */
const COUNTING = new Set(['arguments', 'eval']);

const answers = new WeakMap<object, boolean>();

/**
 * Does a function tell `f(1, undefined)` from `f(1)`? A function with a rest parameter does, a function that uses
 * `arguments`, and, for all that is known, a function whose source cannot be read; to named parameters both are the
 * same call.
 */
export function seesTrailing(fn: object): boolean {
  let answer = answers.get(fn);
  if (answer === undefined) answers.set(fn, (answer = readFrom(fn)));
  return answer;
}

function readFrom(fn: object): boolean {
  if (isNative(fn)) return true;
  try {
    return tokensOf(fn).some(
      ({ type, value, depth, inParameters }) =>
        (type === 'IdentifierName' && COUNTING.has(value)) || (inParameters && depth === 1 && value === '...'),
    );
  } catch {
    return true;
  }
}

/** The arguments that tell a call from others: without those at the end that to the function are not given. */
export function significantArguments(fn: object, args: readonly unknown[]): unknown[] {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  return count === args.length || seesTrailing(fn) ? [...args] : args.slice(0, count);
}
