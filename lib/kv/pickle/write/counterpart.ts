/** Which JavaScript values have a counterpart in Python that brings them back exactly. */
import { types } from 'node:util';
import type { TypedArray } from '../../../base/language/brand.js';
import { hasSlots } from '../../../codec/shared/has-slots.js';
import { layoutOf } from '../../../codec/npy/layout.js';
import { refusedObject } from '../../../codec/shared/refuse.js';
import { stepText, type Step } from '../../../codec/shared/value-path.js';
import { nameOfConstant } from '../constants.js';
import { isDatetime } from './datetime-write.js';
import { numpyLayout } from './numpy-write.js';

/** What Python lacks. */
export interface NoCounterpart {
  /** In plain words without a dot: `'Map'`, `'frozen object'`. */
  readonly what: string;
  /** Where it sits: `'[0].when'`. */
  readonly path: string;
}

/** An object on the way down from the root. */
interface Visit {
  readonly object: object;
  readonly holder: Visit | undefined;
  readonly step: Step;
  /** Has all that it holds been looked at? */
  left: boolean;
}

/**
 * Finds the first part of a value that Python has no exact counterpart for. No code of the value's owner is run.
 *
 * A key must find what was stored by it, no more: it may be frozen, without prototype, or have views that share memory.
 * But a Set is no part of a key, since Python writes a set in the order of hashes, which differs from one process to
 * the next.
 */
export function findNoCounterpart(root: unknown, role: 'key' | 'value'): NoCounterpart | undefined {
  return new Search(role).run(root);
}

class Search {
  private readonly pending: Visit[] = [];
  private readonly known = new Map<object, Visit>();
  private readonly views: TypedArray[] = [];
  private children: Visit[] = [];
  private readonly isKey: boolean;

  constructor(role: 'key' | 'value') {
    this.isKey = role === 'key';
  }

  run(root: unknown): NoCounterpart | undefined {
    const found = isPrimitive(root) ? this.primitive(root) : undefined;
    if (found !== undefined) return { what: found, path: '' };
    if (!isPrimitive(root)) this.pending.push({ object: root, holder: undefined, step: '', left: false });
    for (let visit = this.pending.at(-1); visit !== undefined; visit = this.pending.at(-1)) {
      const what = this.enter(visit);
      if (what !== undefined) return { what: what.what, path: pathOf(visit) + what.path };
    }
    return !this.isKey && overlap(this.views) ? { what: 'set of views of one ArrayBuffer', path: '' } : undefined;
  }

  /** A visit stays on the stack until all that it leads to has been left. */
  private enter(visit: Visit): NoCounterpart | undefined {
    const { object } = visit;
    const earlier = this.known.get(object);
    if (earlier !== undefined) {
      this.pending.pop();
      if (earlier === visit) visit.left = true;
      return earlier.left ? undefined : { what: 'cyclic structure', path: '' };
    }
    this.known.set(object, visit);
    this.children = [];
    const found = this.look(object, visit);
    for (const child of this.children.reverse()) this.pending.push(child);
    return found;
  }

  private look(object: object, visit: Visit): NoCounterpart | undefined {
    if (refusedObject(object) !== undefined) return here('value without data');
    if (!this.isKey && !Object.isExtensible(object)) return here('frozen, sealed or non-extensible object');
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (Array.isArray(object))
      return prototype === Array.prototype ? this.array(object, visit) : here('subclass of Array');
    if (types.isSet(object) && prototype === Set.prototype) return this.isKey ? here('Set') : setProblem(object);
    if (isDatetime(object)) return undefined;
    if (types.isTypedArray(object)) return this.typedArray(object);
    const isPlain = (prototype === Object.prototype || prototype === null) && !hasSlots(object);
    if (!isPlain) return this.other(object);
    if (prototype === null && !this.isKey) return here('object without prototype');
    return this.properties(object, Object.getOwnPropertyNames(object), visit);
  }

  private array(array: unknown[], visit: Visit): NoCounterpart | undefined {
    const names = Object.getOwnPropertyNames(array);
    // Indices come first: with a hole or a name beside them, `length` would stand elsewhere.
    if (names.length !== array.length + 1 || names.pop() !== 'length') return here('array with holes or names');
    if (!this.isKey && Object.getOwnPropertyDescriptor(array, 'length')?.writable !== true)
      return here('array of fixed length');
    return this.properties(array, names, visit);
  }

