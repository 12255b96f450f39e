/**
 * NumPy's dtypes and JavaScript's typed arrays, side by side, as data.
 * Source of the names: NumPy's array protocol, https://numpy.org/doc/stable/reference/arrays.interface.html.
 */
import { endianness } from 'node:os';
import type { TypedArray } from '../../base/language/brand.js';
import { FormatError } from '../../base/errors.js';

/** One of JavaScript's types of numeric array. */
export interface ArrayType {
  /** The exact JavaScript type: `'Float64Array'`, `'Buffer'`, … */
  readonly name: string;
  /** How NumPy names its elements: `'<f8'`. */
  readonly descr: string;
  /** How the `ndarray` package names its elements: `'float64'`. */
  readonly ndarrayDtype: string;
  /** Bytes of one element. */
  readonly bytes: number;
  /** Prototype of its arrays; `undefined` where this runtime does not have the type. */
  readonly prototype: object | undefined;
  /**
   * An array over existing memory.
   * @throws FormatError where this runtime does not have the type
   */
  view(buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray;
}

interface Constructor {
  readonly prototype: TypedArray;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): TypedArray;
}

/** Float16Array came with Node 24; to the type checker it is as good as a Float32Array. */
const float16Array = (globalThis as { Float16Array?: Constructor }).Float16Array;

/** Every type that is written and restored, by its name. */
export const ARRAY_TYPES: ReadonlyMap<string, ArrayType> = new Map(
  [
    typed('Int8Array', '|i1', 'int8', Int8Array),
    typed('Uint8Array', '|u1', 'uint8', Uint8Array),
    typed('Uint8ClampedArray', '|u1', 'uint8_clamped', Uint8ClampedArray),
    buffer(),
    typed('Int16Array', '<i2', 'int16', Int16Array),
    typed('Uint16Array', '<u2', 'uint16', Uint16Array),
    typed('Int32Array', '<i4', 'int32', Int32Array),
    typed('Uint32Array', '<u4', 'uint32', Uint32Array),
    typed('BigInt64Array', '<i8', 'bigint64', BigInt64Array),
    typed('BigUint64Array', '<u8', 'biguint64', BigUint64Array),
    typed('Float16Array', '<f2', 'float16', float16Array),
    typed('Float32Array', '<f4', 'float32', Float32Array),
    typed('Float64Array', '<f8', 'float64', Float64Array),
  ].map((type) => [type.name, type]),
);

/** What must happen to the elements of a file before they are JavaScript numbers. */
export type Conversion = 'none' | 'truth' | 'widen';

/** A dtype that has a numeric meaning here, as a file names it. */
export interface NpyDtype {
  /** Its name as written: `'<f8'`. */
  readonly descr: string;
  /** Bytes of one element of the file; both parts of a complex number together. */
  readonly bytes: number;
  /** Numbers in one element: 2 (real, imaginary) for complex numbers, otherwise 1. */
  readonly components: 1 | 2;
  /** Are the bytes of each number in big-endian order? */
  readonly bigEndian: boolean;
  /** Name of the array type that holds the numbers where no note tells. */
  readonly plainType: string;
  /** `'truth'`: bytes become 0 or 1; `'widen'`: float16 becomes float32; `'none'`: as they are. */
  readonly conversion: Conversion;
}

type DtypeRow = readonly [bytes: number, plainType: string, conversion?: Conversion, components?: 2];

const DTYPES: ReadonlyMap<string, DtypeRow> = new Map<string, DtypeRow>([
  ['b1', [1, 'Uint8Array', 'truth']],
  ['i1', [1, 'Int8Array']],
  ['i2', [2, 'Int16Array']],
  ['i4', [4, 'Int32Array']],
  ['i8', [8, 'BigInt64Array']],
  ['u1', [1, 'Uint8Array']],
  ['u2', [2, 'Uint16Array']],
  ['u4', [4, 'Uint32Array']],
  ['u8', [8, 'BigUint64Array']],
  ['f2', [2, 'Float32Array', 'widen']],
  ['f4', [4, 'Float32Array']],
  ['f8', [8, 'Float64Array']],
  ['c8', [8, 'Float32Array', 'none', 2]],
  ['c16', [16, 'Float64Array', 'none', 2]],
]);

