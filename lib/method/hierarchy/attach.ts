/** Binds to a root what a walk from it reaches, and notes which collections it is a member of. */
import { startWork } from '../../base/clock.js';
import { events } from '../../base/events.js';
import { concreteClassOf } from '../state/class-name.js';
import type { Binding } from '../state/binding.js';
import { currentBinding, stateFor } from '../state/instance-state.js';
import { hasCachedMethods } from '../state/method-info.js';
import { ownerOf, ownersText } from '../state/owner.js';
import { hasParameters, parametersOf } from '../state/parameters.js';
import { isPathAtOrUnder } from '../state/path-under.js';
import { rootOf, type Root } from '../state/root.js';
import { HidingPlaces } from './hidden.js';
import { snapshotOf } from './state-fields.js';
import { memberCount, type Collection, type Reached } from './step.js';
import { walk } from './walk.js';
import { watchFields } from './watched-field.js';

/** Under which circumstances analyzers are found. */
interface Finding {
  /** Where its root stood under another one. */
  taken?: Binding | undefined;
  /** Was the root tagged before? */
  isLate: boolean;
}

/** Binds every analyzer that a root reaches and may have. */
export function attachReached(root: Root, object: object, finding: Finding): void {
  const cost = startWork();
  const hiding = new HidingPlaces(!finding.isLate);
  root.reach.beginWalk();
  const met: Reached[] = [];
  walk(object, isAnalyzer, (reached) => {
    const own = reached.object === object ? undefined : rootOf(reached.object);
    const isForeign = own?.tag !== undefined;
    if (isForeign) root.reach.enterForeign(reached.path(), reached.object);
    else {
      hiding.add(reached.object);
      if (reached.object !== object && !isAnalyzer(reached.object)) return 'enter';
      attach(root, reached, finding);
    }
    met.push(reached);
    return isForeign ? 'leave' : 'enter';
  });
  // Now all ways to each are known.
  for (const reached of met) enterMembership(root, reached);
  root.reach.walkSeconds = cost();
  hiding.watch();
}

function enterMembership(root: Root, reached: Reached): void {
  const collections = reached.collections();
  const enter = ({ path, object }: Collection): string => {
    root.reach.enterCollection(path, object, memberCount(object) ?? 0);
    return path;
  };
  root.reach.enterMembership(reached.object, {
    named: collections?.named.map(enter),
    others:
      collections?.others.map((each) => ({ path: enter(each), owner: each.owner && new WeakRef(each.owner) })) ?? [],
  });
}

/** Has it results of its own, or parameters that others read? */
export function isAnalyzer(object: object): boolean {
  return hasCachedMethods(prototypeOf(object)) || hasParameters(object);
}

export function prototypeOf(object: object): object | null {
  return Object.getPrototypeOf(object) as object | null;
}

/** Binds an analyzer, unless it is another root's. */
function attach(root: Root, reached: Reached, { taken, isLate }: Finding): void {
  const state = stateFor(reached.object);
  if (isLate && state.leftOut) return;
  const held = currentBinding(state);
  if (held !== undefined) {
    if (held.root === root && held.tagging === root.tagging) {
      // It may stand elsewhere by now, in the place of another.
      if (isLate) root.reach.enter(reached.path(), reached.object);
      return;
    }
    const goesAlong = taken?.root === held.root && isPathAtOrUnder(held.path, taken.path);
    if (held.root !== root && held.root.object.deref() !== undefined && !goesAlong) {
      reportShared(root, held, reached);
      return;
    }
  }
  state.leftOut = false;
  state.costSinceLook = undefined;
  const path = reached.path();
  root.reach.enter(path, reached.object);
  const parameters = parametersOf(reached.object);
  if (parameters.size > 0) {
    watchFields(reached.object, parameters);
    root.reach.enterParameters(path, reached.object);
  }
  state.bind({
    root,
    path,
    concrete: concreteClassOf(reached.object),
    owner: ownersText([root.owner, ownerOf(reached.object)]),
    byIndex: reached.byIndex,
    isLate,
    foundBy: root.reach.walk,
    snapshot: snapshotOf(reached.object, parameters),
    tagging: root.tagging,
  });
}

const reported = new WeakMap<object, Set<string>>();

/** An analyzer that two roots reach stays with the first; if the second has another tag, that is said once. */
function reportShared(root: Root, held: Binding, reached: Reached): void {
  root.reach.enterForeign(reached.path(), reached.object);
  const tags = reported.get(reached.object) ?? new Set<string>();
  reported.set(reached.object, tags);
  if (root.tag === undefined || root.tag === held.root.tag || tags.has(root.tag)) return;
  tags.add(root.tag);
  events.tell({
    type: 'shared',
    tag: String(held.root.tag),
    instance: held.path,
    method: '',
    reason: `a root tagged '${root.tag}' reaches it too, as ${reached.path()}; it stays with the first`,
  });
}