  private properties(object: object, names: readonly string[], visit: Visit): NoCounterpart | undefined {
    if (Object.getOwnPropertySymbols(object).length > 0) return here('property named by a symbol');
    for (const name of names) {
      const descriptor = Object.getOwnPropertyDescriptor(object, name) as PropertyDescriptor;
      if (!this.isOrdinary(descriptor)) return here('property that is hidden, read-only or a getter');
      const value: unknown = descriptor.value;
      if (isPrimitive(value)) {
        const what = this.primitive(value);
        if (what !== undefined) return { what, path: stepText(stepOf(object, name)) };
      } else {
        this.children.push({ object: value, holder: visit, step: stepOf(object, name), left: false });
      }
    }
    return undefined;
  }

  /** A key may hold ENOVAL and UNKNOWN, as Python's do. */
  private primitive(value: Primitive): string | undefined {
    return this.isKey && nameOfConstant(value) !== undefined ? undefined : unknownPrimitive(value);
  }

  private isOrdinary(descriptor: PropertyDescriptor): boolean {
    if (descriptor.enumerable !== true || !('value' in descriptor)) return false;
    return this.isKey || (descriptor.writable === true && descriptor.configurable === true);
  }

  private typedArray(array: TypedArray): NoCounterpart | undefined {
    if (Buffer.isBuffer(array)) {
      if (typeof layoutOf(array) === 'string') return here('Buffer with more to it than its bytes');
    } else {
      const layout = numpyLayout(array);
      if (typeof layout === 'string') return here(layout);
    }
    this.views.push(array);
    return undefined;
  }

  private other(object: object): NoCounterpart | undefined {
    const layout = numpyLayout(object);
    if (typeof layout === 'string') {
      return here(
        KINDS.find(([is]) => is(object))?.[1] ?? (layout.startsWith('ndarray') ? layout : 'object of a class'),
      );
    }
    this.views.push(layout.data);
    return undefined;
  }
}

const KINDS: readonly [is: (value: unknown) => boolean, what: string][] = [
  [types.isMap, 'Map'],
  [types.isSet, 'Set of another kind'],
  [types.isDate, 'Date out of the calendar of Python'],
  [types.isRegExp, 'RegExp'],
  [types.isNativeError, 'Error'],
  [types.isBoxedPrimitive, 'object around a primitive'],
  [types.isAnyArrayBuffer, 'ArrayBuffer'],
  [types.isDataView, 'DataView'],
];

function here(what: string): NoCounterpart {
  return { what, path: '' };
}

type Primitive = string | number | bigint | boolean | symbol | null | undefined | ((...args: never[]) => unknown);

function isPrimitive(value: unknown): value is Primitive {
  return typeof value !== 'object' || value === null;
}

function unknownPrimitive(value: Primitive): string | undefined {
  const type = typeof value;
  return type === 'undefined' || type === 'symbol' || type === 'function' ? type : undefined;
}

/** Python's sets take what cannot change, and 1, 1.0 and True are one member of them. */
function setProblem(set: Set<unknown>): NoCounterpart | undefined {
  if (Reflect.ownKeys(set).length > 0) return here('Set with properties');
  const members = new Set<unknown>();
  const { forEach } = Set.prototype;
  let size = 0;
  let what: string | undefined;
  forEach.call(set, (member) => {
    size++;
    members.add(
      typeof member === 'boolean' ? Number(member) : typeof member === 'bigint' ? comparable(member) : member,
    );
    if (!isPrimitive(member)) what = 'Set of objects';
    else what ??= unknownPrimitive(member);
  });
  if (what !== undefined) return here(what);
  return members.size === size ? undefined : here('Set of members that are equal in Python');
}

/** The number that is equal to a bigint, where there is one. */
function comparable(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isFinite(number) && BigInt(number) === value ? number : value;
}

/** Do two views share bytes, so that a change to one would show in the other? */
function overlap(views: readonly TypedArray[]): boolean {
  const byBuffer = new Map<ArrayBufferLike, [start: number, end: number][]>();
  for (const { buffer, byteOffset, byteLength } of views) {
    if (byteLength === 0) continue;
    const ranges = byBuffer.get(buffer) ?? [];
    ranges.push([byteOffset, byteOffset + byteLength]);
    byBuffer.set(buffer, ranges);
  }
  return [...byBuffer.values()].some((ranges) => {
    ranges.sort(([a], [b]) => a - b);
    return ranges.some(([start], index) => index > 0 && start < (ranges[index - 1]?.[1] ?? 0));
  });
}

function stepOf(object: object, name: string): Step {
  return Array.isArray(object) ? Number(name) : name;
}

function pathOf(visit: Visit): string {
  const steps: string[] = [];
  for (let at: Visit = visit; at.holder !== undefined; at = at.holder) steps.push(stepText(at.step));
  return steps.reverse().join('');
}
