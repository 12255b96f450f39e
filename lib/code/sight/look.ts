/** What the inspector shows of functions: the scopes they see, what bound ones are bound to, and where they stand. */
import { hasIdentity } from '../../base/language/brand.js';
import { inBox, propertiesOf, type RemoteObject } from './box.js';

/** A scope as the inspector gives it. Its variables are read one by one: reading one that is not set yet may throw. */
export interface SeenScope {
  /** `Module`, `Closure (name)`, `Block`, `Script`, `With Block`, `Global`, … */
  readonly description: string;
  readonly object: object;
}

/** Where a function begins, both counted from 0. */
export interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface Seen {
  /** From the inside out. */
  readonly scopes: readonly SeenScope[];
  readonly location: Location | undefined;
  readonly bound: { target: unknown; self: unknown; args: readonly unknown[] } | undefined;
}

/** What is shown of a function, of which the values are still to be had. */
interface Shown {
  location?: Location;
  scopes?: RemoteObject;
  target?: RemoteObject;
  self?: RemoteObject;
  args?: RemoteObject;
}

/** What the inspector calls them. */
const INTERNAL: ReadonlyMap<string, Exclude<keyof Shown, 'location'>> = new Map([
  ['[[Scopes]]', 'scopes'],
  ['[[TargetFunction]]', 'target'],
  ['[[BoundThis]]', 'self'],
  ['[[BoundArgs]]', 'args'],
]);

/** Looks into functions, in their order. @throws NoInspector */
export function look(functions: readonly object[]): Seen[] {
  if (functions.length === 0) return [];
  return inBox(functions, (box) => {
    const shown = box.handles().map(shownOf);
    const handles = shown.flatMap(({ scopes = {}, target, self = {}, args = {} }) =>
      target === undefined ? scopes : [scopes, target, self, args],
    );
    const values = box.valuesOf(handles).values();
    const next = (): unknown => values.next().value;
    return shown.map(({ location, target }) => ({
      scopes: listOf<SeenScope>(next()).filter(({ object }) => hasIdentity(object)),
      location,
      bound: target === undefined ? undefined : { target: next(), self: next(), args: listOf(next()) },
    }));
  });
}

function shownOf(objectId: string): Shown {
  const shown: Shown = {};
  for (const { name, value = {} } of propertiesOf(objectId).internalProperties ?? []) {
    const key = INTERNAL.get(name);
    if (key !== undefined) shown[key] = value;
    else if (name === '[[FunctionLocation]]') shown.location = value.value as Location;
  }
  return shown;
}

/** The inspector's lists have no prototype. */
function listOf<T>(list: unknown): T[] {
  return hasIdentity(list) ? Array.from(list as ArrayLike<T>) : [];
}
