/**
 * The walk over a root's objects: breadth first, so that the shortest path names a shared object; by identity, so that
 * cycles end; without recursion, so that deep chains do; and without triggering a getter.
 */
import { Stream } from 'node:stream';
import {
  isAnyArrayBuffer,
  isDate,
  isMap,
  isModuleNamespaceObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
} from 'node:util/types';
import { asField } from '../../base/language/field-getter.js';
import {
  childLabel,
  indexLabel,
  mapKeyLabel,
  mapKeyObjectLabel,
  ordinalLabel,
  propertyLabel,
} from '../../key/names/instance-path.js';
import { children } from '../../key/classes/symbols.js';
import { Step, type Labeller, type Reached } from './step.js';

/** What the walk does with an object: `'enter'` looks at what it holds, `'leave'` does not. */
export type Visit = (reached: Reached) => 'enter' | 'leave';

/** A proxy behind a proxy is entered, but what traps make up could go on for ever: so many are. */
const MOST_MADE_UP = 10_000;

/** A walk under way. */
class Walk {
  private readonly seen = new Map<object, Step>();
  private readonly queue: Step[] = [];
  /** Whose parts are being looked at. */
  private parent: Step | undefined;
  /** Proxies behind proxies that were met. */
  private madeUp = 0;

  constructor(
    root: object,
    private readonly isMember: (object: object) => boolean,
  ) {
    const first = new Step(root, undefined, labelOfRoot, undefined, 0, false, isProxy(root));
    this.seen.set(root, first);
    this.queue.push(first);
  }

  run(visit: Visit): void {
    // The queue grows while it is read; shifting a million entries would be quadratic.
    for (const step of this.queue) {
      if (visit(step) !== 'enter') continue;
      this.parent = step;
      try {
        expand(step.object, this);
      } catch {
        // A proxy whose traps throw, or a [children]() method that does: what it holds stays unknown.
      }
    }
  }

  /** Notes a value that the present object holds. */
  add(value: unknown, label: Labeller, part: unknown, place = 0, byIndex = false): void {
    if (!isObject(value)) return;
    const known = this.seen.get(value);
    if (known !== undefined) {
      this.meetAgain(known);
      return;
    }
    if (isPlainData(value) || isLeaf(value)) return;
    const proxy = isProxy(value);
    const behindProxy = this.parent?.madeUp === true;
    if (proxy && behindProxy && this.madeUp++ >= MOST_MADE_UP) return;
    const indexed = byIndex || this.parent?.byIndex === true;
    const step = new Step(value, this.parent, label, part, place, indexed, proxy || behindProxy);
    this.seen.set(value, step);
    this.queue.push(step);
  }

  /** Notes another collection that an object is a member of. */
  private meetAgain(step: Step): void {
    const { parent } = this;
    if (parent === undefined || step.also?.at(-1) === parent || !parent.isCollection) return;
    if (step.isCollection || this.isMember(step.object)) (step.also ??= []).push(parent);
  }
}

/**
 * Visits every object that `root` reaches, each once, save plain data: an object literal of a few properties, none of
 * them an object, is no analyzer and leads to none. Most objects of a large graph are such, and remembering them is most
 * of what a walk costs.
 * @param isMember of which objects all collections are to be told
 */
export function walk(root: object, isMember: (object: object) => boolean, visit: Visit): void {
  new Walk(root, isMember).run(visit);
}

const labelOfRoot: Labeller = () => 'root';
const labelOfIndex: Labeller = (_, place) => indexLabel(place);
const labelOfProperty: Labeller = (name) => propertyLabel(String(name));
const labelOfMapKeyObject: Labeller = (_, place) => mapKeyObjectLabel(place);
const labelOfMember: Labeller = (_, place) => ordinalLabel(place);
const labelOfChild: Labeller = (name) => childLabel(name as string | number);

/** One that is shared is looked at each time it is met; with more properties, being remembered is cheaper. */
const FEW_PROPERTIES = 8;

function isPlainData(value: object): boolean {
  if (isProxy(value) || Object.getPrototypeOf(value) !== Object.prototype || children in value) return false;
  const names = Object.getOwnPropertyNames(value);
  if (names.length > FEW_PROPERTIES) return false;
  for (const name of names) if (isObject(ownValue(value, name))) return false;
  return true;
}

