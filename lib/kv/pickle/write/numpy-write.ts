/**
 * Typed arrays and ndarrays → NumPy's arrays, as `ndarray.__reduce__` of NumPy 1 tells of them, which NumPy 2 reads
 * as well: https://numpy.org/doc/stable/reference/generated/numpy.ndarray.__reduce__.html
 */
import { textBytes } from '../../../base/text/text-bytes.js';
import { requireLittleEndian } from '../../../codec/npy/dtype.js';
import { layoutOf, memoryOrder, type ArrayLayout } from '../../../codec/npy/layout.js';
import { elementBytes } from '../../../codec/npy/npy.js';
import { GlobalName, Reduced, Tuple } from '../python-value.js';

const RECONSTRUCT = new GlobalName('numpy.core.multiarray', '_reconstruct');
const NDARRAY = new GlobalName('numpy', 'ndarray');
const DTYPE = new GlobalName('numpy', 'dtype');
/** The dtype of the empty array that is filled afterwards: bytes. */
const PLACEHOLDER_DTYPE = textBytes('b');

/** Which types of array come back from NumPy's as what they were. */
const WITH_COUNTERPART: ReadonlySet<string> = new Set([
  'Int8Array',
  'Uint8Array',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float32Array',
  'Float64Array',
]);

/**
 * How the elements of an array lie, where NumPy has its counterpart; otherwise the kind of array, without an article.
 */
export function numpyLayout(array: object): ArrayLayout | string {
  const layout = layoutOf(array);
  if (typeof layout === 'string') return layout.replace(/^an? /, '');
  const { arrayType, isNdArray } = layout;
  if (WITH_COUNTERPART.has(arrayType.name)) return layout;
  return isNdArray ? `ndarray over a ${arrayType.name}` : arrayType.name;
}

/**
 * The array as Python makes it. NumPy calls a 1-d array column-major only if it is not row-major as well, which it
 * always is; here, the mark tells an ndarray from a typed array. NumPy reads both alike.
 */
export function numpyArray(layout: ArrayLayout): Reduced {
  requireLittleEndian();
  const { arrayType, isNdArray, shape } = layout;
  const isFortran = memoryOrder(layout) === 'F' || (isNdArray && shape.length === 1);
  return new Reduced(
    RECONSTRUCT,
    new Tuple([NDARRAY, new Tuple([0]), PLACEHOLDER_DTYPE]),
    new Tuple([1, new Tuple(shape), dtypeOf(arrayType.descr), isFortran, Buffer.from(elementBytes(layout))]),
  );
}

const dtypes = new Map<string, Reduced>();

function dtypeOf(descr: string): Reduced {
  let dtype = dtypes.get(descr);
  if (dtype === undefined) {
    dtype = new Reduced(
      DTYPE,
      new Tuple([descr.slice(1), false, true]),
      new Tuple([3, descr.charAt(0), null, null, null, -1, -1, 0]),
    );
    dtypes.set(descr, dtype);
  }
  return dtype;
}
