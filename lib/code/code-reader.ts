/** What a function is, by V8's inspector where there is one, by its own text where not. */
import { types } from 'node:util';
import { isStackOverflow } from '../base/run/stack-overflow.js';
import { sourceOf } from '../key/classes/class-source.js';
import { Graph } from './graph/graph.js';
import { digestOf } from './graph/node.js';
import { reachedFrom } from './graph/fields.js';
import { type Summary, summaryOf } from './graph/summary.js';
import { type Code, type CodeDepth, type Part, MOST_PARTS } from './part/code.js';
import { builtinName } from './sight/builtins.js';
import { NoInspector } from './sight/session.js';
import { canonicalText } from './text/canonical.js';
import { textOf } from './text/function-text.js';
import { readFunction } from './text/read.js';
import { isToolHelper } from './text/tool-helpers.js';

export interface CodeReaderOptions {
  /** How far functions are looked into. @defaultValue `'package'` */
  readonly depth?: CodeDepth;
  /**
   * Is a function one whose results are cached? Such a function is not looked into: what it returned is traced on
   * its own. @defaultValue none is
   */
  readonly isCached?: (fn: object) => boolean;
  /**
   * The user's function in whose place another stands that is none of the user's code.
   * @defaultValue there are none
   */
  readonly originalOf?: (fn: object) => object | undefined;
}

/** How often something is looked at again because a variable was not set yet. */
const MOST_LOOKS = 5;

/** Reads functions, each once; keep one for as long as its options hold. */
export class CodeReader {
  private readonly depth: CodeDepth;
  private readonly isCached: (fn: object) => boolean;
  private readonly originalOf: (fn: object) => object | undefined;
  private graph: Graph;
  private readonly known = new WeakMap<object, WeakMap<object, Code>>();
  private readonly looks = new WeakMap<object, number>();
  private readonly details = new WeakMap<Code, Pick<Summary, 'fields' | 'asPart'>>();

  constructor({ depth = 'package', isCached = () => false, originalOf = () => undefined }: CodeReaderOptions = {}) {
    this.depth = depth;
    this.isCached = isCached;
    this.originalOf = originalOf;
    this.graph = this.freshGraph();
  }

  /**
   * What a function is.
   *
   * @param fn - a function, method, getter or class, without the wrapper that caches it
   * @param home - what `this` gets its methods from: the prototype of the concrete class, or the class for a static
   *   method. Without it, `this.x()` is not followed.
   * @param self - the object that is `this`, whose fields may hold functions and helpers
   */
  codeOf(fn: object, home?: object, self?: object): Code {
    const code = this.codeOfClass(fn, home);
    return self === undefined ? code : this.withFields(code, self);
  }

  private codeOfClass(fn: object, home?: object): Code {
    const byHome = this.known.get(fn) ?? new WeakMap<object, Code>();
    this.known.set(fn, byHome);
    const known = byHome.get(home ?? fn);
    if (known !== undefined) return known;
    const { code, settled } = this.read(fn, home);
    if (settled) byHome.set(home ?? fn, code);
    return code;
  }

  /** Looks at methods that will be asked for: many at once take a fraction of the time. Their code is read as before. */
  lookAhead(methods: Iterable<readonly [fn: object, home: object | undefined]>): void {
    if (this.depth === 'method') return;
    try {
      this.graph.lookAhead(methods);
    } catch {
      // Said for each of them when its code is asked for. What was begun is not to be taken for read.
      this.graph = this.freshGraph();
    }
  }

  private read(fn: object, home: object | undefined): { code: Code; settled: boolean } {
    const { depth } = this;
    if (depth === 'method') return { code: codeOfText(fn), settled: true };
    try {
      const root = this.graph.rootOf(fn, home);
      const { unsettled, parts, fields, asPart, ...summary } = summaryOf(root);
      const code = withParts({ ...summary, own: root.own, parts: [], depth }, parts);
      this.details.set(code, { fields, asPart });
      return { code, settled: !unsettled || this.isSettledByNow(fn) };
    } catch (error) {
      this.graph = this.freshGraph();
      const why =
        error instanceof NoInspector
          ? `there is no inspector: ${error.message}`
          : `it cannot be looked into: ${String(error)}`;
      // Another time there may be stack enough.
      return { code: { ...codeOfText(fn), why }, settled: !isStackOverflow(error) };
    }
  }

