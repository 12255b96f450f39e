/** Comparing arrays to the bit and the type, independently of the code under test. */
import { isNdArray, isTypedArray, type TypedArray } from '#lib/base/language/brand.js';
import { expect } from 'chai';
import type { NdArray } from 'ndarray';

/** Every index of a shape, the last dimension running fastest. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const [length, ...rest] = shape;
  if (length === undefined) {
    yield [];
    return;
  }
  for (let index = 0; index < length; index++) for (const tail of indices(rest)) yield [index, ...tail];
}

/** The bytes of all elements in row-major order. */
export function elementBytes(value: unknown): Buffer {
  if (isTypedArray(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (!isNdArray(value)) throw new TypeError('not an array');
  const data = value.data as unknown as TypedArray;
  const size = data.BYTES_PER_ELEMENT;
  const bytes = elementBytes(data);
  const elements = [...indices(value.shape)].map((index) => {
    const place = (value as unknown as NdArray<Float64Array>).index(...index);
    return bytes.subarray(place * size, (place + 1) * size);
  });
  return Buffer.concat(elements);
}

/** Same class, dtype, shape and bits. */
export function expectSameArray(actual: unknown, expected: unknown): void {
  expect(Object.getPrototypeOf(dataOf(actual)), 'class').to.equal(Object.getPrototypeOf(dataOf(expected)));
  expect(isNdArray(actual), 'is an ndarray').to.equal(isNdArray(expected));
  if (isNdArray(actual) && isNdArray(expected)) {
    expect(actual.dtype).to.equal(expected.dtype);
    expect(actual.shape).to.deep.equal(expected.shape);
  }
  expect(elementBytes(actual).toString('hex')).to.equal(elementBytes(expected).toString('hex'));
}

function dataOf(value: unknown): unknown {
  return isNdArray(value) ? value.data : value;
}
