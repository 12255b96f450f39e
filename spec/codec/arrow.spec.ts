import type * as Arrow from 'apache-arrow';
import { expect } from 'chai';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import { arrowCodec } from '#lib/codec/arrow.js';
import { describeCodec, fileOf, readFile, roundTrip, type Cases } from '../contract/codec-contract.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
const { Field, Schema, Table, RecordBatch, Vector, makeData, makeVector, tableFromArrays, vectorFromArray } = arrow;

/** Elements as plain values: rows as entries in order, lists as arrays, bytes as numbers. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return [...(value as Uint8Array)];
  return Array.from(value as Iterable<unknown>, plain);
}

/** Everything that must come back: class, schema with metadata and nullability, chunks, null counts, elements. */
function summary(value: unknown): unknown {
  if (value instanceof Vector) {
    return ['Vector', String(value.type), value.data.map((data) => [data.length, data.nullCount]), plain(value)];
  }
  const batches = value instanceof RecordBatch ? [value] : (value as Arrow.Table).batches;
  const { schema } = value as Arrow.Table;
  return [
    (value as object).constructor.name,
    schema.metadata,
    schema.fields.map(({ name, nullable, metadata, type }) => [name, nullable, metadata, String(type)]),
    batches.map(({ numRows, metadata, data }) => [
      numRows,
      metadata,
      data.children.map((column) => [column.nullCount, plain(new Vector([column]))]),
    ]),
  ];
}

function differ(actual: unknown, expected: unknown): string | undefined {
  return isDeepStrictEqual(summary(actual), summary(expected)) ? undefined : 'Arrow data differ';
}

function field(name: string, type: Arrow.DataType, nullable = true): Arrow.Field {
  return new Field(name, type, nullable);
}

function batchOf(schema: Arrow.Schema, columns: Arrow.Data[]): Arrow.RecordBatch {
  const type = new arrow.Struct(schema.fields);
  return new RecordBatch(schema, makeData({ type, length: columns[0]?.length ?? 0, nullCount: 0, children: columns }));
}

const int32 = (): Arrow.Int32 => new arrow.Int32();
const words = (): Arrow.Vector => vectorFromArray(['a', 'b', null, 'a']);

/** Vectors of each type, with nulls where the type has them. */
const VECTORS: Cases = {
  nulls: () => vectorFromArray([null, null], new arrow.Null()),
  booleans: () => vectorFromArray([true, null, false, true, true, true, true, true, false], new arrow.Bool()),
  'booleans from the fourth': () => vectorFromArray([true, null, false, true, false, null, true, true, true, false], new arrow.Bool()).slice(3),
  int64: () => vectorFromArray([1n, null, -3n], new arrow.Int64()),
  float16: () => vectorFromArray([1.5, null], new arrow.Float16()),
  'floats with NaN and -0': () => makeVector(Float64Array.of(NaN, -0, 1e308)),
  utf8: () => vectorFromArray(['a', null, '\u{1F52D}', ''], new arrow.Utf8()),
  'a slice of utf8': () => vectorFromArray(['a', null, 'bc', 'd'], new arrow.Utf8()).slice(1, 3),
  'a slice of utf8 without nulls': () => vectorFromArray(['a', 'bc', 'd'], new arrow.Utf8()).slice(1, 3),
  'large utf8': () => vectorFromArray(['a', null, 'b'], new arrow.LargeUtf8()),
  'utf8 views': () => vectorFromArray(['a', null, 'longer than what fits into a view'], new arrow.Utf8View()),
  binary: () => vectorFromArray([Uint8Array.of(1, 2), null, new Uint8Array(0)], new arrow.Binary()),
  'binary of fixed size': () => vectorFromArray([Uint8Array.of(1, 2), null], new arrow.FixedSizeBinary(2)),
  dates: () => vectorFromArray([new Date(0), null], new arrow.DateMillisecond()),
  timestamps: () => makeVector(makeData({ type: new arrow.TimestampNanosecond('UTC'), data: BigInt64Array.of(1n, 2n) })),
  times: () => vectorFromArray([1n, null], new arrow.TimeMicrosecond()),
  durations: () => vectorFromArray([1n, null], new arrow.DurationSecond()),
  decimals: () => vectorFromArray([Uint32Array.of(1, 0, 0, 0), null], new arrow.Decimal(2, 10, 128)),
  lists: () => vectorFromArray([[1, 2], null, [], [3]], new arrow.List(field('item', int32()))),
  'a slice of lists': () => vectorFromArray([[1], [2, 3], null, [4]], new arrow.List(field('item', int32()))).slice(1, 3),
  'lists of fixed size': () => vectorFromArray([[1, 2], null, [3, 4]], new arrow.FixedSizeList(2, field('item', int32()))),
  structs: () => vectorFromArray([{ a: 1, b: 'x' }, null], new arrow.Struct([field('a', int32()), field('b', new arrow.Utf8())])),
  'a dictionary': words,
  'a slice of a dictionary': () => words().slice(1, 3),
  'lists of a dictionary': () =>
    vectorFromArray([['a'], null, ['b', 'a']], new arrow.List(field('item', new arrow.Dictionary(new arrow.Utf8(), int32())))),
  'a dictionary that grows': () => {
    const builder = arrow.makeBuilder({ type: new arrow.Dictionary(new arrow.Utf8(), int32()), nullValues: [null] });
    builder.append('x');
    const first = builder.flush();
    builder.append('y');
    return new Vector([first, builder.flush()]);
  },
  'a dense union': () =>
    makeVector(
      makeData({
        type: new arrow.DenseUnion([0, 1], [field('i', int32()), field('f', new arrow.Float64())]),
        typeIds: Int8Array.of(0, 1, 0),
        valueOffsets: Int32Array.of(0, 0, 1),
        children: [makeData({ type: int32(), data: Int32Array.of(1, 2) }), makeData({ type: new arrow.Float64(), data: Float64Array.of(1.5) })],
      }),
    ),
  chunks: () => vectorFromArray([1, 2]).concat(vectorFromArray([3])),
  'no elements': () => vectorFromArray([], int32()),
};

