/** The elements of typed arrays and ndarrays as bytes, in row-major order whatever the strides. */
import { bytesOf } from '../../base/language/bytes-of.js';
import type { TypedArray } from '../../base/language/brand.js';
import { ByteStream, liesLittleEndian, toLittleEndian } from './many-bytes.js';
import { type Layout, gathered, typedArrayKind } from './gather.js';
import { NAN_CLEANERS, type NaNCleaner } from './nan.js';
import { Refusal } from './plan.js';

/** Elements gathered or looked through at a time. */
const BLOCK = 1 << 14;

/**
 * Elements as one item of an encoding.
 * @param oneNaN every NaN counts as the same one, as no JavaScript can tell them apart; else elements count to the bit
 */
export function elementsOf(data: TypedArray, layout: Layout | undefined, oneNaN: boolean): ByteStream {
  const size = layout === undefined ? data.length : layout.shape.reduce((product, length) => product * length, 1);
  const cleaner = oneNaN ? NAN_CLEANERS[typedArrayKind(data) as string] : undefined;
  return new ByteStream(size * data.BYTES_PER_ELEMENT, () => {
    if (size === 0) return [];
    if (layout === undefined) return contiguous(data, cleaner);
    if (isRowMajor(layout)) return contiguous(data.subarray(layout.offset, layout.offset + size), cleaner);
    return gathered(data, layout, size, cleaner);
  });
}

/** Some minutes of work; only strides of 0 lead there, in memory of any size. */
const MOST_ELEMENTS = 2 ** 36;

/** @throws Refusal where the layout reaches outside the data */
export function checkLayout(length: number, { shape, stride, offset }: Layout): void {
  let first = offset;
  let last = offset;
  let size = 1;
  let sound = shape.length === stride.length && Number.isSafeInteger(offset);
  for (const [axis, count] of shape.entries()) {
    const step = stride[axis] as number;
    sound &&= Number.isSafeInteger(count) && count >= 0 && Number.isSafeInteger(step);
    size *= count;
    if (step > 0) last += step * (count - 1);
    else first += step * (count - 1);
  }
  if (size > MOST_ELEMENTS) throw new Refusal('an ndarray whose strides repeat its elements beyond all bounds');
  if (!sound || (size > 0 && (first < 0 || last >= length))) {
    throw new Refusal('an ndarray whose shape and strides reach outside its data');
  }
}

function isRowMajor({ shape, stride }: Layout): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const count = shape[axis] as number;
    if (count !== 1 && stride[axis] !== expected) return false;
    expected *= count;
  }
  return true;
}

function* contiguous(data: TypedArray, cleaner: NaNCleaner | undefined): Generator<Uint8Array> {
  if (cleaner === undefined && liesLittleEndian(data.BYTES_PER_ELEMENT)) {
    yield bytesOf(data);
    return;
  }
  for (let start = 0; start < data.length; start += BLOCK) {
    const block = data.subarray(start, start + BLOCK);
    const cleaned = cleaner?.(block) ?? block;
    if (liesLittleEndian(data.BYTES_PER_ELEMENT)) yield bytesOf(cleaned);
    else yield toLittleEndian(bytesOf(cleaned.slice()), data.BYTES_PER_ELEMENT);
  }
}
