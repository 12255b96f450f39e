/**
 * Results of cached methods as managed caches see them. The method cache enters itself here when it is loaded, so that
 * neither side imports the other.
 */
import type { Use } from './frame.js';

/** A cached method, as a cache names it that depends on its results, or as the caller names it whose results depend on something. */
export interface MethodReference {
  /** The analyzer. */
  instance: object;
  /** The method itself, `analyzer.strehl`, or its name; for a getter, its name. */
  method: ((...args: never[]) => unknown) | string | symbol;
  /** Which call. @defaultValue the call without arguments; where it is to be invalidated, every call of the method */
  args?: readonly unknown[];
}

/** A result as it is now. */
export interface KnownResult {
  /** The name by which {@link Use}s and dependents know it. */
  name: string;
  /** Absent where nothing is stored that would be used. */
  use?: Use & { readonly generation: number };
}

/** What the method cache does for others. */
export interface Results {
  /** @throws NotCachedError where the method is not cached */
  check(reference: MethodReference, caller: string): void;
  /** The result of a call, without computing it; `undefined` where no tag reaches the analyzer. */
  look(reference: MethodReference): KnownResult | undefined;
  /** The name of an item of a record's trace. @param tmpdir under which the record lies */
  nameOf(item: object, tmpdir: string): string;
  /** Says that the results of a method are no longer right. */
  invalidate(reference: MethodReference): void;
}

let entered: Results | undefined;
const watchers = new Set<() => void>();

/** The method cache of the process; `undefined` where it is not loaded, and so no method is cached. */
export function methodResults(): Results | undefined {
  return entered;
}

export function enterResults(results: Results): void {
  entered ??= results;
}

/** Calls `action` whenever results of a method may be found elsewhere than before; the answer ends that. */
export function whenResultsMove(action: () => void): () => void {
  watchers.add(action);
  return () => {
    watchers.delete(action);
  };
}

/** A root was tagged anew, or a parameter set: the same call has another result now. */
export function resultsMoved(): void {
  for (const action of watchers) action();
}