const TABLES: Cases = {
  'a table': () => tableFromArrays({ delay: Float32Array.of(14, -3.5, 0), carrier: ['AA', 'UA', 'AA'] }),
  'a record batch': () => tableFromArrays({ delay: Float32Array.of(14, -3.5), carrier: ['AA', 'UA'] }).batches[0],
  'a table with metadata, not nullable': () => {
    const schema = new Schema([new Field('a', new arrow.Float64(), false, new Map([['unit', 'm']]))], new Map([['night', '1']]));
    return new Table(schema, [batchOf(schema, [makeData({ type: new arrow.Float64(), data: Float64Array.of(1, 2) })])]);
  },
  'a batch with metadata': () => {
    const [batch] = tableFromArrays({ a: [1] }).batches;
    return batch && new RecordBatch(batch.schema, batch.data, new Map([['k', 'v']]));
  },
  'a table of chunks': () => {
    const table = tableFromArrays({ a: Int32Array.of(1, 2, 3), b: ['x', 'y', 'x'] });
    return table.concat(table.slice(1, 2));
  },
  'an empty table': () => new Table(),
  'a schema alone': () => new Table(new Schema([field('a', int32())])),
  'columns without rows': () => tableFromArrays({ a: new Float64Array(0) }),
  'two columns on one memory': () => {
    const column = words();
    return new Table({ a: column, b: column });
  },
  'two columns of one name': () => {
    const schema = new Schema([field('x', int32()), field('x', int32())]);
    const data = makeData({ type: int32(), data: Int32Array.of(1, 2) });
    return new Table(schema, [batchOf(schema, [data, data])]);
  },
  'columns on neighbouring memory': () => {
    const memory = Int32Array.of(1, 2, 3, 4);
    const schema = new Schema([field('x', int32()), field('y', int32())]);
    const column = (from: number): Arrow.Data => makeData({ type: int32(), data: memory.subarray(from, from + 2) });
    return new Table(schema, [batchOf(schema, [column(0), column(1)])]);
  },
};

class Derived extends Table {}

const REFUSED: Cases = {
  'a plain object': () => ({ schema: {}, batches: [] }),
  'a subclass': () => new Derived(tableFromArrays({ a: [1] }).batches),
  'dictionaries that replace each other': () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), int32(), 7);
    const schema = new Schema([field('d', type)]);
    const data = (word: string): Arrow.Data =>
      makeData({ type, length: 1, data: Int32Array.of(0), dictionary: vectorFromArray([word], new arrow.Utf8()) });
    return new Table(schema, [batchOf(schema, [data('x')]), batchOf(schema, [data('y')])]);
  },
};

describeCodec(arrowCodec, { ...TABLES, ...VECTORS }, REFUSED, { differ });

describe('arrowCodec', () => {
  it('reads columns in place, in the memory of the file', () => {
    const encoded = arrowCodec.encode(tableFromArrays({ a: Float64Array.of(1, 2, 3) }));
    const body = fileOf(encoded);
    const table = arrowCodec.decode(body, { type: 'Table' }, new Uint8Array(0)) as Arrow.Table;
    const values = table.batches[0]?.data.children[0]?.values as Float64Array;
    expect(values.buffer).to.equal(body.buffer);
    expect([...values]).to.deep.equal([1, 2, 3]);
  });

  it('writes what lasts when the table is altered afterwards', () => {
    const memory = Float64Array.of(1, 2, 3);
    const encoded = arrowCodec.encode(makeVector(memory));
    memory[0] = 99;
    expect([...(readFile(arrowCodec, fileOf(encoded), encoded) as Arrow.Vector)]).to.deep.equal([1, 2, 3]);
  });

  it('says which class it found', () => {
    const table = tableFromArrays({ a: [1] });
    const types = [table, table.batches[0], table.getChild('a')].map((value) => arrowCodec.encode(value).type);
    expect(types).to.deep.equal(['Table', 'RecordBatch', 'Vector']);
  });

  it('refuses the notes of another kind of value', () => {
    const encoded = arrowCodec.encode(tableFromArrays({ a: [1], b: [2] }));
    expect(() => readFile(arrowCodec, fileOf(encoded), { ...encoded, type: 'Vector' })).to.throw(FormatError);
    expect(() => readFile(arrowCodec, fileOf(encoded), { ...encoded, type: 'Uint8Array' })).to.throw(FormatError);
  });

  it('says why a table cannot be written', () => {
    expect(() => arrowCodec.encode(REFUSED['dictionaries that replace each other']?.()))
      .to.throw(UncacheableValueError, /result is a Table .*tableFromArrays/)
      .with.property('cause')
      .that.is.instanceOf(Error);
  });

  it('brings back thousands of rows of numbers and words', () => {
    const columns = { delay: Float32Array.from({ length: 5000 }, (_, i) => i / 7), carrier: Array.from({ length: 5000 }, (_, i) => `c${i % 11}`) };
    expect(differ(roundTrip(arrowCodec, tableFromArrays(columns)), tableFromArrays(columns))).to.equal(undefined);
  });
});
