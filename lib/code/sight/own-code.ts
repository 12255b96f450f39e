/** Which code is this package's where a bundler has made it part of the program's file: what lies between marks that dist/ has. */
import { isBundled } from '../../base/packages/home.js';
import { look, type Location } from './look.js';

/** Each file of dist/ puts a function of its beginning and one of its end here: bundlers keep what is in between together. */
const MARKS = Symbol.for('stowage.marks');

type Marks = readonly (readonly [begin: object, end: object])[];

let ranges: readonly (readonly [begin: Location, end: Location])[] | undefined;
let known = 0;

/** Does a function that begins there belong to this package, and not to the program with which it is bundled? */
export function isOwnCode(at: Location): boolean {
  return isBundled() && rangesNow().some(([begin, end]) => isBefore(begin, at) && isBefore(at, end));
}

function rangesNow(): NonNullable<typeof ranges> {
  const marks = (globalThis as { [MARKS]?: Marks })[MARKS] ?? [];
  if (ranges === undefined || known !== marks.length) {
    known = marks.length;
    const seen = look(marks.flat()).map(({ location }) => location);
    ranges = marks.flatMap((_, index) => {
      const [begin, end] = seen.slice(2 * index);
      return begin === undefined || end === undefined ? [] : [[begin, end] as const];
    });
  }
  return ranges;
}

function isBefore(one: Location, other: Location): boolean {
  if (one.scriptId !== other.scriptId) return false;
  return one.lineNumber === other.lineNumber
    ? one.columnNumber <= other.columnNumber
    : one.lineNumber < other.lineNumber;
}
