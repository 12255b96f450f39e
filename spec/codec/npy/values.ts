/** Arrays that the codecs of arrays keep, and what they do not take. */
import { createRequire } from 'node:module';
import type ndarrayOf from 'ndarray';
import type { Cases } from '../../contract/codec-contract.js';

const ndarray = createRequire(import.meta.url)('ndarray') as typeof ndarrayOf;

export const ARRAYS: Cases = {
  'a Float64Array': () => Float64Array.of(0, -0, NaN, 1.5),
  'a BigInt64Array': () => BigInt64Array.of(-1n, 2n ** 62n),
  'a Uint8ClampedArray': () => Uint8ClampedArray.of(0, 255),
  'a Buffer': () => Buffer.from('abc'),
  'an empty array': () => new Int16Array(0),
  'a row-major ndarray': () => ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
  'an ndarray without dimensions': () => ndarray(Float64Array.of(7), []),
  'an empty ndarray': () => ndarray(new Float32Array(0), [0, 3]),
  'a column-major ndarray': () => ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 2]),
};

export const NO_ARRAYS: Cases = {
  'a plain array': () => [1, 2],
  'an array with a name': () => Object.assign(new Uint8Array(2), { name: 'n' }),
  'shared memory': () => new Uint8Array(new SharedArrayBuffer(8)),
  'an ndarray of anything': () => ndarray([1, 'a'] as number[], [2]),
};
