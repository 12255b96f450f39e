/** Many arrays of one shape → one array with an axis more. */
import type createNdArray from 'ndarray';
import type { NdArray } from 'ndarray';
import { InvalidOptionError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import { gather } from '../../codec/npy/gather.js';
import { elementCount, layoutOf, type ArrayLayout } from '../../codec/npy/layout.js';

/** @throws InvalidOptionError where types or shapes differ, or a value is no array */
export function stackRows(rows: readonly (readonly [tag: string, value: unknown])[]): NdArray {
  const ndarray = load<typeof createNdArray>('ndarray');
  const numbers = rows.map(([, value]) => value);
  if (rows.length > 0 && numbers.every(isNumber)) return ndarray(Float64Array.from(numbers));
  const layouts = rows.map(([tag, value]) => layoutOfRow(tag, value));
  const [first] = layouts;
  if (first === undefined) throw new InvalidOptionError('there is nothing to stack: no tag has a result');
  for (const [place, layout] of layouts.entries()) {
    if (kindOf(layout) === kindOf(first)) continue;
    throw new InvalidOptionError(
      `the result of '${String(rows[0]?.[0])}' is ${kindOf(first)} and that of '${String(rows[place]?.[0])}' ${kindOf(layout)}: ` +
        'only arrays of one type and shape can be stacked',
    );
  }
  const { arrayType, shape } = first;
  const count = elementCount(shape);
  const bytes = new Uint8Array(layouts.length * count * arrayType.bytes);
  for (const [place, layout] of layouts.entries()) bytes.set(gather(layout), place * count * arrayType.bytes);
  return ndarray(arrayType.view(bytes.buffer, 0, layouts.length * count) as Float64Array, [layouts.length, ...shape]);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function layoutOfRow(tag: string, value: unknown): ArrayLayout {
  const layout = layoutOf(Array.isArray(value) && value.every(isNumber) ? Float64Array.from(value) : value);
  if (typeof layout !== 'string') return layout;
  throw new InvalidOptionError(
    `the result of '${tag}' cannot be stacked: it is ${layout}. All must be numbers, or all arrays of one type and shape`,
  );
}

/** `a Float32Array of shape 3 × 4`. */
function kindOf({ arrayType, shape }: ArrayLayout): string {
  return `a ${arrayType.name} of shape ${shape.join(' × ') || '(none)'}`;
}
