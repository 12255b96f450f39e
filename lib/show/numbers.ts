/** Arrays of numbers as they are looked at: elements in row-major order, wherever they lie. */
import { isNdArray, isTypedArray, type TypedArray } from '../base/language/brand.js';

/** An array of any number of dimensions. */
export interface Numbers {
  data: TypedArray | readonly number[];
  shape: readonly number[];
  stride: readonly number[];
  offset: number;
}

/** What of a value is an array of numbers. */
export function numbersOf(value: unknown): Numbers | undefined {
  if (isTypedArray(value)) return { data: value, shape: [value.length], stride: [1], offset: 0 };
  if (!isNdArray(value)) return undefined;
  const { shape, stride, offset } = value;
  const data: unknown = value.data;
  return isTypedArray(data) ? { data, shape, stride, offset } : undefined;
}

/** A plane of an array of more than two dimensions: the first of all axes but the last two. */
export function firstPlane({ data, shape, stride, offset }: Numbers): Numbers {
  return { data, shape: shape.slice(-2), stride: stride.slice(-2), offset };
}

/** Some elements with one step between each and the next. */
export interface Run {
  start: number;
  step: number;
  count: number;
}

/** The runs along the last axis, in row-major order. */
export function* runsOf({ shape, stride, offset }: Numbers): Generator<Run> {
  const last = shape.length - 1;
  const count = shape[last] ?? 1;
  const step = stride[last] ?? 1;
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  if (count === 0) return;
  const place = shape.map(() => 0);
  for (let row = 0, start = offset; row < rows; row++) {
    yield { start, step, count };
    for (let axis = last - 1; axis >= 0; axis--) {
      const length = shape[axis] ?? 1;
      const width = stride[axis] ?? 0;
      const next = (place[axis] ?? 0) + 1;
      start += width;
      if (next < length) {
        place[axis] = next;
        break;
      }
      start -= width * length;
      place[axis] = 0;
    }
  }
}

/** What an array comes to; of 64-bit integers beyond 2^53 as near as a number can be. */
export interface Statistics {
  count: number;
  /** Of the numbers that are none NaN; absent where there are none. */
  minimum?: number;
  maximum?: number;
  mean?: number;
  nan: number;
}

export function statisticsOf(numbers: Numbers): Statistics {
  const { data } = numbers;
  let [count, nan, sum, minimum, maximum] = [0, 0, 0, Infinity, -Infinity];
  for (const { start, step, count: length } of runsOf(numbers)) {
    for (let i = 0, at = start; i < length; i++, at += step) {
      const number = Number(data[at]);
      if (Number.isNaN(number)) {
        nan++;
        continue;
      }
      sum += number;
      if (number < minimum) minimum = number;
      if (number > maximum) maximum = number;
    }
    count += length;
  }
  return count === nan ? { count, nan } : { count, minimum, maximum, mean: sum / (count - nan), nan };
}

/** Six digits. */
export function short(number: number): string {
  return String(Number(number.toPrecision(6)));
}

/** Lowest and highest of the finite ones; infinite, and the wrong way round, where there are none. */
export interface Range {
  low: number;
  high: number;
}

export function rangeOf(numbers: Iterable<number>): Range {
  const range = { low: Infinity, high: -Infinity };
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    range.low = Math.min(range.low, number);
    range.high = Math.max(range.high, number);
  }
  return range;
}

/** Where a number stands in a range, from 0 to 1; in the middle, where the range is a single number. */
export function shareIn({ low, high }: Range, number: number): number {
  return high > low ? Math.min(1, Math.max(0, (number - low) / (high - low))) : 0.5;
}

/** A picture of an array with at most so many rows and columns: each the mean of what falls there, NaN aside. */
export interface Grid {
  rows: number;
  columns: number;
  /** NaN where nothing but NaN falls. */
  means: Float64Array;
}

/** @param numbers of one or two dimensions */
export function gridOf(numbers: Numbers, most: { rows: number; columns: number }): Grid {
  const [height, width] =
    numbers.shape.length === 1 ? [1, numbers.shape[0] ?? 0] : [numbers.shape[0] ?? 0, numbers.shape[1] ?? 0];
  const rows = Math.min(height, most.rows);
  const columns = Math.min(width, most.columns);
  const means = new Float64Array(rows * columns);
  const counts = new Float64Array(rows * columns);
  let y = 0;
  for (const { start, step, count } of runsOf(numbers)) {
    const row = Math.floor((y++ * rows) / height) * columns;
    for (let x = 0, at = start; x < count; x++, at += step) {
      const number = Number(numbers.data[at]);
      if (Number.isNaN(number)) continue;
      const cell = row + Math.floor((x * columns) / width);
      means[cell] = (means[cell] ?? 0) + number;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  for (let cell = 0; cell < means.length; cell++) means[cell] = (means[cell] ?? 0) / (counts[cell] ?? 0);
  return { rows, columns, means };
}
