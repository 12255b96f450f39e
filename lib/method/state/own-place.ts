/** Methods of single analyzers that have a place of their own, under another tag, prefix or tmpdir than their root's. */
import type { Binding } from './binding.js';
import { bindingOf, stateFor, stateOf } from './instance-state.js';
import type { MethodInfo } from './method-info.js';

const places = new Set<{ analyzer: WeakRef<object>; info: MethodInfo }>();

/** Gives a method of an analyzer a place of its own, until its root is tagged again. */
export function giveOwnPlace(info: MethodInfo, analyzer: object, binding: Binding): void {
  const state = stateFor(analyzer);
  state.dropMemoryOf(info);
  state.memoryOf(info).binding = binding;
  places.add({ analyzer: new WeakRef(analyzer), info });
}

/** The place of its own that a method of an analyzer has, if any. */
export function ownPlaceOf(info: MethodInfo, analyzer: object): Binding | undefined {
  return stateOf(analyzer)?.memories[info.index]?.binding;
}

/** Where a method of an analyzer has its place, as far as a walk has found it. */
export function placeOfMethod(info: MethodInfo, analyzer: object): Binding | undefined {
  return ownPlaceOf(info, analyzer) ?? bindingOf(analyzer);
}

/** Has some method a place of its own there? */
export function isOwnPlace(scope: string): boolean {
  for (const place of places) {
    const analyzer = place.analyzer.deref();
    const binding = analyzer && ownPlaceOf(place.info, analyzer);
    if (binding === undefined) places.delete(place);
    else if (binding.root.scope === scope) return true;
  }
  return false;
}
