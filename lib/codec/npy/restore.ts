/** From the bytes of an npy file to the array that they were or, in a file of NumPy's, to what suits them. */
import type createNdArray from 'ndarray';
import type { TypedArray } from '../../base/language/brand.js';
import { FormatError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import type { NumberArray } from '../../library/contract/adapter.js';
import type { ValueNotes } from '../shared/codec.js';
import { ARRAY_TYPES, type ArrayType, type Conversion } from './dtype.js';
import type { NpyHeader } from './header.js';
import { contiguousStrides } from './layout.js';

/** What a file's elements become. */
export interface Target {
  readonly arrayType: ArrayType;
  readonly asNdArray: boolean;
  readonly conversion: Conversion;
}

/** `'Float64Array'`, or `'ndarray<Float64Array>'`. */
const TYPE = /^(?:ndarray<(\w+)>|(\w+))$/;

/** How a record names the type of an array. */
export function typeName(arrayType: ArrayType, isNdArray: boolean): string {
  return isNdArray ? `ndarray<${arrayType.name}>` : arrayType.name;
}

/**
 * What the array is to be: what the notes say, or, without a type there, what suits the file.
 * @throws FormatError where notes and header disagree
 */
export function chooseTarget(header: NpyHeader, notes: ValueNotes): Target {
  // Notes come from a JSON file, whatever their type says.
  const { type, dtype, shape } = notes as Partial<Record<keyof ValueNotes, unknown>>;
  if (dtype !== undefined && dtype !== header.descr) throw disagreement('dtype', dtype, header.descr);
  if (shape !== undefined && !isSameShape(shape, header.shape)) throw disagreement('shape', shape, header.shape);
  if (type === undefined || type === '') return naturalTarget(header);
  const [, inNdArray, plain] = typeof type === 'string' ? (TYPE.exec(type) ?? []) : [];
  const arrayType = ARRAY_TYPES.get(inNdArray ?? plain ?? '');
  if (arrayType === undefined) {
    throw new FormatError(`no npy file holds a ${JSON.stringify(type)}: its record was replaced or damaged`);
  }
  if (arrayType.descr !== header.descr) throw disagreement('type', type, header.descr);
  if (inNdArray === undefined && header.shape.length !== 1) throw disagreement('type', type, header.shape);
  return { arrayType, asNdArray: inNdArray !== undefined, conversion: 'none' };
}

/** Makes the array over the file's bytes, which are its memory from here on (unless float16 must be widened). */
export function restore(body: Uint8Array<ArrayBuffer>, header: NpyHeader, target: Target): unknown {
  const { data } = restoreNumbers(body, header, target);
  if (!target.asNdArray) return data;
  return makeNdArray(data, header.shape, header.fortranOrder, header.dtype.components);
}

/** The numbers of a file, and how they lie. */
export function restoreNumbers(body: Uint8Array<ArrayBuffer>, header: NpyHeader, target: Target): NumberArray {
  const { dtype, shape, fortranOrder } = header;
  const numberBytes = dtype.bytes / dtype.components;
  const aligned = body.byteOffset % numberBytes === 0 ? body : new Uint8Array(body);
  if (dtype.bigEndian) SWAP[numberBytes]?.(Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength));
  const { buffer, byteOffset, byteLength } = CONVERT[target.conversion](aligned);
  const data = target.arrayType.view(buffer, byteOffset, byteLength / target.arrayType.bytes);
  return { data, shape, stride: contiguousStrides(shape, fortranOrder) };
}

function naturalTarget({ dtype, shape }: NpyHeader): Target {
  const arrayType = ARRAY_TYPES.get(dtype.plainType) as ArrayType;
  return { arrayType, asNdArray: shape.length !== 1 || dtype.components === 2, conversion: dtype.conversion };
}

/** The two parts of complex numbers are a last axis of 2, next to each other in either order. */
function makeNdArray(data: TypedArray, shape: readonly number[], fortranOrder: boolean, components: 1 | 2): unknown {
  const ndarray = load<typeof createNdArray>('ndarray');
  const strides = contiguousStrides(shape, fortranOrder);
  if (components === 1) return ndarray(data as Float64Array, [...shape], strides, 0);
  const partStrides = [...strides.map((stride) => stride * components), 1];
  return ndarray(data as Float64Array, [...shape, components], partStrides, 0);
}

const SWAP: Readonly<Record<number, (bytes: Buffer) => void>> = {
  2: (bytes) => bytes.swap16(),
  4: (bytes) => bytes.swap32(),
  8: (bytes) => bytes.swap64(),
};

const CONVERT: Readonly<Record<Conversion, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>>> = {
  none: (bytes) => bytes,
  /** NumPy takes any byte but 0 for true. */
  truth(bytes) {
    for (let place = 0; place < bytes.length; place++) if (bytes[place] !== 0) bytes[place] = 1;
    return bytes;
  },
  /** IEEE 754 binary16 to binary32, which holds each of its values; by bits, so that NaN keeps its payload. */
  widen(bytes) {
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const singles = new Uint32Array(halves.length);
    for (let place = 0; place < halves.length; place++) singles[place] = singleBits(halves[place] as number);
    return new Uint8Array(singles.buffer);
  },
};

function singleBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Below the normal range of binary16, but well within that of binary32: shift the leading bit to its hidden place.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function isSameShape(noted: unknown, shape: readonly number[]): boolean {
  return (
    Array.isArray(noted) &&
    noted.length === shape.length &&
    noted.every((length, dimension) => length === shape[dimension])
  );
}

function disagreement(what: string, noted: unknown, found: unknown): FormatError {
  return new FormatError(
    `the record notes ${what} ${JSON.stringify(noted)}, but the header of its npy file says ` +
      `${JSON.stringify(found)}: one of the two was replaced or damaged`,
  );
}
