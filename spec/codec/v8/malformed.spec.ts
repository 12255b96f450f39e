/** Blobs with a sound header whose tables say what no table of ours would: each is a FormatError, never a crash. */
import { expect } from 'chai';
import { serialize } from 'node:v8';
import { FormatError } from '#lib/base/errors.js';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { FORMAT_VERSION, HEADER_BYTES, MAGIC, Tag } from '#lib/codec/v8/format.js';

/** A file of this table, followed by segment 0, the code, where the table does not say otherwise. */
function fileOf(table: unknown, code: readonly number[] = []): Buffer {
  const tableBytes = serialize(table);
  const words = Buffer.from(Uint32Array.from(code).buffer);
  const gap = words.length === 0 ? 0 : -tableBytes.length & 7;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC);
  header[MAGIC.length] = FORMAT_VERSION;
  header.writeBigUInt64LE(BigInt(tableBytes.length), 8);
  header.writeBigUInt64LE(BigInt(HEADER_BYTES + tableBytes.length + gap + words.length), 16);
  return Buffer.concat([header, tableBytes, Buffer.alloc(gap), words]);
}

/** Code with its values and names, and segments beside it. */
function program(values: unknown[], code: number[], shapes: string[][] = [], layouts: number[][] = []): Buffer {
  return fileOf([values, shapes, [[code.length * 4, 0, code.length * 4], ...layouts]], code);
}

function read(file: Buffer): unknown {
  const body = Uint8Array.from(file.subarray(HEADER_BYTES));
  return v8Codec.decode(body, { type: 'Object' }, file.subarray(0, HEADER_BYTES));
}

/** The code of a root that is object 0. */
const ROOT = [1, 1];

const FILES: Readonly<Record<string, Buffer>> = {
  'a table that is no list': fileOf({}),
  'a table of two lists': fileOf([[], []]),
  'values that are no list': fileOf([1, [], []]),
  'values that are longer than the table': fileOf([new Array(1e6), [], []]),
  'an object among the values': program([{}], [0]),
  'names that are no lists': fileOf([[], ['a'], []]),
  'names that are numbers': fileOf([[], [[1]], []]),
  'sizes that are no numbers': fileOf([[], [], [['4']]]),
  'no code': fileOf([[], [], []]),
  'code of half a word': fileOf(
    [
      [],
      [],
      [
        [2, 0, 2],
        [4, 0, 4],
      ],
    ],
    [0, 0, 0],
  ),
  'code beyond the file': fileOf([[], [], [[400, 0, 400]]], [0]),
  'a piece beyond its segment': fileOf([[], [], [[4, 4, 4]]], [0]),
  'a list of neither kind': program([1], [2]),
  'more references than code': program([], [1]),
  'fewer values than items': program([], [0]),
  'a reference to no object': program([], [1, 5]),
  'an unknown tag': program([], [...ROOT, 99]),
  'a level beyond frozen': program([], [...ROOT, Tag.url | (4 << 8)]),
  'an object cut off': program([], [...ROOT, Tag.map]),
  'values left over': program([1, 2], [0]),
  'a value missing': program([], [...ROOT, Tag.url]),
  'a number for a URL': program([1], [...ROOT, Tag.url]),
  'a text for a date': program(['now'], [...ROOT, Tag.date]),
  'names that are not there': program([], [...ROOT, Tag.object, 3]),
  'a Map with one key twice': program([1, 'a', 1, 'b'], [...ROOT, Tag.map, 2, 0]),
  'a Set with one member twice': program([1, 1], [...ROOT, Tag.set, 2, 0]),
  'an array whose names make it longer': program([1], [...ROOT, Tag.sparseArray, 2, 0, 0], [['5']]),
  'an unknown box': program([1], [...ROOT, Tag.boxed, 9]),
  'a box of another type': program(['a'], [...ROOT, Tag.boxed, 0]),
  'an unknown error': program(['OddError'], [...ROOT, Tag.error]),
  'an unknown view': program(['OddArray', 1, 0], [...ROOT, Tag.view, 1], [], [[8]]),
  'a view of the code': program(['Uint8Array', 1, 0], [...ROOT, Tag.view, 0]),
  'a view of a negative length': program(['Uint8Array', -1, 0], [...ROOT, Tag.view, 1], [], [[8]]),
  'a view beyond its buffer': program(['Uint8Array', 9, 0], [...ROOT, Tag.view, 1], [], [[8]]),
  'a buffer beyond memory': program([], [...ROOT, Tag.arrayBuffer, 1], [], [[2 ** 53 - 1]]),
  'an ndarray of an unknown dtype': program(['odd', 1], [...ROOT, Tag.ndarray]),
  'an ndarray of too many dimensions': program(['float64', 65], [...ROOT, Tag.ndarray]),
};

describe('a v8 blob whose table contradicts the format', () => {
  it('is built here as the format says: a sound one is read', () => {
    expect(read(program([7], [0]))).to.equal(7);
    expect(read(program([1, 2], [...ROOT, Tag.set, 2, 0]))).to.deep.equal(new Set([1, 2]));
    expect(read(program(['Uint8Array', 2, 1], [...ROOT, Tag.view, 1], [], [[8]]))).to.deep.equal(new Uint8Array(2));
  });

  for (const [what, file] of Object.entries(FILES)) {
    it(`is refused: ${what}`, () => {
      expect(() => read(file)).to.throw(FormatError);
    });
  }

  it('is refused where it is shorter than its header', () => {
    const file = program([7], [0]);
    expect(() => v8Codec.decode(new Uint8Array(0), { type: 'number' }, file.subarray(0, 10))).to.throw(FormatError);
    expect(() => v8Codec.bodyOffset?.(file.subarray(0, 10), 10)).to.throw(FormatError, /shorter than its header/);
  });
});
