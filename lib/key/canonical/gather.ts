/** Copies the elements of an ndarray into blocks, in row-major order. */
import { bytesOf } from '../../base/language/bytes-of.js';
import type { TypedArray } from '../../base/language/brand.js';
import { toLittleEndian } from './many-bytes.js';
import type { NaNCleaner } from './nan.js';

/** Elements of a block: it stays in the cache, and holds some rows even of a wide array. */
const BLOCK = 1 << 16;

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
const KIND = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** Words as wide as the elements, so that no bit of a NaN changes on the way. */
const WORDS = {
  1: [1, Uint8Array],
  2: [1, Uint16Array],
  4: [1, Uint32Array],
  8: [2, Uint32Array],
} as const;
type Words = Uint8Array | Uint16Array | Uint32Array;

/** A rectangle of elements: `rows` × `columns` from `from` on, with the steps between rows and between columns. */
interface Band {
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/**
 * All elements, a block at a time; the block is used again for the next.
 * @param size number of elements, at least one
 * @param cleaner applied to each block
 */
export function* gathered(data: TypedArray, layout: Layout, size: number, cleaner?: NaNCleaner): Generator<Uint8Array> {
  const { shape, stride } = layout;
  const width = data.BYTES_PER_ELEMENT as keyof typeof WORDS;
  const [perElement, View] = WORDS[width];
  const source = new View(data.buffer as ArrayBuffer, data.byteOffset, data.length * perElement);
  const room = Math.min(BLOCK, size);
  const memory = new ArrayBuffer(room * width);
  const target = new View(memory);
  const elements: TypedArray = new globalThis[typedArrayKind(data) as 'Float64Array'](memory);
  let filled = 0;
  const flush = (): Uint8Array => {
    const block = elements.subarray(0, filled);
    filled = 0;
    return toLittleEndian(bytesOf(cleaner?.(block) ?? block), width);
  };

  const last = shape.length - 1;
  const columns = shape[last] as number;
  const columnStep = stride[last] as number;
  const rowStep = stride[last - 1] ?? 0;
  // Where rows lie closer than columns, several are copied together, so that each line of the cache is read once.
  const together = Math.abs(rowStep) < Math.abs(columnStep) && room >= 2 * columns;
  const counter = shape.map(() => 0);
  let from = layout.offset;
  for (let row = 0; row < size / columns;) {
    let rows = 1;
    if (together) {
      if (room - filled < columns) yield flush();
      rows = Math.min(
        (shape[last - 1] as number) - (counter[last - 1] as number),
        Math.floor((room - filled) / columns),
      );
      copyBand(source, target, perElement, filled, { from, rows, columns, rowStep, columnStep });
      filled += rows * columns;
    } else {
      for (let column = 0; column < columns;) {
        if (filled === room) yield flush();
        const count = Math.min(columns - column, room - filled);
        const start = from + column * columnStep;
        copyBand(source, target, perElement, filled, { from: start, rows: 1, columns: count, rowStep: 0, columnStep });
        column += count;
        filled += count;
      }
    }
    row += rows;
    for (let axis = last - 1, steps = rows; axis >= 0; axis--, steps = 1) {
      const step = stride[axis] as number;
      const place = (counter[axis] as number) + steps;
      counter[axis] = place;
      from += step * steps;
      if (place < (shape[axis] as number)) break;
      from -= step * place;
      counter[axis] = 0;
    }
  }
  if (filled > 0) yield flush();
}

function copyBand(source: Words, target: Words, perElement: 1 | 2, filled: number, band: Band): void {
  const { rows, columns } = band;
  const columnStep = band.columnStep * perElement;
  const rowStep = band.rowStep * perElement;
  const width = columns * perElement;
  let start = band.from * perElement;
  let into = filled * perElement;
  for (let column = 0; column < columns; column++, start += columnStep, into += perElement) {
    if (perElement === 1) {
      for (let row = 0, from = start, to = into; row < rows; row++, from += rowStep, to += width) {
        target[to] = source[from] as number;
      }
    } else {
      for (let row = 0, from = start, to = into; row < rows; row++, from += rowStep, to += width) {
        target[to] = source[from] as number;
        target[to + 1] = source[from + 1] as number;
      }
    }
  }
}