/** What else NumPy saves, by its kind or its first letter: its name, and what its owner can save instead. */
const REFUSED: ReadonlyMap<string, readonly [name: string, advice: string]> = new Map([
  ['O', ['object', "save numbers: array.astype('float64')"]],
  ['V', ['void or structured', "save each of its fields by itself: array['field']"]],
  ['M', ['datetime', "save its counts: array.astype('int64'), and its unit beside them"]],
  ['m', ['timedelta', "save its counts: array.astype('int64'), and its unit beside them"]],
  ['S', ['string (bytes)', "save numbers, array.astype('float64') for example, or text as JSON"]],
  ['a', ['string (bytes)', "save numbers, array.astype('float64') for example, or text as JSON"]],
  ['U', ['string', "save numbers, array.astype('float64') for example, or text as JSON"]],
  ['T', ['string', "save numbers, array.astype('float64') for example, or text as JSON"]],
  ['f12', ['longdouble', "save it as array.astype('float64')"]],
  ['f16', ['longdouble', "save it as array.astype('float64')"]],
  ['c24', ['longdouble complex', "save it as array.astype('complex128')"]],
  ['c32', ['longdouble complex', "save it as array.astype('complex128')"]],
]);

/** Byte order, and kind with size; the kind's letter alone. */
const DESCR = /^([<>|=]?)((.).*)$/su;

const UNKNOWN = ['unknown', "save it as array.astype('float64')"] as const;

/**
 * Reads the name of a dtype: an order (`<`, `>`, or `|` where there is none), a kind, bytes of an element.
 * @param descr the `descr` of a header; anything but text is a structured dtype there
 * @throws FormatError where the dtype is not one of numbers that JavaScript has
 */
export function parseDescr(descr: unknown): NpyDtype {
  if (typeof descr !== 'string') throw refusal('structured', "save each of its fields by itself: array['field']");
  const [, order = '', kind = '', letter = ''] = DESCR.exec(descr) ?? [];
  const row = DTYPES.get(kind);
  if (row === undefined) {
    const [name, advice] = REFUSED.get(kind) ?? REFUSED.get(letter) ?? UNKNOWN;
    throw refusal(`${name} (${JSON.stringify(descr.slice(0, 40))})`, advice);
  }
  const [bytes, plainType, conversion = 'none', components = 1] = row;
  if (bytes > 1 && order !== '<' && order !== '>') {
    throw new FormatError(
      `dtype ${JSON.stringify(descr)} in the header does not say whether its bytes are little- ('<') or big-endian ` +
        `('>'): write the file with numpy.save, which does`,
    );
  }
  return { descr, bytes, components, bigEndian: order === '>', plainType, conversion };
}

/**
 * Arrays go to disk and back as they stand in memory, and files are little-endian.
 * @throws FormatError on a big-endian host
 */
export function requireLittleEndian(order: string = endianness()): void {
  if (order === 'LE') return;
  throw new FormatError(
    'npy files are read and written on little-endian hosts only, and this host is big-endian: ' +
      "choose another codec, 'v8' for example",
  );
}

function refusal(dtype: string, advice: string): FormatError {
  return new FormatError(`dtype ${dtype} has no numeric meaning here: in NumPy, ${advice}`);
}

function typed(name: string, descr: string, ndarrayDtype: string, constructor: Constructor | undefined): ArrayType {
  return {
    name,
    descr,
    ndarrayDtype,
    bytes: Number(descr.slice(2)),
    prototype: constructor?.prototype,
    view(memory, byteOffset, length) {
      if (constructor !== undefined) return new constructor(memory, byteOffset, length);
      throw new FormatError(`this is a ${name}, which Node ${process.version} does not have: read it with Node 24`);
    },
  };
}

function buffer(): ArrayType {
  return {
    name: 'Buffer',
    descr: '|u1',
    ndarrayDtype: 'buffer',
    bytes: 1,
    prototype: Buffer.prototype as object,
    view: (memory, byteOffset, length) => Buffer.from(memory, byteOffset, length),
  };
}
