/** Recognising values by shape, so that two installed copies of a package, or none, make no difference. */
import type { NdArray } from 'ndarray';

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

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
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

/** Can something be attached to it: is it an object or a function? */
export function hasIdentity(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** How a message calls what was given in place of an object. */
export function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
