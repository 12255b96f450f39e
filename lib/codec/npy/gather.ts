/** Copying the elements of an array with gaps, or of any order, into row-major order. */
import type { ArrayLayout } from './layout.js';
import { elementCount } from './layout.js';

/**
 * Elements are moved as integers of their size: through a number, a float's NaN would lose its payload, and each
 * BigInt would be an object. No array of the runtime holds 8 plain bytes, so those are moved as two words.
 */
const WORDS = [Uint8Array, Uint16Array, Int32Array] as const;
type Words = InstanceType<(typeof WORDS)[number]>;

/**
 * The bytes of all elements, in row-major order, in memory of their own.
 * @throws RangeError where there is not enough memory
 */
export function gather({ data, shape, stride, offset, arrayType }: ArrayLayout): Uint8Array {
  const Word = WORDS[Math.min(Math.log2(arrayType.bytes), 2)] as (typeof WORDS)[number];
  const perElement = arrayType.bytes / Word.BYTES_PER_ELEMENT;
  const from = new Word(data.buffer as ArrayBuffer, data.byteOffset, data.length * perElement);
  const to = new Word(elementCount(shape) * perElement);
  copyRuns(from, to, shape, stride, offset, perElement);
  return new Uint8Array(to.buffer);
}

/** Walks over all dimensions but the last like an odometer; the last is a run. */
function copyRuns(from: Words, to: Words, shape: number[], stride: number[], offset: number, perElement: number): void {
  const axes = shape.map((length, axis) => ({ length, step: stride[axis] as number, index: 0 })).reverse();
  const [run = { length: 1, step: 1 }, ...outer] = axes;
  let start = offset;
  for (let written = 0; written < to.length; written += run.length * perElement) {
    copyRun(from, to, start, run.step, written, run.length, perElement);
    for (const axis of outer) {
      start += axis.step;
      if (++axis.index < axis.length) break;
      start -= axis.step * axis.length;
      axis.index = 0;
    }
  }
}

function copyRun(
  from: Words,
  to: Words,
  start: number,
  step: number,
  written: number,
  run: number,
  perElement: number,
): void {
  if (step === 1) {
    to.set(from.subarray(start * perElement, (start + run) * perElement), written);
  } else if (perElement === 1) {
    for (let element = 0, at = start; element < run; element++, at += step) to[written + element] = from[at] as number;
  } else {
    for (let element = 0, at = start * 2; element < run; element++, at += step * 2) {
      to[written + element * 2] = from[at] as number;
      to[written + element * 2 + 1] = from[at + 1] as number;
    }
  }
}