/** Objects that hold data, or the world, but no analyzers; and proxies that do not even say what they are. */
function isLeaf(value: object): boolean {
  try {
    return (
      ArrayBuffer.isView(value) ||
      isAnyArrayBuffer(value) ||
      isPromise(value) ||
      isDate(value) ||
      isRegExp(value) ||
      value instanceof Stream ||
      value instanceof ReadableStream ||
      value === globalThis ||
      isModuleNamespaceObject(value)
    );
  } catch {
    return true;
  }
}

function expand(object: object, found: Walk): void {
  if (Array.isArray(object)) expandArray(object, found);
  else if (isMap(object)) expandMap(object, found);
  else if (isSet(object)) expandSet(object, found);
  else expandProperties(object, found);
  expandHidden(object, found);
}

/** After so many holes in a row an array is taken to be sparse, and asked for the indices that it has. */
const HOLES_OF_SPARSE = 1000;

function expandArray(array: readonly unknown[], found: Walk): void {
  let holes = 0;
  for (let index = 0; index < array.length && holes < HOLES_OF_SPARSE; index++) {
    const descriptor = Reflect.getOwnPropertyDescriptor(array, index);
    holes = descriptor === undefined ? holes + 1 : 0;
    if (isObject(descriptor?.value)) found.add(descriptor.value, labelOfIndex, undefined, index, true);
  }
  // Listing the properties of an array makes a string of every index: not without need.
  if (holes < HOLES_OF_SPARSE && Object.getPrototypeOf(array) === Array.prototype) return;
  for (const name of Object.getOwnPropertyNames(array)) {
    const index = Number(name);
    const isIndex = Number.isInteger(index) && index >= 0 && String(index) === name;
    if (isIndex) found.add(ownValue(array, name), labelOfIndex, undefined, index, true);
    else found.add(ownValue(array, name), labelOfProperty, name);
  }
}

function expandMap(map: Map<unknown, unknown>, found: Walk): void {
  let ordinal = 0;
  Map.prototype.forEach.call(map, (value: unknown, key: unknown) => {
    const place = ordinal++;
    if (isObject(value)) found.add(value, mapKeyLabel, key, place, hasNoName(key));
    if (isObject(key)) found.add(key, labelOfMapKeyObject, undefined, place, true);
  });
  expandProperties(map, found);
}

/** Keys that are named by their place in the Map. */
function hasNoName(key: unknown): boolean {
  return isObject(key) || typeof key === 'function' || typeof key === 'symbol';
}

function expandSet(set: Set<unknown>, found: Walk): void {
  let ordinal = 0;
  Set.prototype.forEach.call(set, (value: unknown) => {
    const place = ordinal++;
    if (isObject(value)) found.add(value, labelOfMember, undefined, place, true);
  });
  expandProperties(set, found);
}

function expandProperties(object: object, found: Walk): void {
  for (const name of Object.getOwnPropertyNames(object)) {
    const value = ownValue(object, name);
    if (isObject(value)) found.add(value, labelOfProperty, name);
  }
}

/** What an object says it holds behind `#private` fields: `[children]() { return [this.#camera] }`. */
function expandHidden(object: object, found: Walk): void {
  if (!(children in object) || typeof object[children] !== 'function') return;
  const hidden = (object[children] as () => unknown)();
  if (!isObject(hidden)) return;
  if (Symbol.iterator in hidden && !isMap(hidden)) {
    let place = 0;
    for (const value of hidden as Iterable<unknown>) {
      const ordinal = place++;
      found.add(value, labelOfChild, ordinal);
    }
    return;
  }
  const named = isMap(hidden) ? [...hidden] : Object.entries(hidden);
  for (const [name, value] of named as [unknown, unknown][]) found.add(value, labelOfChild, String(name));
}

/** The value of an own data property, a watched one too; a getter is not asked. */
function ownValue(object: object, name: string): unknown {
  return asField(Reflect.getOwnPropertyDescriptor(object, name))?.value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
