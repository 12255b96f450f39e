/** python-diskcache's `Constant`s: they stand in keys, as the last part of those that `memoize_stampede` claims with. */
import { ENOVAL, UNKNOWN } from '../base/constants.js';
import { GlobalName, Reduced, Tuple } from './python-value.js';

const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [ENOVAL, 'ENOVAL'],
  [UNKNOWN, 'UNKNOWN'],
]);

export const CONSTANT = new GlobalName('diskcache.core', 'Constant');
const RECONSTRUCTOR = new GlobalName('copyreg', '_reconstructor', 'copy_reg');
const TUPLE = new GlobalName('builtins', 'tuple', '__builtin__');

/** Its name in Python; `undefined` where it is no constant. */
export function nameOfConstant(value: unknown): string | undefined {
  return NAMES.get(value);
}

/** The constant of a name. */
export function constantOf(name: unknown): symbol | undefined {
  return [...NAMES.keys()].find((constant) => NAMES.get(constant) === name) as symbol | undefined;
}

/** How protocols below 2 make one: `copyreg._reconstructor(Constant, tuple, (name,))`. */
export function reconstructed(name: string): Reduced {
  return new Reduced(RECONSTRUCTOR, new Tuple([CONSTANT, TUPLE, new Tuple([name])]));
}
