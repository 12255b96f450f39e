/** The elements of typed arrays and ndarrays as bytes, in row-major order whatever the strides. */
import type { TypedArray } from '../base/brand.js';
import { ByteStream, bytesOf, liesLittleEndian, toLittleEndian } from './many-bytes.js';
import { NAN_CLEANERS, type NaNCleaner } from './nan.js';
import { Refusal } from './plan.js';

/** Elements gathered or looked through at a time. */
const BLOCK = 1 << 14;

/** Where elements lie in `data`, as an ndarray says it. */
export interface Layout {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Kind of a typed array: `'Float64Array'`; asked of the engine, so that no property of the array can lie. */
export function typedArrayKind(data: object): string | undefined {
  return KIND?.call(data) as string | undefined;
}
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the array as `this`
const KIND = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/**
 * Elements as one item of an encoding.
 * @param oneNaN every NaN counts as the same one, as no JavaScript can tell them apart; else elements count to the bit
 */
export function elementsOf(data: TypedArray, layout: Layout | undefined, oneNaN: boolean): ByteStream {
  const size = layout === undefined ? data.length : layout.shape.reduce((product, length) => product * length, 1);
  const cleaner = oneNaN ? NAN_CLEANERS[typedArrayKind(data) ?? ''] : undefined;
  return new ByteStream(size * data.BYTES_PER_ELEMENT, () => {
    if (size === 0) return [];
    if (layout === undefined) return contiguous(data, cleaner);
    if (isRowMajor(layout)) return contiguous(data.subarray(layout.offset, layout.offset + size), cleaner);
    return gathered(data, layout, size, cleaner);
  });
}

/** @throws Refusal where the layout reaches outside the data */
export function checkLayout(length: number, { shape, stride, offset }: Layout): void {
  let first = offset;
  let last = offset;
  let size = 1;
  let sound = shape.length === stride.length && Number.isSafeInteger(offset);
  for (const [axis, count] of shape.entries()) {
    const step = stride[axis] ?? NaN;
    sound &&= Number.isSafeInteger(count) && count >= 0 && Number.isSafeInteger(step);
    size *= count;
    if (step > 0) last += step * (count - 1);
    else first += step * (count - 1);
  }
  if (!sound || (size > 0 && (first < 0 || last >= length))) {
    throw new Refusal('an ndarray whose shape and strides reach outside its data');
  }
}

function isRowMajor({ shape, stride }: Layout): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const count = shape[axis] ?? 0;
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

/** Words as wide as the elements, so that no bit of a NaN changes on the way. */
const WORDS: Readonly<Record<number, [words: 1 | 2, array: Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor]>> = {
  1: [1, Uint8Array],
  2: [1, Uint16Array],
  4: [1, Uint32Array],
  8: [2, Uint32Array],
};

/** Copies elements into one block after another, row by row. */
function* gathered(data: TypedArray, layout: Layout, size: number, cleaner?: NaNCleaner): Generator<Uint8Array> {
  const word = WORDS[data.BYTES_PER_ELEMENT];
  if (word === undefined) throw new Refusal(`a typed array with elements of ${data.BYTES_PER_ELEMENT} bytes`);
  const [perElement, Words] = word;
  const source = new Words(data.buffer as ArrayBuffer, data.byteOffset, data.length * perElement);
  const bytes = new ArrayBuffer(Math.min(BLOCK, size) * data.BYTES_PER_ELEMENT);
  const target = new Words(bytes);
  const kind = typedArrayKind(data) as 'Float64Array';
  const elements: TypedArray = new globalThis[kind](bytes);
  const last = layout.shape.length - 1;
  const rowLength = layout.shape[last] ?? 1;
  const rowStep = layout.stride[last] ?? 1;
  const counter = new Array<number>(Math.max(last, 0)).fill(0);
  let filled = 0;
  const flush = (): Uint8Array => {
    const block = elements.subarray(0, filled);
    filled = 0;
    const cleaned = cleaner?.(block) ?? block;
    return toLittleEndian(bytesOf(cleaned), data.BYTES_PER_ELEMENT);
  };
  let rowStart = layout.offset;
  for (let row = size / rowLength; row > 0; row--) {
    for (let done = 0; done < rowLength; ) {
      const count = Math.min(rowLength - done, elements.length - filled);
      let from = rowStart + done * rowStep;
      if (perElement === 1) {
        for (let i = 0; i < count; i++, from += rowStep) target[filled + i] = source[from] ?? 0;
      } else {
        for (let i = 0; i < count; i++, from += rowStep) {
          target[2 * (filled + i)] = source[2 * from] ?? 0;
          target[2 * (filled + i) + 1] = source[2 * from + 1] ?? 0;
        }
      }
      done += count;
      filled += count;
      if (filled === elements.length) yield flush();
    }
    for (let axis = last - 1; axis >= 0; axis--) {
      rowStart += layout.stride[axis] ?? 0;
      counter[axis] = (counter[axis] ?? 0) + 1;
      if ((counter[axis] ?? 0) < (layout.shape[axis] ?? 0)) break;
      rowStart -= (layout.stride[axis] ?? 0) * (layout.shape[axis] ?? 0);
      counter[axis] = 0;
    }
  }
  if (filled > 0) yield flush();
}
