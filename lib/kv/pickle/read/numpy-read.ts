/** NumPy's arrays, dtypes and scalars as its `__reduce__` methods tell of them → typed arrays, ndarrays and numbers. */
import type { TypedArray } from '../../../base/language/brand.js';
import { parseDescr, requireLittleEndian } from '../../../codec/npy/dtype.js';
import { bodyBytes, MAX_DIMENSIONS, type NpyHeader } from '../../../codec/npy/header.js';
import { chooseTarget, restore } from '../../../codec/npy/restore.js';
import { toNumber } from '../../base/numbers.js';
import { Deferred } from './deferred.js';
import { PickleError } from '../errors.js';

/** A dtype: its kind and size first (`'f8'`), its byte order by the state that follows. */
export class Dtype extends Deferred {
  private order: string | undefined;

  constructor(readonly kind: string) {
    super();
  }

  /** Takes the state that `dtype.__reduce__` gives: version, order, subarray, names, fields, sizes, flags. */
  build(state: unknown): void {
    const [, order, subarray, names, fields] = Array.isArray(state) ? (state as unknown[]) : [];
    if (typeof order !== 'string') throw new PickleError('the state of a dtype is not what NumPy writes');
    if (subarray !== null || names !== null || fields !== null) {
      throw new PickleError(
        "a structured dtype is not read: in NumPy, save each of its fields by itself: array['field']",
      );
    }
    this.order = order;
  }

  /** Its name in an npy header: `'<f8'`. */
  get descr(): string {
    return (this.order ?? '') + this.kind;
  }

  override value(): never {
    throw new PickleError(`a dtype (${this.descr}) is not read as a value: in NumPy, save its name: array.dtype.str`);
  }
}

/** An array that gets its elements by the state that follows. */
export class NumpyArray extends Deferred {
  private made: unknown;

  /** Takes the state that `ndarray.__reduce__` gives: version, shape, dtype, column-major or not, elements. */
  build(state: unknown): void {
    const [, shape, dtype, isFortran, elements] = Array.isArray(state) ? (state as unknown[]) : [];
    if (!(dtype instanceof Dtype)) throw new PickleError('the state of an array is not what NumPy writes');
    // Our own mark, see numpy-write.ts.
    const is1dNdArray = isFortran === true && Array.isArray(shape) && shape.length === 1;
    this.made = restored(elements, dtype, shape, { isFortran: isFortran === true, asNdArray: is1dNdArray });
  }

  override value(): unknown {
    if (this.made === undefined) throw new PickleError('an array has no elements: the pickle is damaged');
    return this.made;
  }
}

/** `_frombuffer(bytes, dtype, shape, order)` of protocol 5. */
export function fromBuffer([elements, dtype, shape, order]: readonly unknown[]): unknown {
  if (!(dtype instanceof Dtype) || (order !== 'C' && order !== 'F')) {
    throw new PickleError('the arguments of _frombuffer are not what NumPy writes');
  }
  return restored(elements, dtype, shape, { isFortran: order === 'F', asNdArray: false });
}

/** `scalar(dtype, bytes)`: one number. */
export function numpyScalar([dtype, bytes]: readonly unknown[]): number | bigint | boolean {
  if (!(dtype instanceof Dtype)) throw new PickleError('the arguments of scalar are not what NumPy writes');
  if (parseDescr(dtype.descr).components === 2) {
    throw new PickleError(
      `a complex scalar (${dtype.descr}) has no counterpart in JavaScript: save its parts, number.real and number.imag`,
    );
  }
  const [element] = restored(bytes, dtype, [1], { isFortran: false, asNdArray: false }) as TypedArray;
  if (dtype.kind === 'b1') return element === 1;
  return typeof element === 'bigint' ? toNumber(element) : (element as number);
}

interface Form {
  readonly isFortran: boolean;
  /** Also where it has one dimension. */
  readonly asNdArray: boolean;
}

function restored(elements: unknown, { descr }: Dtype, shape: unknown, { isFortran, asNdArray }: Form): unknown {
  requireLittleEndian();
  const dtype = parseDescr(descr);
  if (!Buffer.isBuffer(elements))
    throw new PickleError('the elements of an array are not bytes: the pickle is damaged');
  const header: NpyHeader = {
    version: 1,
    dtype,
    descr,
    fortranOrder: isFortran,
    shape: readShape(shape),
    bodyOffset: 0,
  };
  const expected = bodyBytes(header);
  if (expected !== elements.length) {
    throw new PickleError(
      `an array of shape (${header.shape.join(', ')}) has ${expected} bytes of elements, not ${elements.length}: the pickle is damaged`,
    );
  }
  const target = chooseTarget(header, { type: '' });
  return restore(new Uint8Array(elements), header, { ...target, asNdArray: target.asNdArray || asNdArray });
}

function readShape(shape: unknown): number[] {
  const isShape =
    Array.isArray(shape) &&
    shape.length <= MAX_DIMENSIONS &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!isShape) throw new PickleError('the shape of an array is not a tuple of lengths: the pickle is damaged');
  return [...(shape as number[])];
}
