/**
 * The walk over a root's objects: breadth first, so that the shortest path names a shared object; by identity, so that
 * cycles end; without recursion, so that deep chains do; and without triggering a getter.
 */
import { Stream } from 'node:stream';
import { isAnyArrayBuffer, isModuleNamespaceObject, isPromise, isProxy } from 'node:util/types';
import {
  childLabel,
  indexLabel,
  mapKeyLabel,
  mapKeyObjectLabel,
  ordinalLabel,
  propertyLabel,
} from '../key/instance-path.js';
import { children } from '../key/symbols.js';

/** An object that the walk reached. */
export interface Reached {
  object: object;
  /** Instance path, made when it is asked for: most objects of a large graph are never named. */
  path(): string;
  /** Does the way to it lead through an array or Set index? */
  byIndex: boolean;
}

/** What the walk does with an object: `'enter'` looks at what it holds, `'leave'` does not. */
export type Visit = (reached: Reached) => 'enter' | 'leave';

interface Node {
  object: object;
  parent: Node | undefined;
  /** Makes the last part of the path. */
  label: (() => string) | string;
  byIndex: boolean;
  /** Is it a proxy, or does it lie behind one? What traps make up could go on for ever: no further proxy is entered. */
  madeUp: boolean;
}

/** Visits every object that `root` reaches, each once. */
export function walk(root: object, visit: Visit): void {
  const seen = new Set<object>([root]);
  const queue: Node[] = [{ object: root, parent: undefined, label: 'root', byIndex: false, madeUp: isProxy(root) }];
  // The loop also sees what is pushed while it runs; shifting a million entries would be quadratic.
  for (const node of queue) {
    const entered = visit({ object: node.object, path: () => pathOf(node), byIndex: node.byIndex }) === 'enter';
    if (!entered) continue;
    const add = (value: unknown, label: Node['label'], byIndex = false): void => {
      if (typeof value !== 'object' || value === null || seen.has(value) || isLeaf(value)) return;
      if (node.madeUp && isProxy(value)) return;
      seen.add(value);
      queue.push({ object: value, parent: node, label, byIndex: byIndex || node.byIndex, madeUp: node.madeUp || isProxy(value) });
    };
    try {
      expand(node.object, add);
    } catch {
      // A proxy whose traps throw, or a [children]() method that does: what it holds stays unknown.
    }
  }
}

function pathOf(node: Node): string {
  const labels: string[] = [];
  for (let step: Node | undefined = node; step !== undefined; step = step.parent) {
    labels.push(typeof step.label === 'string' ? step.label : step.label());
  }
  return labels.reverse().join('');
}

/** Objects that hold data, or the world, but no analyzers; and proxies that do not even say what they are. */
function isLeaf(value: object): boolean {
  try {
    return (
      ArrayBuffer.isView(value) ||
      isAnyArrayBuffer(value) ||
      isPromise(value) ||
      value instanceof Date ||
      value instanceof RegExp ||
      value instanceof Stream ||
      value instanceof ReadableStream ||
      value === globalThis ||
      isModuleNamespaceObject(value)
    );
  } catch {
    return true;
  }
}

type Add = (value: unknown, label: Node['label'], byIndex?: boolean) => void;

function expand(object: object, add: Add): void {
  if (Array.isArray(object)) expandArray(object, add);
  else if (object instanceof Map) expandMap(object, add);
  else if (object instanceof Set) expandSet(object, add);
  else expandProperties(object, add);
  expandHidden(object, add);
}

/** After so many holes in a row an array is taken to be sparse, and asked for the indices that it has. */
const holesOfSparse = 1000;

function expandArray(array: readonly unknown[], add: Add): void {
  let holes = 0;
  for (let index = 0; index < array.length && holes < holesOfSparse; index++) {
    const descriptor = Reflect.getOwnPropertyDescriptor(array, index);
    holes = descriptor === undefined ? holes + 1 : 0;
    if (isObject(descriptor?.value)) add(descriptor.value, () => indexLabel(index), true);
  }
  // Listing the properties of an array makes a string of every index: not without need.
  if (holes < holesOfSparse && Object.getPrototypeOf(array) === Array.prototype) return;
  for (const name of Object.getOwnPropertyNames(array)) {
    const index = Number(name);
    const isIndex = Number.isInteger(index) && index >= 0 && String(index) === name;
    add(ownValue(array, name), () => (isIndex ? indexLabel(index) : propertyLabel(name)), isIndex);
  }
}

function expandMap(map: Map<unknown, unknown>, add: Add): void {
  let ordinal = 0;
  Map.prototype.forEach.call(map, (value: unknown, key: unknown) => {
    const place = ordinal++;
    if (isObject(value)) add(value, () => mapKeyLabel(key, place), hasNoName(key));
    if (isObject(key)) add(key, () => mapKeyObjectLabel(place), true);
  });
  expandProperties(map, add);
}

/** Keys that are named by their place in the Map. */
function hasNoName(key: unknown): boolean {
  return isObject(key) || typeof key === 'function' || typeof key === 'symbol';
}

function expandSet(set: Set<unknown>, add: Add): void {
  let ordinal = 0;
  Set.prototype.forEach.call(set, (value: unknown) => {
    const place = ordinal++;
    if (isObject(value)) add(value, () => ordinalLabel(place), true);
  });
  expandProperties(set, add);
}

function expandProperties(object: object, add: Add): void {
  for (const name of Object.getOwnPropertyNames(object)) {
    const value = ownValue(object, name);
    if (isObject(value)) add(value, () => propertyLabel(name));
  }
}

/** What an object says it holds behind `#private` fields: `[children]() { return [this.#camera] }`. */
function expandHidden(object: object, add: Add): void {
  if (!(children in object) || typeof object[children] !== 'function') return;
  const hidden = (object[children] as () => unknown)();
  if (!isObject(hidden)) return;
  if (Symbol.iterator in hidden && !(hidden instanceof Map)) {
    let place = 0;
    for (const value of hidden as Iterable<unknown>) {
      const ordinal = place++;
      add(value, () => childLabel(ordinal));
    }
    return;
  }
  const named = hidden instanceof Map ? [...hidden] : Object.entries(hidden);
  for (const [name, value] of named as [unknown, unknown][]) add(value, () => childLabel(String(name)));
}

/** The value of an own data property; a getter is not asked. */
function ownValue(object: object, name: string): unknown {
  return Reflect.getOwnPropertyDescriptor(object, name)?.value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
