/** Options about the parameters of a cached function: those that are no part of its key, and those that have it computed anew. */
import { didYouMean } from '../../base/did-you-mean.js';
import { InvalidOptionError } from '../../base/errors.js';
import { that, type Check } from '../../base/text/check-options.js';
import { significantArguments } from '../../key/classes/significant-arguments.js';
import { namesOfParameters } from '../../key/names/names-of-parameters.js';

/**
 * Which parameters are no part of the key, and which say that nothing stored is meant.
 * @typeParam Args arguments of the function
 */
export interface ParameterOptions<Args extends readonly unknown[] = never> {
  /**
   * Calls the function whatever is stored, and stores what it returns: `true` at every call, or by the name or index of a
   * parameter that says so when it is truthy, and is then no part of the key, or by a function of the arguments, called with
   * the instance as `this`.
   */
  refresh?: boolean | string | number | ((...args: Args) => boolean);
  /** Parameters, by name or index, that are no part of the key; the last one takes all arguments behind it along. */
  ignore?: readonly (string | number)[];
}

/** The same for one function. */
export interface ParameterRules {
  refresh: ((...args: unknown[]) => unknown) | undefined;
  /** Leaves the arguments out that are no part of the key. */
  keyed: (args: readonly unknown[]) => unknown[];
}

export const PARAMETER_CHECKS: Record<keyof ParameterOptions, Check> = {
  refresh: that("true, a parameter's name or index, or a function", (value) =>
    ['boolean', 'string', 'number', 'function'].includes(typeof value),
  ),
  ignore: that('an array of names or indices of parameters', Array.isArray),
};

/**
 * @param of `byCode`: is the code of the function part of what tells results apart?
 * @throws InvalidOptionError where a name or an index is that of no parameter
 */
export function parameterRules(
  fn: object,
  { refresh, ignore = [] }: { [Name in keyof ParameterOptions]: ParameterOptions<unknown[]>[Name] | undefined },
  { where, byCode }: { where: string; byCode: boolean },
): ParameterRules {
  const names = namesOfParameters(fn);
  const indexOf = (parameter: unknown): number => {
    const index = typeof parameter === 'string' ? names.indexOf(parameter) : parameter;
    if (Number.isInteger(index) && (index as number) >= 0) return index as number;
    throw new InvalidOptionError(
      `${where}: ${String(parameter)} is no parameter of the function${didYouMean(String(parameter), names)}; it has ${names.join(', ') || 'none'}`,
    );
  };
  const said = typeof refresh === 'string' || typeof refresh === 'number' ? indexOf(refresh) : undefined;
  const ignored = new Set(ignore.map(indexOf));
  const ignoresRest = names.length > 0 && ignored.has(names.length - 1);
  if (said !== undefined) ignored.add(said);
  return {
    refresh: said === undefined ? asked(refresh) : (...args: unknown[]) => args[said],
    keyed(args) {
      let count = ignoresRest ? Math.min(args.length, names.length) : args.length;
      // An ignored argument does not count at the end either, and keeps the place of others before it.
      while (count > 0 && ignored.has(count - 1)) count--;
      const kept = args.slice(0, count).map((arg, index) => (ignored.has(index) ? undefined : arg));
      return significantArguments(fn, kept, byCode);
    },
  };
}

function asked(refresh: unknown): ParameterRules['refresh'] {
  return typeof refresh === 'function'
    ? (refresh as ParameterRules['refresh'])
    : refresh === true
      ? () => true
      : undefined;
}
