/** What the code of a cached method is: itself, and what it reaches from an object of its class. */
import { codeOf, lookAhead } from '../../code/code-of.js';
import type { Code, CodeDepth } from '../../code/part/code.js';
import { everyCachedMethodOf, type MethodInfo } from './method-info.js';
import type { Root } from './root.js';

/**
 * @param root with whose other methods it is looked at: they will be asked for next
 * @param most look no further than this, whatever was set
 */
export function codeOfMethod(info: MethodInfo, analyzer: object, root: Root, most?: CodeDepth): Code {
  lookAtMethodsOf(root);
  return codeOf(info.original, homeOf(analyzer), typeof analyzer === 'function' ? undefined : analyzer, most);
}

/** The same without what the fields of this object hold: of one class, it is the same whichever analyzer is looked at. */
export function codeOfItsClass(info: MethodInfo, analyzer: object): Code {
  return codeOf(info.original, homeOf(analyzer));
}

/** What `this` gets its methods from: of an instance, the prototype of its class. */
function homeOf(analyzer: object): object | undefined {
  if (typeof analyzer === 'function') return analyzer;
  return (Object.getPrototypeOf(analyzer) as object | null) ?? undefined;
}

/** Homes whose methods have been looked at. */
const seen = new WeakSet<object>();
/** Roots whose analyzers have been gone through, with the tagging for which that was done. */
const done = new WeakMap<Root, number>();
/** A hierarchy has few classes, however many analyzers. */
const MOST_ANALYZERS = 10_000;

function lookAtMethodsOf(root: Root): void {
  if (done.get(root) === root.tagging) return;
  done.set(root, root.tagging);
  const methods: [fn: object, home: object | undefined][] = [];
  let count = 0;
  for (const [, analyzer] of root.reach.analyzers()) {
    if (count++ >= MOST_ANALYZERS) break;
    const home = homeOf(analyzer);
    if (home === undefined || seen.has(home)) continue;
    seen.add(home);
    for (const { original } of everyCachedMethodOf(analyzer)) methods.push([original, home]);
  }
  if (methods.length > 0) lookAhead(methods);
}
