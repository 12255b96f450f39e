/** A plane or a line of an array, as it is written: `:,:,0`. */
import { UsageError } from '../../cli/terminal/errors.js';
import type { Numbers } from '../../show/numbers.js';

/** @param text for each axis `:`, all of it, or an index @throws UsageError where it does not fit the shape */
export function sliceOf({ data, shape, stride, offset }: Numbers, text: string): Numbers {
  const places = text.split(',').map((place) => place.trim());
  if (places.length !== shape.length)
    throw new UsageError(`the slice '${text}' has ${places.length} places, and the array ${shape.length} axes`);
  let start = offset;
  const kept: number[] = [];
  for (const [axis, place] of places.entries()) {
    const length = shape[axis] ?? 0;
    if (place === ':') {
      kept.push(axis);
      continue;
    }
    const index = /^\d+$/.test(place) ? Number(place) : NaN;
    if (!(index < length))
      throw new UsageError(`the slice '${text}' has '${place}' for axis ${axis}: write : or 0 to ${length - 1}`);
    start += index * (stride[axis] ?? 0);
  }
  return {
    data,
    shape: kept.map((axis) => shape[axis] ?? 0),
    stride: kept.map((axis) => stride[axis] ?? 0),
    offset: start,
  };
}
