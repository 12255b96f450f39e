/** Which calls are one: `f(1)`, `f(1, undefined)`, and `f(1, 1000)` where the source says that 1000 is the default. */
import { literalDefaults, type LiteralDefaults } from '../names/literal-defaults.js';
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

const noDefaults: LiteralDefaults = [];

const defaults = new WeakMap<object, LiteralDefaults>();

/** Read once a function. */
function defaultsOf(fn: object): LiteralDefaults {
  let known = defaults.get(fn);
  if (known === undefined) {
    known = seesTrailing(fn) ? noDefaults : literalDefaults(fn);
    defaults.set(fn, (known = known.some((each) => each !== undefined) ? known : noDefaults));
  }
  return known;
}

/**
 * The arguments, with `undefined` for each that its parameter's default is: to the function they are the same, and so the shorter
 * call is what the key says. For keys that a change of the source makes others, or results that it makes stale, alone: what was
 * stored for another default would be taken for this one's.
 */
export function withoutDefaults(fn: object, args: readonly unknown[]): readonly unknown[] {
  if (args.length === 0) return args;
  const known = defaultsOf(fn);
  const isDefault = (arg: unknown, index: number): boolean => {
    const literal = known[index];
    return literal !== undefined && Object.is(arg, literal.value);
  };
  return known !== noDefaults && args.some(isDefault)
    ? args.map((arg, index) => (isDefault(arg, index) ? undefined : arg))
    : args;
}

/**
 * The arguments that tell a call from others: without those at the end that to the function are not given.
 * @param byCode is the code of the function part of what tells results apart? Then defaults count as not given
 */
export function significantArguments(fn: object, args: readonly unknown[], byCode: boolean): unknown[] {
  const given = byCode ? withoutDefaults(fn, args) : args;
  let count = given.length;
  while (count > 0 && given[count - 1] === undefined) count--;
  return count === given.length || seesTrailing(fn) ? [...given] : given.slice(0, count);
}
