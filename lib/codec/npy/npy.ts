/** The codec of arrays: files as numpy.save writes them, and as numpy.load and numpy.memmap read them. */
import { FormatError, UncacheableValueError } from '../../base/errors.js';
import type { Codec, Encoded, ValueNotes } from '../shared/codec.js';
import { requireLittleEndian } from './dtype.js';
import { bodyBytes, formatNpyHeader, locateHeader, parseNpyHeader } from './header.js';
import { gather } from './gather.js';
import { elementCount, layoutOf, libraryLayout, memoryOrder, type ArrayLayout } from './layout.js';
import { ofArray } from '../../library/file-form.js';
import { libraryClassOf } from '../../library/recognise.js';
import { chooseTarget, restore, restoreNumbers, typeName } from './restore.js';

/**
 * Typed arrays and numeric ndarrays ↔ npy.
 *
 * **Takes** every typed array of exactly a built-in class (Float16Array where the runtime has it), Buffer, and every
 * array of the `ndarray` package over one of those, whatever its strides, offset and dimension (64 at most, as
 * NumPy). Not those on a SharedArrayBuffer or a resizable ArrayBuffer, with properties beside their elements, or
 * ndarrays over plain arrays and get/set stores: they would come back as something else. Nor those of more bytes than
 * one Uint8Array of this Node can have (4 GiB on Node 20): they could not be read.
 *
 * **Writes** what numpy.save writes for the same array, byte for byte. Elements without gaps in row-major order, or in
 * column-major order (`fortran_order: True`), are not copied; others are gathered in row-major order, as NumPy does.
 *
 * **Notes** the exact type: the class of a typed array (`'Float64Array'`, `'Buffer'`), `'ndarray<Float64Array>'` for
 * an ndarray over one; `dtype` as in the header (`'<f8'`, `'|u1'`) and `shape`. A restored typed array has memory of
 * its own length; a restored ndarray has equal shape, elements and dtype, and the strides of the stored order.
 *
 * **Reads** versions 1, 2 and 3. With an empty `type` in the notes, a file of NumPy's: 1-d as a typed array, 0-d and
 * n-d as an ndarray; big-endian swapped in place; bool as Uint8Array of 0 and 1; float16 widened to Float32Array;
 * complex as an ndarray with a trailing axis of 2 (real, imaginary).
 */
export const npyCodec: Codec = {
  name: 'npy',
  extension: 'npy',
  sample: Float64Array.of(0, -0, NaN, Infinity, 1.5),

  accepts: (value) => typeof layoutOf(value) !== 'string' || isLibraryArray(value),

  encode(value): Encoded {
    requireLittleEndian();
    const layout = layoutOf(value);
    if (typeof layout !== 'string') return { type: typeName(layout.arrayType, layout.isNdArray), ...fileOf(layout) };
    const ofLibrary = libraryLayout(value);
    if (ofLibrary === undefined) {
      throw new UncacheableValueError('result', layout, "leave the choice of the codec to the library, or use 'v8'");
    }
    const { type, library, layout: lies } = ofLibrary;
    return { type, library: { ...library, memory: lies.arrayType.name }, ...fileOf(lies) };
  },

  /** Nothing of the body's size is allocated before the header agrees with the file's size. */
  bodyOffset(head, fileSize): number | undefined {
    const place = locateHeader(head);
    if ((place?.bodyOffset ?? head.length + 1) > fileSize) {
      throw new FormatError(`the file ends inside its npy header, after ${String(fileSize)} bytes`);
    }
    if (place === undefined || place.bodyOffset > head.length) return undefined;
    const header = parseNpyHeader(head);
    requireSize(bodyBytes(header), fileSize - header.bodyOffset, header.shape);
    return header.bodyOffset;
  },

  decode(body: Uint8Array<ArrayBuffer>, notes: ValueNotes, head: Uint8Array): unknown {
    requireLittleEndian();
    const header = parseNpyHeader(head);
    requireSize(bodyBytes(header), body.length, header.shape);
    const { library } = notes;
    if (library === undefined) return restore(body, header, chooseTarget(header, notes));
    return ofArray(
      library,
      restoreNumbers(body, header, chooseTarget(header, { ...notes, type: `ndarray<${library.memory ?? ''}>` })),
    );
  },
};

function fileOf(layout: ArrayLayout): Omit<Encoded, 'type'> {
  const { arrayType, shape } = layout;
  const header = formatNpyHeader(arrayType.descr, memoryOrder(layout) === 'F', shape);
  const body = elementBytes(layout);
  return { dtype: arrayType.descr, shape, chunks: body.length === 0 ? [header] : [header, body] };
}

function isLibraryArray(value: unknown): boolean {
  return libraryClassOf(value)?.adapter.array !== undefined && libraryLayout(value) !== undefined;
}

/**
 * The elements of an array: as they stand in its memory, not copied, where it has no gaps; otherwise gathered in
 * row-major order.
 */
export function elementBytes(layout: ArrayLayout): Uint8Array {
  if (memoryOrder(layout) === undefined) return gather(layout);
  const { data, shape, offset } = layout;
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = data;
  const count = elementCount(shape);
  // An empty array may have any offset.
  const start = count === 0 ? 0 : offset;
  return new Uint8Array(buffer, byteOffset + start * BYTES_PER_ELEMENT, count * BYTES_PER_ELEMENT);
}

function requireSize(expected: number, found: number, shape: readonly number[]): void {
  if (expected === found) return;
  throw new FormatError(
    `an npy file of shape (${shape.join(', ')}) has ${String(expected)} bytes of elements, but this one has ` +
      `${String(found)}: it is ${found < expected ? 'truncated' : 'followed by something else'}`,
  );
}
