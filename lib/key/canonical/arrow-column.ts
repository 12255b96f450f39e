/** The content of one Arrow column, by rows. Fixed-width and text columns are hashed from their buffers, in blocks. */
import { bytesOf } from '../../base/language/bytes-of.js';
import type { ArrowChunk, ArrowVector } from './arrow-shape.js';
import { typedArrayKind } from './gather.js';
import { ByteStream } from './many-bytes.js';
import { NAN_CLEANERS } from './nan.js';
import { Plan, Tag } from './plan.js';

/** Rows looked at together. */
const BLOCK_ROWS = 1 << 13;

interface Options {
  readonly ordered: boolean;
}

type Chunks = readonly ArrowChunk[];
type Content = (vector: ArrowVector, options: Options) => unknown[];

/** Length, null positions and values of a column. */
export function arrowColumn(vector: ArrowVector, options: Options): Plan {
  const { length, nullCount, data } = vector;
  const content = CONTENT.get(vector.type.typeId) ?? byRows;
  const validity = nullCount === 0 ? null : perRow(data, 1, writeValidity);
  return new Plan(Tag.arrowColumn, [length, validity, ...content(vector, options)]);
}

/** Arrow's numbers of types whose rows are equally many bytes each, in the order of its `Type` enumeration. */
const FIXED_WIDTH = [2, 3, 7, 8, 9, 10, 11, 15, 18];
/** Binary, Utf8, LargeBinary, LargeUtf8: offsets and bytes. */
const VARIABLE_WIDTH = [4, 5, 19, 20];

const CONTENT = new Map<number, Content>([
  ...FIXED_WIDTH.map((id): [number, Content] => [id, fixedWidth]),
  ...VARIABLE_WIDTH.map((id): [number, Content] => [id, variableWidth]),
  [1, () => []],
  [6, booleans],
  [14, (vector) => [typeIds(vector.data), ...byRows(vector)]],
  [-1, dictionary],
]);

function writeValidity(chunk: ArrowChunk, row: number, into: Uint8Array, at: number): void {
  into[at] = isValid(chunk, row);
}

function isValid(chunk: ArrowChunk, row: number): 0 | 1 {
  return chunk.nullCount === 0 || chunk.getValid(row) ? 1 : 0;
}

function rowsIn(chunks: Chunks): number {
  return chunks.reduce((rows, { length }) => rows + length, 0);
}

/** A fixed number of bytes for each row, made by a function. */
function perRow(
  chunks: Chunks,
  bytes: number,
  write: (chunk: ArrowChunk, row: number, into: Uint8Array, at: number) => void,
): ByteStream {
  return new ByteStream(rowsIn(chunks) * bytes, function* () {
    for (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, chunk.length - start);
        const block = new Uint8Array(count * bytes);
        for (let i = 0; i < count; i++) write(chunk, start + i, block, i * bytes);
        yield block;
      }
    }
  });
}

function fixedWidth(vector: ArrowVector, { ordered }: Options): unknown[] {
  const { data } = vector;
  const width = data.map((chunk) => chunk.stride * chunk.values.BYTES_PER_ELEMENT)[0] ?? 0;
  return [
    new ByteStream(rowsIn(data) * width, function* () {
      for (const chunk of data) yield* fixedWidthBlocks(chunk, ordered);
    }),
  ];
}

function* fixedWidthBlocks(chunk: ArrowChunk, ordered: boolean): Generator<Uint8Array> {
  const { values } = chunk;
  const cleaner = ordered ? undefined : NAN_CLEANERS[typedArrayKind(values) as string];
  const { length, stride, nullCount } = chunk;
  if (cleaner === undefined && nullCount === 0) {
    yield bytesOf(values.subarray(0, length * stride));
    return;
  }
  for (let start = 0; start < length; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, length);
    let block = values.subarray(start * stride, end * stride);
    if (nullCount > 0) {
      // What lies under a null is whatever the writer left there.
      block = block.slice();
      const width = stride * block.BYTES_PER_ELEMENT;
      const bytes = bytesOf(block);
      for (let row = start; row < end; row++) {
        if (isValid(chunk, row) === 0) bytes.fill(0, (row - start) * width, (row - start + 1) * width);
      }
    }
    yield bytesOf(cleaner?.(block) ?? block);
  }
}

