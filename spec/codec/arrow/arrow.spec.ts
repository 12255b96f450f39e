import type * as Arrow from 'apache-arrow';
import { expect } from 'chai';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import { arrowCodec } from '#lib/codec/arrow/arrow.js';
import { describeCodec, fileOf, readFile, roundTrip, type Cases } from '../../contract/codec-contract.js';

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
  'booleans from the fourth': () =>
    vectorFromArray([true, null, false, true, false, null, true, true, true, false], new arrow.Bool()).slice(3),
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
  timestamps: () =>
    makeVector(makeData({ type: new arrow.TimestampNanosecond('UTC'), data: BigInt64Array.of(1n, 2n) })),
  times: () => vectorFromArray([1n, null], new arrow.TimeMicrosecond()),
  durations: () => vectorFromArray([1n, null], new arrow.DurationSecond()),
  decimals: () => vectorFromArray([Uint32Array.of(1, 0, 0, 0), null], new arrow.Decimal(2, 10, 128)),
  lists: () => vectorFromArray([[1, 2], null, [], [3]], new arrow.List(field('item', int32()))),
  'a slice of lists': () =>
    vectorFromArray([[1], [2, 3], null, [4]], new arrow.List(field('item', int32()))).slice(1, 3),
  'lists of fixed size': () =>
    vectorFromArray([[1, 2], null, [3, 4]], new arrow.FixedSizeList(2, field('item', int32()))),
  structs: () =>
    vectorFromArray([{ a: 1, b: 'x' }, null], new arrow.Struct([field('a', int32()), field('b', new arrow.Utf8())])),
  'a dictionary': words,
  'a slice of a dictionary': () => words().slice(1, 3),
  'lists of a dictionary': () =>
    vectorFromArray(
      [['a'], null, ['b', 'a']],
      new arrow.List(field('item', new arrow.Dictionary(new arrow.Utf8(), int32()))),
    ),
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
        children: [
          makeData({ type: int32(), data: Int32Array.of(1, 2) }),
          makeData({ type: new arrow.Float64(), data: Float64Array.of(1.5) }),
        ],
      }),
    ),
  'chunks with dictionaries of their own': () =>
    vectorFromArray(['a', 'b', null]).concat(vectorFromArray(['c', null, 'a'])),
  chunks: () => vectorFromArray([1, 2]).concat(vectorFromArray([3])),
  'no elements': () => vectorFromArray([], int32()),
};

/** A batch for each dictionary, which has each of its values once, and a null. */
function ownDictionaries(
  type: Arrow.Dictionary,
  Indices: typeof Int8Array | typeof Int32Array,
  ...dictionaries: unknown[][]
): Arrow.Table {
  const schema = new Schema([field('d', type)]);
  return new Table(
    schema,
    dictionaries.map((values) => batchOf(schema, [encoded(type, Indices, values)])),
  );
}

function encoded(type: Arrow.Dictionary, Indices: typeof Int8Array | typeof Int32Array, values: unknown[]): Arrow.Data {
  const dictionary = vectorFromArray(values, type.dictionary as Arrow.DataType);
  const length = values.length + 1;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8)).fill(255);
  nullBitmap[values.length >> 3] = 255 & ~(1 << (values.length % 8));
  return makeData({
    type,
    length,
    nullCount: 1,
    nullBitmap,
    data: new Indices(Array.from({ length }, (_, i) => i)),
    dictionary,
  });
}

const wordType = (id?: number, isOrdered = false): Arrow.Dictionary =>
  new arrow.Dictionary(new arrow.Utf8(), int32(), id, isOrdered);

