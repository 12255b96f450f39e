/**
 * What the inspector shows of functions: the scopes they see, what bound ones are bound to, and where they stand. Values
 * pass through a box, so that none of them is described, copied or kept.
 */
import type * as inspector from 'node:inspector';
import { hasIdentity } from '../../base/language/brand.js';
import { ask } from './session.js';

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

interface RemoteObject {
  objectId?: string;
  value?: unknown;
  unserializableValue?: string;
}

interface PropertyOfRemote {
  name: string;
  value?: RemoteObject;
}

const GROUP = 'stowage.code';
const BOX = Symbol.for('stowage.code.box');

interface Box {
  functions: readonly object[];
  values: readonly unknown[];
}

/** The module object is one for all contexts of a thread; the global object is not. */
type Module = typeof inspector & { [BOX]?: Box };

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
  const module: Module = process.getBuiltinModule('node:inspector');
  const box: Box = { functions, values: [] };
  Object.defineProperty(module, BOX, { value: box, configurable: true });
  try {
    const boxId = idOf(evaluate(`process.getBuiltinModule('node:inspector')[Symbol.for('${BOX.description ?? ''}')]`));
    const list = propertiesOf(idOf(call(boxId, 'function () { return this.functions; }', []))).result;
    const shown = functions.map((_, at) => shownOf(idOf(list[at]?.value)));
    const handles = shown.flatMap(({ scopes = {}, target, self = {}, args = {} }) =>
      target === undefined ? scopes : [scopes, target, self, args],
    );
    call(boxId, 'function (...values) { this.values = values; }', handles);
    const values = box.values.values();
    const next = (): unknown => values.next().value;
    return shown.map(({ location, target }) => ({
      scopes: listOf<SeenScope>(next()).filter(({ object }) => hasIdentity(object)),
      location,
      bound: target === undefined ? undefined : { target: next(), self: next(), args: listOf(next()) },
    }));
  } finally {
    Reflect.deleteProperty(module, BOX);
    release();
  }
}

function release(): void {
  try {
    ask('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  } catch {
    // The session has ended, and its objects with it.
  }
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

function propertiesOf(objectId: string): { result: PropertyOfRemote[]; internalProperties?: PropertyOfRemote[] } {
  return ask('Runtime.getProperties', { objectId, ownProperties: true });
}

function evaluate(expression: string): RemoteObject {
  return ask<{ result: RemoteObject }>('Runtime.evaluate', { expression, objectGroup: GROUP, silent: true }).result;
}

function call(objectId: string, functionDeclaration: string, handles: readonly RemoteObject[]): RemoteObject {
  const params = {
    functionDeclaration,
    objectId,
    arguments: handles.map(asArgument),
    objectGroup: GROUP,
    silent: true,
  };
  return ask<{ result: RemoteObject }>('Runtime.callFunctionOn', params).result;
}

function idOf(remote: RemoteObject | undefined): string {
  if (remote?.objectId === undefined) throw new Error('the inspector gives no handle');
  return remote.objectId;
}

function asArgument({ objectId, value, unserializableValue }: RemoteObject): RemoteObject {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}

/** The inspector's lists have no prototype. */
function listOf<T>(list: unknown): T[] {
  return hasIdentity(list) ? Array.from(list as ArrayLike<T>) : [];
}