function variableWidth({ data }: ArrowVector): unknown[] {
  const span = (chunk: ArrowChunk, row: number): [number, number] => {
    if (isValid(chunk, row) === 0) return [0, 0];
    return [Number(chunk.valueOffsets[row]), Number(chunk.valueOffsets[row + 1])];
  };
  const lengths = perRow(data, 4, (chunk, row, into, at) => {
    const [start, end] = span(chunk, row);
    writeUint32(into, at, end - start);
  });
  let total = 0;
  for (const chunk of data) {
    for (let row = 0; row < chunk.length; row++) {
      const [start, end] = span(chunk, row);
      total += end - start;
    }
  }
  const text = new ByteStream(total, function* () {
    for (const chunk of data) {
      if (chunk.length === 0) continue;
      const bytes = bytesOf(chunk.values);
      if (chunk.nullCount === 0) {
        yield bytes.subarray(span(chunk, 0)[0], span(chunk, chunk.length - 1)[1]);
        continue;
      }
      for (let row = 0; row < chunk.length; row++) {
        const [start, end] = span(chunk, row);
        if (end > start) yield bytes.subarray(start, end);
      }
    }
  });
  return [lengths, text];
}

function booleans({ data }: ArrowVector): unknown[] {
  return [
    perRow(data, 1, (chunk, row, into, at) => {
      const bit = chunk.offset + row;
      const byte = Number(chunk.values[bit >> 3]);
      into[at] = isValid(chunk, row) === 0 ? 0 : (byte >> (bit & 7)) & 1;
    }),
  ];
}

function typeIds(chunks: Chunks): ByteStream {
  return perRow(chunks, 1, (chunk, row, into, at) => void (into[at] = chunk.typeIds[row] as number));
}

/** Values in the order in which they first appear, and for each row which it is; 0 is null. */
function dictionary(vector: ArrowVector): unknown[] {
  const ordinals = new Map<unknown, number>();
  const values: unknown[] = [];
  const rows = new Uint8Array(vector.length * 4);
  let at = 0;
  for (const chunk of vector.data) {
    const entries = chunk.dictionary as ArrowVector;
    // Number of an index of this chunk's dictionary, once met.
    const met = new Map<number | bigint, number>();
    for (let row = 0; row < chunk.length; row++, at += 4) {
      const index = chunk.values[row] as number | bigint;
      if (isValid(chunk, row) === 0) continue;
      let ordinal = met.get(index);
      if (ordinal === undefined) {
        const value = entries.get(Number(index));
        const name = nameOf(value);
        ordinal = ordinals.get(name) ?? ordinals.size + 1;
        if (ordinal > ordinals.size) {
          ordinals.set(name, ordinal);
          values.push(logical(value));
        }
        met.set(index, ordinal);
      }
      writeUint32(rows, at, ordinal);
    }
  }
  return [new ByteStream(rows.length, () => [rows]), new Plan(Tag.array, values)];
}

/**
 * A Map key by which an equal dictionary value is found; -0 is not 0, and an object equals only itself, or equal bytes.
 */
function nameOf(value: unknown): unknown {
  if (Object.is(value, -0)) return 'number -0';
  if (typeof value === 'string') return `string ${value}`;
  if (ArrayBuffer.isView(value)) return `bytes ${Buffer.from(bytesOf(value)).toString('latin1')}`;
  return value;
}

/** Nested types: each row's value. */
function byRows(vector: ArrowVector): unknown[] {
  const items: unknown[] = [];
  for (let row = 0; row < vector.length; row++) items.push(logical(vector.get(row)));
  return [new Plan(Tag.array, items)];
}

/** A row's value without Arrow's own classes. */
function logical(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return new ByteStream(value.byteLength, () => [bytesOf(value)]);
  if (isVector(value)) return new Plan(Tag.array, Array.from(value as Iterable<unknown>, logical));
  const entries = Array.from(value as Iterable<[unknown, unknown]>, ([key, item]) => [logical(key), logical(item)]);
  return new Plan(Tag.arrow, entries.flat());
}

function isVector(value: object): boolean {
  return (value as Record<symbol, unknown>)[Symbol.for('apache-arrow/Vector')] === true;
}

function writeUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value & 0xff;
  into[at + 1] = (value >>> 8) & 0xff;
  into[at + 2] = (value >>> 16) & 0xff;
  into[at + 3] = value >>> 24;
}
