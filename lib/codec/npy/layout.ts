/** How the elements of an array lie in memory, and whether an npy file can bring it back exactly. */
import { constants } from 'node:buffer';
import { types } from 'node:util';
import { functionName, isNdArray, isTypedArray, type TypedArray } from '../../base/language/brand.js';
import { beyondElements } from '../shared/bare-array.js';
import type { AsArray } from '../../library/contract/adapter.js';
import { asArray, type InForm } from '../../library/file-form.js';
import { ARRAY_TYPES, type ArrayType } from './dtype.js';
import { MAX_DIMENSIONS } from './header.js';

/** An array that an npy file holds exactly. */
export interface ArrayLayout {
  /** The type of the memory that holds the elements. */
  readonly arrayType: ArrayType;
  /** Is it an ndarray, or the typed array itself? */
  readonly isNdArray: boolean;
  readonly data: TypedArray;
  readonly shape: number[];
  /** Distance of neighbours along each dimension, in elements of `data`. */
  readonly stride: number[];
  /** Where in `data` the element at index 0 of all dimensions is. */
  readonly offset: number;
}

/** A file is read into one array of bytes: 4 GiB on Node 20, more than memory on later ones. */
const TOO_LARGE = 'an array of more bytes than this Node can read into one array';

/** Own properties of an ndarray, whatever its dimension. */
const NDARRAY_PROPERTIES: ReadonlySet<unknown> = new Set(['data', 'shape', 'stride', 'offset']);

/**
 * Looks at a value. Never throws; the cost does not grow with the number of elements.
 * @returns its layout, or the kind of value (for an error message) where an npy file cannot bring it back
 */
export function layoutOf(value: unknown): ArrayLayout | string {
  if (types.isProxy(value)) return 'a Proxy';
  try {
    if (typeof value !== 'object' || value === null) return 'not a typed array or an ndarray';
    if (!Object.isExtensible(value)) return 'an object that is frozen, which an npy file does not say';
    return isTypedArray(value) ? layoutOfTypedArray(value) : layoutOfNdArray(value);
  } catch {
    return 'an object that cannot be read';
  }
}

/** How the numbers of an array of a library lie, and what its record says of it; `undefined` for any other value. */
export function libraryLayout(value: unknown): (Omit<InForm<AsArray>, 'form'> & { layout: ArrayLayout }) | undefined {
  const { form, ...notes } = asArray(value) ?? {};
  const arrayType = form && typeOf(form.data);
  if (form === undefined || arrayType === undefined || typeof arrayType === 'string') return undefined;
  const { data, shape, stride } = form;
  const layout = { arrayType, isNdArray: true, data, shape: [...shape], stride: [...stride], offset: 0 };
  const isWhole = memoryOrder(layout) !== undefined && liesWithin(layout);
  return isWhole ? { ...(notes as Omit<InForm<AsArray>, 'form'>), layout } : undefined;
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1);
}

/** Strides of an array without gaps: row-major, or column-major where `fortranOrder`. */
export function contiguousStrides(shape: readonly number[], fortranOrder: boolean): number[] {
  const strides = shape.map(() => 1);
  const dimensions = [...shape.keys()];
  let stride = 1;
  for (const dimension of fortranOrder ? dimensions : dimensions.reverse()) {
    strides[dimension] = stride;
    stride *= shape[dimension] as number;
  }
  return strides;
}

/**
 * Which order of an array without gaps its elements lie in. As in NumPy, the stride of a dimension of length 1 does not
 * count, and an array that is both is row-major.
 */
export function memoryOrder({ shape, stride }: Pick<ArrayLayout, 'shape' | 'stride'>): 'C' | 'F' | undefined {
  if (shape.includes(0)) return 'C';
  const matches = (strides: number[]): boolean =>
    shape.every((length, dimension) => length === 1 || strides[dimension] === stride[dimension]);
  if (matches(contiguousStrides(shape, false))) return 'C';
  return matches(contiguousStrides(shape, true)) ? 'F' : undefined;
}

function layoutOfTypedArray(data: TypedArray): ArrayLayout | string {
  const arrayType = typeOf(data);
  if (typeof arrayType === 'string') return arrayType;
  if (data.byteLength > constants.MAX_LENGTH) return TOO_LARGE;
  return { arrayType, isNdArray: false, data, shape: [data.length], stride: [1], offset: 0 };
}

/** The package makes a class for each dtype and dimension. Its name tells its arrays from subclasses and lookalikes. */
const NDARRAY_CLASS = /^View(\d+)d(\w+)$/;

function layoutOfNdArray(value: object): ArrayLayout | string {
  const [, dimension, dtype] = NDARRAY_CLASS.exec(className(value)) ?? [];
  if (dtype === undefined) return 'not a typed array or an ndarray';
  const isPlain = (key: PropertyKey): boolean => Object.getOwnPropertyDescriptor(value, key)?.get === undefined;
  if (!Reflect.ownKeys(value).every((key) => NDARRAY_PROPERTIES.has(key) && isPlain(key))) {
    return 'an ndarray with properties of its own beside its elements';
  }
  if (!isNdArray(value)) return 'not a typed array or an ndarray';
  const data: unknown = value.data;
  if (!isTypedArray(data)) return `an ndarray of dtype ${dtype}, whose elements may be anything`;
  const arrayType = typeOf(data);
  if (typeof arrayType === 'string') return `an ndarray over ${arrayType}`;
  if (arrayType.ndarrayDtype !== dtype) return `an ndarray of dtype ${dtype} over a ${arrayType.name}`;
  const { stride, offset } = value;
  // Adding 0 turns the length -0 into the 0 that the file will say, and a hole into NaN.
  const shape = Array.from(value.shape, (length) => length + 0);
  const layout = { arrayType, isNdArray: true, data, shape, stride: [...stride], offset };
  const fits = shape.length === Number(dimension) && liesWithin(layout);
  if (!fits) return 'an ndarray whose shape and strides do not fit its data';
  return elementCount(shape) * arrayType.bytes > constants.MAX_LENGTH ? TOO_LARGE : layout;
}

/** Read off the descriptors, so that no getter of a value runs. */
function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || types.isProxy(prototype)) return '';
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof constructor === 'function' ? functionName(constructor) : '';
}

/** The array's type, or its kind where a copy would lack something. */
function typeOf(data: TypedArray): ArrayType | string {
  const prototype: unknown = Object.getPrototypeOf(data);
  for (const type of ARRAY_TYPES.values()) {
    if (type.prototype === prototype) return beyondElements(data) ?? type;
  }
  return 'a typed array of a class of its own';
}

function liesWithin({ shape, stride, offset, data }: ArrayLayout): boolean {
  if (shape.length !== stride.length || shape.length > MAX_DIMENSIONS) return false;
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) return false;
  if (shape.includes(0)) return true;
  let lowest = offset;
  let highest = offset;
  for (const [dimension, length] of shape.entries()) {
    const reach = (length - 1) * (stride[dimension] as number);
    lowest += Math.min(0, reach);
    highest += Math.max(0, reach);
  }
  return stride.every(Number.isSafeInteger) && Number.isSafeInteger(offset) && lowest >= 0 && highest < data.length;
}
