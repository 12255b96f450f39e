/** Recognising values by shape, so that two installed copies of a package, or none, make no difference. */
import type { NdArray } from 'ndarray';
import { types } from 'node:util';

/** Any of JavaScript's typed arrays (DataView is not one of them). */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Classes of typed arrays by name, whether this Node.js has them or not, and the Buffer. Files and keys name them so. */
export const TYPED_ARRAY_NAMES = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Buffer',
];

export function isTypedArray(value: unknown): value is TypedArray {
  return types.isTypedArray(value);
}

/** Is it an array of the `ndarray` package? */
export function isNdArray(value: unknown): value is NdArray {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Partial<Record<keyof NdArray, unknown>>;
  return (
    Array.isArray(candidate.shape) &&
    Array.isArray(candidate.stride) &&
    typeof candidate.offset === 'number' &&
    typeof candidate.dtype === 'string' &&
    typeof candidate.get === 'function' &&
    typeof candidate.pick === 'function' &&
    typeof candidate.data === 'object'
  );
}

/** Properties that are read of buffers and their views, where an own property of that name would hide the class's. */
const READ_OF_BYTES = [
  'length',
  'byteLength',
  'byteOffset',
  'buffer',
  'BYTES_PER_ELEMENT',
  'subarray',
  'slice',
  'constructor',
  'resizable',
  'growable',
  'maxByteLength',
] as const;

/** Which of its class's members a buffer or view hides behind a property of its own; asks none of them. */
export function shadowedMember(bytes: ArrayBufferView | ArrayBufferLike): string | undefined {
  return READ_OF_BYTES.find((name) => Object.hasOwn(bytes, name));
}

/** Name of a class or function as it was written; a static member of that name is not asked. */
export function functionName(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

/** Can something be attached to it: is it an object or a function? */
export function hasIdentity(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** How a message calls what was given in place of an object. */
export function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
