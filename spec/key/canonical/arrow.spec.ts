import {
  Bool,
  Dictionary,
  Field,
  Float64,
  Int32,
  List,
  Map_,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  Utf8,
  Vector,
  makeData,
  makeVector,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { expect } from 'chai';
import fc from 'fast-check';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';

const rows = 500;

function observations(): Table {
  return tableFromArrays({
    flux: Float64Array.from({ length: rows }, (_, i) => i / 3),
    band: Array.from({ length: rows }, (_, i) => 'JHK'.charAt(i % 3)),
    good: Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : i % 2 === 0)),
    id: BigInt64Array.from({ length: rows }, (_, i) => BigInt(i)),
  });
}

/** One column in several forms that hold the same rows. */
const types = {
  Int32: new Int32(),
  Float64: new Float64(),
  Bool: new Bool(),
  Utf8: new Utf8(),
  Timestamp: new Timestamp(TimeUnit.MILLISECOND, 'UTC'),
  Dictionary: new Dictionary(new Utf8(), new Int32()),
  List: new List(new Field('item', new Int32())),
  Struct: new Struct([new Field('a', new Int32()), new Field('b', new Utf8())]),
  Map: new Map_(
    new Field(
      'entries',
      new Struct<{ key: Utf8; value: Int32 }>([new Field('key', new Utf8(), false), new Field('value', new Int32())]),
    ),
  ),
} as const;

const samples: Readonly<Record<keyof typeof types, readonly unknown[]>> = {
  Int32: [1, -2, null, 4, 0],
  Float64: [0.5, null, -0, 0, NaN],
  Bool: [true, null, false, false, true],
  Utf8: ['a', '', null, 'größe', 'a'],
  Timestamp: [0, 86_400_000, null, 1, 2],
  Dictionary: ['a', 'b', 'a', null, 'c'],
  List: [[1, 2], [], null, [3, null], [4]],
  Struct: [{ a: 1, b: 'x' }, null, { a: null, b: 'y' }, { a: 2, b: null }, { a: 2, b: 'x' }],
  Map: [
    new Map([['a', 1]]),
    new Map(),
    new Map([
      ['b', 2],
      ['c', 3],
    ]),
    new Map([['a', 2]]),
    new Map([['b', 1]]),
  ],
};

function column(name: keyof typeof types, values = samples[name]): Vector {
  return vectorFromArray(values as never[], types[name] as never) as Vector;
}

describe('digests of Arrow values', () => {
  it('are equal for a table built twice, in either kind of IPC file, and cut into batches', () => {
    const table = observations();
    const digest = valueDigest(table);
    expect(valueDigest(observations())).to.equal(digest);
    expect(valueDigest(tableFromIPC(tableToIPC(table, 'file')))).to.equal(digest);
    expect(valueDigest(tableFromIPC(tableToIPC(table, 'stream')))).to.equal(digest);
    expect(valueDigest(table.slice(0, 123).concat(table.slice(123)))).to.equal(digest);
    expect(callKeyDigest([table])).to.equal(callKeyDigest([tableFromIPC(tableToIPC(table))]));
  });

  it('tell tables apart by rows, names, metadata and kind', () => {
    const table = observations();
    const schema = new Schema(table.schema.fields, new Map([['telescope', 'LBT']]));
    const named = new Table(
      schema,
      table.batches.map((part) => new RecordBatch(schema, part.data)),
    );
    const batch = table.batches[0];
    const others = [
      table,
      named,
      table.slice(1),
      table.slice(0, rows - 1),
      table.select(['flux']),
      table.select(['flux', 'id']),
      table.select(['id', 'flux']),
      batch,
      table.getChild('flux'),
    ];
    expect(new Set(others.map(valueDigest)).size).to.equal(others.length);
  });

  for (const name of Object.keys(types) as (keyof typeof types)[]) {
    it(`of ${name} columns depend on their rows alone`, () => {
      const whole = column(name);
      const values = samples[name];
      const digest = valueDigest(whole);
      expect(whole.length).to.equal(values.length);
      for (let cut = 0; cut <= values.length; cut++) {
        const pieces = whole.slice(0, cut).concat(whole.slice(cut));
        expect(valueDigest(pieces), `cut at ${cut}`).to.equal(digest);
        const parts = column(name, values.slice(0, cut)).concat(column(name, values.slice(cut)) as never);
        if (cut > 0 && cut < values.length) expect(valueDigest(parts), `joined at ${cut}`).to.equal(digest);
      }
      const digests = new Set<string>();
      for (let start = 0; start < values.length; start++) {
        for (let end = start + 1; end <= values.length; end++) {
          digests.add(JSON.stringify([valueDigest(whole.slice(start, end)), end - start]));
          expect(valueDigest(whole.slice(start, end))).to.equal(valueDigest(column(name, values.slice(start, end))));
        }
      }
      expect(digests.size).to.be.above(values.length);
    });
  }

  it('differ for different rows', () => {
    const value = fc.option(fc.constantFrom('a', 'b', '', 'ab'));
    const list = fc.array(value, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(list, list, (one, other) => {
        const equal = JSON.stringify(one) === JSON.stringify(other);
        for (const name of ['Utf8', 'Dictionary'] as const) {
          expect(valueDigest(column(name, one)) === valueDigest(column(name, other))).to.equal(equal);
        }
      }),
    );
  });

  it('differ for different types of the same numbers', () => {
    const vectors = [
      makeVector(Int32Array.of(1, 2)),
      makeVector(Float64Array.of(1, 2)),
      makeVector(Float32Array.of(1, 2)),
      makeVector(BigInt64Array.of(1n, 2n)),
      column('Timestamp', [1, 2]),
      column('Utf8', ['1', '2']),
      column('Dictionary', ['1', '2']),
    ];
    expect(new Set(vectors.map((vector) => valueDigest(vector))).size).to.equal(vectors.length);
  });

  it('do not count what lies under a null, nor unused dictionary values', () => {
    const under = (hidden: number): Vector =>
      new Vector([
        makeData({
          type: new Int32(),
          length: 3,
          nullCount: 1,
          data: Int32Array.of(1, hidden, 3),
          nullBitmap: Uint8Array.of(0b101),
        }),
      ]);
    expect(valueDigest(under(5))).to.equal(valueDigest(under(6)));
    expect(valueDigest(under(5))).to.equal(valueDigest(column('Int32', [1, null, 3])));

    const coded = (values: string[], codes: number[]): Vector =>
      new Vector([
        makeData({
          type: types.Dictionary,
          length: codes.length,
          data: Int32Array.from(codes),
          dictionary: vectorFromArray(values, new Utf8()),
        }),
      ]);
    expect(valueDigest(coded(['a', 'b'], [0, 1, 0]))).to.equal(valueDigest(coded(['x', 'b', 'a'], [2, 1, 2])));
    expect(valueDigest(coded(['a', 'b'], [0, 1, 0]))).not.to.equal(valueDigest(coded(['a', 'b'], [1, 0, 1])));
  });

  it('stand inside other values', () => {
    expect(callKeyDigest([{ table: observations() }])).to.equal(callKeyDigest([{ table: observations() }]));
    expect(callKeyDigest([{ table: observations() }])).not.to.equal(
      callKeyDigest([{ table: observations().slice(1) }]),
    );
  });
});
