import { expect } from 'chai';
import type * as Arrow from 'apache-arrow';
import { createRequire } from 'node:module';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import { describeDifference } from '#lib/codec/arrow/difference.js';
import { arrowCodec, encodeArrow } from '#lib/codec/arrow/arrow.js';
import { decodeFile, encodeFile } from '../../support/values/codec-round-trip.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
const { Field, List, Table, Utf8, tableFromArrays, vectorFromArray } = arrow;

const tableOf = (...vectors: Arrow.Vector[]): Arrow.Table =>
  new Table(Object.fromEntries(vectors.map((vector, i) => [`column${i}`, vector])));
const text = (...values: (string | null)[]): Arrow.Table => tableOf(vectorFromArray(values, new Utf8()));
const numbers = (...values: (number | null)[]): Arrow.Table => tableOf(vectorFromArray(values, new arrow.Float64()));
const lists = (...values: unknown[][]): Arrow.Table =>
  tableOf(vectorFromArray(values, new List(new Field('item', new arrow.Int32()))));
const rows = (...values: object[]): Arrow.Table => tableOf(vectorFromArray(values));

describe('describeDifference', () => {
  const DIFFERENT: Readonly<Record<string, [Arrow.Table, Arrow.Table, string]>> = {
    'of names': [tableFromArrays({ a: [1] }), tableFromArrays({ b: [1] }), 'schema'],
    'of types': [numbers(1), text('1'), 'schema'],
    'of chunks': [numbers(1, 2), numbers(1).concat(numbers(2)), 'number of batches'],
    'of lengths': [numbers(1, 2), numbers(1), 'batch 0'],
    'of a number': [numbers(1, 2), numbers(1, 3), 'column 0 in batch 0'],
    'of the sign of zero': [numbers(0), numbers(-0), 'column 0 in batch 0'],
    'of nulls': [numbers(1, null), numbers(1, 2), 'column 0 in batch 0'],
    'of the place of a null': [numbers(1, null), numbers(null, 1), 'column 0 in batch 0'],
    'of texts': [text('a', 'bc'), text('ab', 'c'), 'column 0 in batch 0'],
    'of lists': [lists([1], [2]), lists([1], [3]), 'column 0 in batch 0'],
    'of rows': [rows({ x: 1, y: 2 }), rows({ x: 1, y: 3 }), 'column 0 in batch 0'],
  };
  for (const [what, [table, copy, where]] of Object.entries(DIFFERENT)) {
    it(`sees a difference ${what}`, () => {
      expect(describeDifference(table, copy, arrow)).to.equal(where);
    });
  }

  it('sees none where there is none, whatever the memory under it', () => {
    expect(describeDifference(text('a', null), text('a', null), arrow)).to.equal(undefined);
    expect(describeDifference(numbers(NaN, -0), numbers(NaN, -0), arrow)).to.equal(undefined);
    expect(describeDifference(lists([1], [2]), lists([1], [2]), arrow)).to.equal(undefined);
    expect(describeDifference(rows({ x: 1 }), rows({ x: 1 }), arrow)).to.equal(undefined);
    const later = tableOf(vectorFromArray(['z', 'a', 'b'], new Utf8()).slice(1));
    expect(describeDifference(later, text('a', 'b'), arrow)).to.equal(undefined);
  });
});

describe('an Arrow file of another kind than its record says', () => {
  const two = numbers(1).concat(numbers(2));
  const CASES: Readonly<Record<string, [Arrow.Table, string]>> = {
    'several batches for a RecordBatch': [two, 'RecordBatch'],
    'several columns for a Vector': [tableFromArrays({ a: [1], b: [2] }), 'Vector'],
    'no column for a Vector': [new Table(new arrow.Schema([])), 'Vector'],
    'a type that no Arrow file has': [two, 'Map'],
  };
  for (const [what, [table, type]] of Object.entries(CASES)) {
    it(`is a FormatError: ${what}`, () => {
      const { bytes } = encodeFile(arrowCodec, table);
      expect(() => decodeFile(arrowCodec, bytes, { type })).to.throw(FormatError);
    });
  }
});

describe('what the Arrow codec cannot write', () => {
  it('is refused where it is forced: no Arrow data', () => {
    expect(() => arrowCodec.encode([1])).to.throw(UncacheableValueError, /no Arrow data/);
    expect(encodeArrow(new Map())).to.have.property('what', 'no Arrow data');
  });

  it('is refused with the cause: a table that has lost its schema', () => {
    const table = numbers(1, 2);
    Object.assign(table, { schema: undefined });
    expect(() => arrowCodec.encode(table))
      .to.throw(UncacheableValueError, /cannot write/)
      .with.property('cause');
  });
});
