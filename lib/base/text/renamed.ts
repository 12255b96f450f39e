/** Options under names that they had before: accepted until 1.0. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../errors.js';
import { warnOnce } from '../warn.js';

/** By its old name the name of an option, `clock.now` for a member of one; and its words by the old ones, where those are others, too. */
export type Renames = Readonly<
  Record<string, string | readonly [name: string, words: Readonly<Record<string, unknown>>]>
>;

/** Says, once a process, what an option is called now. */
export function sayRenamed(what: string, old: string, now: string): void {
  warnOnce(
    'STOWAGE_RENAMED',
    old,
    `${what}: the option ${old} has become ${now}; the old name is understood until Stowage 1.0`,
  );
}

/**
 * Options as they are called now.
 * @throws InvalidOptionError where one is given under both names
 */
export function renamed<Options>(given: Options, renames: Renames, what: string): Options {
  const options = Object(given) as Readonly<Record<string, unknown>>;
  const found = Object.entries(renames).filter(([old]) => options[old] !== undefined);
  if (found.length === 0) return given;
  const result = Object.fromEntries(Object.entries(options).filter(([name]) => !Object.hasOwn(renames, name)));
  for (const [old, row] of found) {
    const [path, words = {}] = typeof row === 'string' ? [row] : row;
    const [name = path, member] = path.split('.');
    if (options[name] !== undefined) {
      throw new InvalidOptionError(`${what}: ${old} is the old name of ${path}: give ${name} alone`);
    }
    const word = String(options[old]);
    const value = Object.hasOwn(words, word) ? words[word] : options[old];
    sayRenamed(what, old, value === options[old] ? path : `${name}: ${inspect(value)}`);
    result[name] = member === undefined ? value : { ...(result[name] as object | undefined), [member]: value };
  }
  return result as Options;
}
