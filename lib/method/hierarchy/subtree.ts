/** A part of a hierarchy: an object and everything below it, by what is attached and by what is stored. */
import { hasIdentity, kindOf } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';
import { pathOf, type Identity } from '../../store/record/identity.js';
import { isPathAtOrUnder } from '../state/path-under.js';
import { bindingOf } from '../state/instance-state.js';
import { isEntryOf, rootOf, type Root } from '../state/root.js';
import { findBinding, tagConstructed } from './tagging.js';
import { isAnalyzer } from './attach.js';
import { walk } from './walk.js';

/** A part of a root's hierarchy. */
export interface Part {
  root: Root;
  path: string;
}

/** Is an entry one of a part's, attached now or not? */
export function belongsTo({ root, path }: Part, identity: Identity): boolean {
  return isEntryOf(root, identity) && isPathAtOrUnder(pathOf(identity), path);
}

/** Where an object stands; for one that is no analyzer, where the analyzers that it holds stand. */
export function partsOf(object: unknown, caller: string): Part[] {
  if (!hasIdentity(object)) throw new InvalidOptionError(`${caller} needs an object, not ${kindOf(object)}`);
  tagConstructed();
  const own = rootOf(object);
  if (own?.tag !== undefined) return [{ root: own, path: 'root' }];
  const binding = findBinding(object);
  if (binding !== undefined) return [binding];
  const parts: Part[] = [];
  walk(object, isAnalyzer, (reached) => {
    if (rootOf(reached.object)?.tag !== undefined) return 'leave';
    const held = findBinding(reached.object);
    if (held === undefined) return 'enter';
    parts.push(held);
    return 'leave';
  });
  return parts;
}

/** The analyzers of a part that are attached now. */
export function* attachedTo({ root, path }: Part): Generator<object> {
  for (const [at, analyzer] of root.reach.analyzers()) {
    if (isPathAtOrUnder(at, path) && bindingOf(analyzer)?.root === root) yield analyzer;
  }
}