  /** Functions and helpers in fields count as what they are when it is asked for: they may differ from object to object. */
  private withFields(code: Code, self: object): Code {
    const found: { name: string; code: Code }[] = [];
    const met = new Set([code]);
    const open = [{ code, self, place: '' }];
    for (const { code: from, self: holder, place } of open) {
      for (const path of this.details.get(from)?.fields ?? []) {
        for (const { name, fn, self: inner } of reachedFrom(holder, path, this.isCached)) {
          const reached = this.codeOfClass(fn, inner && homeOf(inner));
          if (met.has(reached)) continue;
          met.add(reached);
          found.push({ name: place + name, code: reached });
          if (inner !== undefined) open.push({ code: reached, self: inner, place: `${place}${name}.` });
        }
      }
    }
    if (found.length === 0) return code;
    const text = found.map(({ name, code: { digest } }) => `\n${name} ${digest}`).join('');
    const all = { ...code, parts: [], digest: digestOf(`${code.digest}${text}`) };
    const opaque = new Set([code, ...found.map((each) => each.code)].flatMap((each) => each.opaque));
    return withParts({ ...all, opaque: [...opaque].slice(0, MOST_PARTS) }, () => {
      const parts = found.map(({ name, code: each }) => this.details.get(each)?.asPart(name) ?? NOTHING);
      return [...code.parts, ...parts.slice(0, MOST_PARTS)];
    });
  }

  /** A variable that stays unset for long will stay so. */
  private isSettledByNow(fn: object): boolean {
    const looks = (this.looks.get(fn) ?? 0) + 1;
    this.looks.set(fn, looks);
    if (looks >= MOST_LOOKS) return true;
    this.graph = this.freshGraph();
    return false;
  }

  private freshGraph(): Graph {
    return new Graph(this.depth, this.isCached, this.originalOf);
  }
}

const NOTHING: Part = { name: '', kind: 'unseen', digest: '' };

/** What an object gets its methods from: its class, if it has one. */
function homeOf(self: object): object {
  const prototype = typeof self === 'function' ? null : (Object.getPrototypeOf(self) as object | null);
  return prototype === null || builtinName(prototype) !== undefined ? self : prototype;
}

/** Parts are for records and people: most results are compared by their digests. */
function withParts(code: Code, partsOf: () => readonly Part[]): Code {
  let parts: readonly Part[] | undefined;
  return Object.defineProperty(code, 'parts', {
    get: () => (parts ??= partsOf()),
    enumerable: true,
    configurable: true,
  });
}

/** By its own text alone. The digest of the text is the same as where more is seen. */
function codeOfText(fn: object): Code {
  let text: string;
  try {
    text = ownText(fn);
  } catch {
    text = `text ${sourceOf(fn)}`; // nested too deep
  }
  const own = digestOf(text);
  return { digest: digestOf(`text alone ${own}`), own, parts: [], more: 0, opaque: [], depth: 'method' };
}

function ownText(fn: object): string {
  if (typeof fn !== 'function' || types.isProxy(fn)) return 'a proxy';
  const text = textOf(fn);
  if (text === undefined) return `text ${sourceOf(fn)}`;
  const naming = new Set<number>();
  for (const piece of text.pieces) if (typeof piece === 'object' && piece.name === '__name') naming.add(piece.start);
  const plain = naming.size > 0 ? readFunction(sourceOf(fn), naming) : text;
  const isOuter = (name: string): boolean =>
    !isToolHelper(name) && !(name in globalThis) && name !== 'this' && name !== 'super';
  return canonicalText<never>(plain ?? text, ({ name }) =>
    isOuter(name) ? { key: name, reached: 0, exports: 0 } : undefined,
  ).own;
}