const TABLES: Cases = {
  'dictionaries that replace each other': () =>
    ownDictionaries(wordType(7), Int32Array, ['x'], ['y', 'x'], [], ['x', 'y', 'z']),
  'dictionaries with a null among their values': () =>
    ownDictionaries(wordType(), Int32Array, ['x', null], [null, 'y'], ['x']),
  'dictionaries of 64-bit integers, and of few indices': () =>
    ownDictionaries(
      new arrow.Dictionary(new arrow.Int64(), new arrow.Int8()),
      Int8Array,
      [1n, 2n ** 60n],
      [2n ** 60n + 1n, 1n],
    ),
  'dictionaries of floats': () =>
    ownDictionaries(new arrow.Dictionary(new arrow.Float64(), int32()), Int32Array, [0, NaN, 1], [-0, NaN, 1 / 3]),
  'dictionaries of lists': () =>
    ownDictionaries(
      new arrow.Dictionary(new arrow.List(field('item', int32())), int32()),
      Int32Array,
      [[1], [2, 3]],
      [[2], []],
    ),
  'ordered dictionaries that grow': () => ownDictionaries(wordType(3, true), Int32Array, ['low'], ['low', 'high']),
  'tables that were put together': () =>
    tableFromArrays({ s: ['x', 'y'], n: [1, 2] }).concat(
      tableFromArrays({ s: ['z', 'x'], n: [3, 4] }),
      tableFromArrays({ s: ['y'], n: [5] }),
    ),
  'a slice of tables that were put together': () =>
    tableFromArrays({ s: ['x', 'y', 'w'] })
      .concat(tableFromArrays({ s: ['z', 'x', 'v'] }))
      .slice(1, 5),
  'two columns of one number with dictionaries of their own': () => {
    const type = wordType(5);
    const schema = new Schema([field('a', type), field('b', type)]);
    return new Table(schema, [batchOf(schema, [encoded(type, Int32Array, ['x']), encoded(type, Int32Array, ['y'])])]);
  },
  'lists of dictionaries that replace each other': () => {
    const list = (...rows: string[][]): Arrow.Table =>
      new Table({ l: vectorFromArray(rows, new arrow.List(field('item', wordType(2)))) });
    return list(['a'], ['b', 'a']).concat(list(['c', 'b'], []));
  },
  'structs of dictionaries that replace each other': () => {
    const struct = (...rows: { s: string }[]): Arrow.Table =>
      new Table({ r: vectorFromArray(rows, new arrow.Struct([field('s', wordType(2))])) });
    return struct({ s: 'a' }, { s: 'b' }).concat(struct({ s: 'c' }, { s: 'a' }));
  },
  'a table': () => tableFromArrays({ delay: Float32Array.of(14, -3.5, 0), carrier: ['AA', 'UA', 'AA'] }),
  'a record batch': () => tableFromArrays({ delay: Float32Array.of(14, -3.5), carrier: ['AA', 'UA'] }).batches[0],
  'a table with metadata, not nullable': () => {
    const schema = new Schema(
      [new Field('a', new arrow.Float64(), false, new Map([['unit', 'm']]))],
      new Map([['night', '1']]),
    );
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
  'dictionaries that have more values together than their indices can number': () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 7);
    const names = (start: string): string[] => Array.from({ length: 100 }, (_, i) => `${start}${i}`);
    return ownDictionaries(type, Int8Array, names('a'), names('b'));
  },
  'ordered dictionaries that order otherwise': () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), int32(), 7, true);
    return ownDictionaries(type, Int32Array, ['low', 'high'], ['high', 'low']);
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
    expect(() => arrowCodec.encode(REFUSED['ordered dictionaries that order otherwise']?.()))
      .to.throw(UncacheableValueError, /result is a Table .*tableFromArrays/)
      .with.property('cause')
      .that.is.instanceOf(Error);
  });

  it('brings back thousands of rows of numbers and words', () => {
    const columns = {
      delay: Float32Array.from({ length: 5000 }, (_, i) => i / 7),
      carrier: Array.from({ length: 5000 }, (_, i) => `c${i % 11}`),
    };
    expect(differ(roundTrip(arrowCodec, tableFromArrays(columns)), tableFromArrays(columns))).to.equal(undefined);
  });
});
