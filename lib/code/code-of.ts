/** What functions are, as every cache of the process sees it: each is read once, whoever asks. */
import { CodeReader } from './code-reader.js';
import { type Code, type CodeDepth, shallower } from './part/code.js';

const cached = new WeakSet<object>();
const originals = new WeakMap<object, object>();
const readers = new Map<CodeDepth, CodeReader>();
let depth: CodeDepth = 'package';

/** Notes a function that stands in the place of one whose results are traced on their own: it is not looked into. */
export function noteCached(wrapper: object): void {
  cached.add(wrapper);
}

/** Notes a function of ours that stands in the place of the user's: what calls it reaches that one. */
export function noteWrapped(wrapper: object, original: object): void {
  originals.set(wrapper, original);
}

/** Sets how far functions are looked into. */
export function setCodeDepth(wanted: CodeDepth): void {
  depth = wanted;
}

/**
 * What a function is.
 * @param home as {@link CodeReader.codeOf} has it
 * @param self as {@link CodeReader.codeOf} has it
 * @param most look no further than this, whatever was set
 */
export function codeOf(fn: object, home?: object, self?: object, most: CodeDepth = depth): Code {
  return readerAt(shallower(most, depth)).codeOf(fn, home, self);
}

/** Looks at functions whose code will be asked for: many at once take a fraction of the time. */
export function lookAhead(functions: Iterable<readonly [fn: object, home: object | undefined]>): void {
  readerAt(depth).lookAhead(functions);
}

function readerAt(wanted: CodeDepth): CodeReader {
  let reader = readers.get(wanted);
  if (reader === undefined) {
    const isCached = (fn: object): boolean => cached.has(fn);
    const originalOf = (fn: object): object | undefined => originals.get(fn);
    readers.set(wanted, (reader = new CodeReader({ depth: wanted, isCached, originalOf })));
  }
  return reader;
}
