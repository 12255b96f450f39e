/** Values pass to the inspector and back through a box, so that none of them is described, copied or kept. */
import type * as inspector from 'node:inspector';
import { ask } from './session.js';

/** A value as the inspector speaks of it. */
export interface RemoteObject {
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

interface Contents {
  objects: readonly object[];
  values: readonly unknown[];
}

/** The module object is one for all contexts of a thread; the global object is not. */
type Module = typeof inspector & { [BOX]?: Contents };

export interface Box {
  /** The inspector's handles of the objects that were put in. */
  handles(): string[];
  /** The values that the inspector speaks of. */
  valuesOf(remotes: readonly RemoteObject[]): readonly unknown[];
}

/** Shows objects to the inspector for as long as the work takes. @throws NoInspector */
export function inBox<T>(objects: readonly object[], work: (box: Box) => T): T {
  const module: Module = process.getBuiltinModule('node:inspector');
  const contents: Contents = { objects, values: [] };
  Object.defineProperty(module, BOX, { value: contents, configurable: true });
  try {
    const boxId = idOf(evaluate(`process.getBuiltinModule('node:inspector')[Symbol.for('${BOX.description ?? ''}')]`));
    return work({
      handles() {
        const list = propertiesOf(idOf(call(boxId, 'function () { return this.objects; }', []))).result;
        return objects.map((_, at) => idOf(list[at]?.value));
      },
      valuesOf(remotes) {
        call(boxId, 'function (...values) { this.values = values; }', remotes);
        return contents.values;
      },
    });
  } finally {
    Reflect.deleteProperty(module, BOX);
    release();
  }
}

/** What the inspector says of an object: its own properties, and what no property shows. */
export function propertiesOf(objectId: string): {
  result: PropertyOfRemote[];
  internalProperties?: PropertyOfRemote[];
  privateProperties?: PropertyOfRemote[];
} {
  return ask('Runtime.getProperties', { objectId, ownProperties: true });
}

function release(): void {
  try {
    ask('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  } catch {
    // The session has ended, and its objects with it.
  }
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
