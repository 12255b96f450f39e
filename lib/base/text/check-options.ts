/** Options of users against a table of what each must be. */
import { didYouMean } from '../did-you-mean.js';
import { InvalidOptionError } from '../errors.js';
import { toSeconds, type Duration } from './duration.js';
import { renamed, type Renames } from './renamed.js';

/** Answers an option's value as it will be used. @throws InvalidOptionError where it is not what it must be */
export type Check = (value: unknown, option: string) => unknown;

/** One of some words. */
export const oneOf =
  (...allowed: string[]): Check =>
  (value, option) => {
    if (typeof value === 'string' && allowed.includes(value)) return value;
    throw new InvalidOptionError(
      `${option} must be '${allowed.join("' or '")}', not ${String(value)}${hint(value, allowed)}`,
    );
  };

function hint(value: unknown, allowed: readonly string[]): string {
  return typeof value === 'string' ? didYouMean(value, allowed) : '';
}

/** @param what it must be, in the words of the error */
export const that =
  (what: string, is: (value: unknown) => boolean): Check =>
  (value, option) => {
    if (is(value)) return value;
    throw new InvalidOptionError(`${option} must be ${what}, not ${String(value)}`);
  };

/** Anything of a type, as `typeof` names it. */
export const ofType = (...types: string[]): Check =>
  that(`a ${types.join(' or a ')}`, (value) => types.includes(typeof value));

/** An object that has some methods. @param what it must be, in the words of the error */
export const withMethods =
  (what: string, ...methods: string[]): Check =>
  (value, option) => {
    const given = Object(value) as Record<string, unknown>;
    if (methods.every((method) => typeof given[method] === 'function')) return value;
    throw new InvalidOptionError(`${option} must be ${what}`);
  };

/** A string of at least one character. */
export const text = that('a string that is not empty', (value) => typeof value === 'string' && value !== '');

/** A length of time, in seconds. */
export const time: Check = (value, option) => toSeconds(value as number | Duration, option);

/**
 * The options that were given, checked; those that are `undefined` count as not given.
 * @param renames names that options had before
 * @throws InvalidOptionError where one is unknown or not what it must be
 */
export function checked(
  options: unknown,
  table: Record<string, Check>,
  where: string,
  renames: Renames = {},
): Record<string, unknown> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(`${where} takes an object with some of ${Object.keys(table).join(', ')}`);
  }
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(renamed(options, renames, where)) as [string, unknown][]) {
    if (value === undefined) continue;
    const check = Object.hasOwn(table, name) ? table[name] : undefined;
    if (check === undefined) {
      throw new InvalidOptionError(
        `${where} has no option '${name}'${didYouMean(name, Object.keys(table))}; it has ${Object.keys(table).join(', ')}`,
      );
    }
    result[name] = check(value, `${where}: ${name}`);
  }
  return result;
}
