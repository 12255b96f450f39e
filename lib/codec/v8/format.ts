/**
 * The v8 format, version 1: what a value becomes on its way into a file, and back.
 *
 * A graph of values is flattened into a stream of unsigned 32-bit words (`code`) and a flat list of primitives
 * (`values`). Objects are numbered in the order of a breadth-first walk and described in that order, so that depth,
 * cycles and shared references need nothing special, and no data of a user can be taken for a tag: her data are
 * primitives, tags are words. Bytes (of typed arrays and the like) lie outside, in segments.
 *
 * ```
 * 0   7  'STOWAGE'
 * 7   1  version, 1
 * 8   8  length of the table in bytes, little-endian
 * 16  8  length of the file in bytes, little-endian
 * 24     the table: v8.serialize([values, shapes, layouts]), nothing but arrays and primitives, which every Node.js
 *        that we support writes and reads alike
 *        the pieces of the segments, each at a multiple of 8 from the start of the table; segment 0 is the code
 * ```
 *
 * - `values`: primitives, in the order in which the code consumes them
 * - `shapes`: lists of property names, in order, referred to by number
 * - `layouts`: per segment `[byteLength, offset, length, …]`: its size and the pieces of it that are stored; the rest
 *   is zero
 *
 * The code is the list that holds the root, then one description per object: a word `tag | level << 8`, then what the
 * tag asks for. A list is a flag and, if that is 1, one word per item: 0 takes the next primitive, n + 1 is object n;
 * with flag 0 all items are primitives.
 */
import { types } from 'node:util';
import { TYPED_ARRAY_NAMES } from '../../base/language/brand.js';

export const MAGIC = 'STOWAGE';
export const FORMAT_VERSION = 1;
export const HEADER_BYTES = 24;
/** Pieces start at multiples of this, so that words and doubles can be read in place. */
const ALIGNMENT = 8;

/** What an object is; the numbers are part of the format. */
export const Tag = {
  object: 1,
  nullPrototype: 2,
  array: 3,
  sparseArray: 4,
  map: 5,
  set: 6,
  date: 7,
  regExp: 8,
  boxed: 9,
  error: 10,
  arrayBuffer: 11,
  view: 12,
  ndarray: 13,
  arrow: 14,
  url: 15,
  searchParams: 16,
  instance: 17,
  temporal: 18,
  /** Of a library, with its own fields. */
  library: 19,
  /** Of a library, which makes it of parts. */
  libraryMade: 20,
} as const;

/** How far an object is closed to change; the numbers are part of the format. */
export const Level = { open: 0, nonExtensible: 1, sealed: 2, frozen: 3 } as const;

/** Flags of one own property of an error. */
export const Flag = { writable: 1, enumerable: 2, configurable: 4 } as const;

/** More dimensions than any real array has; `ndarray` compiles a class per dimension. */
export const MAX_DIMENSIONS = 64;

export interface ViewClass {
  readonly prototype: object;
  readonly align: number;
  make(buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView;
}

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView;

/** Views by name, in the form in which this runtime knows them (`Float16Array` from Node 24 on). */
export const VIEWS: ReadonlyMap<string, ViewClass> = new Map(
  [...TYPED_ARRAY_NAMES, 'DataView'].flatMap((name): [string, ViewClass][] => {
    const View = (globalThis as Record<string, unknown>)[name] as
      (ViewConstructor & { prototype: object; BYTES_PER_ELEMENT?: number }) | undefined;
    if (View === undefined) return [];
    const make =
      name === 'Buffer'
        ? (buffer: ArrayBuffer, at: number, length: number): ArrayBufferView => Buffer.from(buffer, at, length)
        : (buffer: ArrayBuffer, at: number, length: number): ArrayBufferView => new View(buffer, at, length);
    return [[name, { prototype: View.prototype, align: View.BYTES_PER_ELEMENT ?? 1, make }]];
  }),
);

/** Errors of the language by name; `SuppressedError` from Node 24 on. Subclasses are not among them. */
export const ERRORS: ReadonlyMap<string, { readonly prototype: object; make(): Error }> = new Map(
  [
    'Error',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
    'AggregateError',
    'SuppressedError',
  ].flatMap((name) => {
    const Class = (globalThis as Record<string, unknown>)[name] as (new (...args: unknown[]) => Error) | undefined;
    if (Class === undefined) return [];
    const make = (): Error => (name === 'AggregateError' ? new Class([]) : new Class());
    return [[name, { prototype: Class.prototype as object, make }]];
  }),
);

/** Objects around a primitive: how to open and how to wrap them. */
export const BOXES: readonly {
  name: string;
  is(value: unknown): boolean;
  prototype: object;
  open(box: object): unknown;
  wrap(value: unknown): object;
}[] = [
  {
    name: 'Number',
    is: types.isNumberObject,
    prototype: Number.prototype,
    open: (box) => Number.prototype.valueOf.call(box),
    wrap: (value) => Object(value) as object,
  },
  {
    name: 'String',
    is: types.isStringObject,
    prototype: String.prototype,
    open: (box) => String.prototype.valueOf.call(box),
    wrap: (value) => Object(value) as object,
  },
  {
    name: 'Boolean',
    is: types.isBooleanObject,
    prototype: Boolean.prototype,
    open: (box) => Boolean.prototype.valueOf.call(box),
    wrap: (value) => Object(value) as object,
  },
  {
    name: 'BigInt',
    is: types.isBigIntObject,
    prototype: BigInt.prototype,
    open: (box) => BigInt.prototype.valueOf.call(box),
    wrap: (value) => Object(value) as object,
  },
];

/** A number of bytes rounded up to where the next piece may start. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
