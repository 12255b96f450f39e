/** Values of libraries as results and arguments: each comes back as what it was, to the class. */
import * as aq from 'arquero';
import { BigNumber } from 'bignumber.js';
import { expect } from 'chai';
import { Decimal } from 'decimal.js';
import * as math from 'mathjs';
import type * as MlMatrix from 'ml-matrix';
import { EigenvalueDecomposition, Matrix, MatrixColumnView, SymmetricMatrix, WrapperMatrix2D } from 'ml-matrix';
import { createRequire } from 'node:module';
import { Temporal } from 'temporal-polyfill';
import { UncacheableValueError } from '#lib/base/errors.js';
import { compressed } from '#lib/codec/compressed.js';
import { codecFor } from '#lib/codec/registry.js';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';
import { roundTrip } from '../support/values/codec-round-trip.js';
import { expectSame } from '../support/values/same-value.js';

const required = createRequire(import.meta.url)('ml-matrix') as typeof MlMatrix;

const Precise = Decimal.clone({ precision: 50 });
/** The package brings no types. */
interface BigClass {
  new (value: unknown): { div(by: number): object };
  (): BigClass;
  DP: number;
}
const { Big } = createRequire(import.meta.url)('big.js') as { Big: BigClass };
const Rough = Big();
Rough.DP = 5;

const columns = {
  number: [1, null, -0, NaN],
  text: ['x', 'ä', null, ''],
  truth: [true, null, false, true],
  big: [1n, -2n, null, 2n ** 62n],
  date: [new Date(0), null, new Date(5), new Date(-7)],
  nothing: [null, null, null, null],
  floats: Float64Array.of(1, 2, 3, NaN),
  bytes: Uint8Array.of(1, 2, 3, 255),
};
const table = (): aq.ColumnTable => aq.table(columns);

/** By what they are: how to make one, another that is not equal to it, and the format that takes it. */
const VALUES: Readonly<Record<string, readonly [make: () => unknown, other: () => unknown, codec: string]>> = {
  'an Arquero table': [table, () => aq.table({ ...columns, bytes: Uint8Array.of(1, 2, 3, 4) }), 'arrow'],
  'an Arquero table with columns in another order': [() => table().select('text', 'number'), table, 'arrow'],
  'an Arquero table with a filter': [
    () => table().filter((row: { floats: number }) => row.floats > 1),
    () => table().filter((row: { floats: number }) => row.floats > 2),
    'v8',
  ],
  'an Arquero table of anything': [() => aq.table({ a: [1, 'x', { q: 1 }, undefined] }), () => aq.table({ a: [1] }), 'v8'],
  'an empty Arquero table': [() => aq.table({}), () => aq.table({ a: [] }), 'v8'],
  'a matrix of ml-matrix': [() => new Matrix([[1, -0], [NaN, 4]]), () => new Matrix([[1, 0], [NaN, 4]]), 'npy'],
  'a matrix of ml-matrix that is required': [
    () => new required.Matrix([[1, 2, 3]]),
    () => new required.Matrix([[1], [2], [3]]),
    'npy',
  ],
  'a matrix without rows': [() => new Matrix(0, 3), () => new Matrix(0, 2), 'npy'],
  'a view of a matrix': [
    () => new MatrixColumnView(new Matrix([[1, 2], [3, 4]]), 1),
    () => new MatrixColumnView(new Matrix([[1, 2], [3, 4]]), 0),
    'v8',
  ],
  'an array wrapped as a matrix': [() => new WrapperMatrix2D([[1, 2]]), () => new WrapperMatrix2D([[1, 3]]), 'v8'],
  'a symmetric matrix': [() => new SymmetricMatrix([[1, 2], [2, 3]]), () => new SymmetricMatrix([[1, 2], [2, 4]]), 'v8'],
  'a decomposition': [
    () => new EigenvalueDecomposition([[1, 2], [2, 4]]),
    () => new EigenvalueDecomposition([[1, 2], [2, 5]]),
    'v8',
  ],
  'a Decimal': [() => new Decimal('1.5'), () => new Precise('1.5'), 'v8'],
  'a Decimal that is no number': [() => new Decimal(NaN), () => new Decimal(0), 'v8'],
  'a Decimal of fifty digits': [() => new Precise(1).div(3), () => new Decimal(1).div(3), 'v8'],
  'a Big': [() => new Big('1.5'), () => new Rough('1.5'), 'v8'],
  'a Big of five digits': [() => new Rough(2).div(3), () => new Big(2).div(3), 'v8'],
  'a BigNumber': [() => new BigNumber('-0'), () => new BigNumber('0'), 'v8'],
  'a matrix of mathjs': [() => math.matrix([[1, -0], [NaN, 4]]), () => math.matrix([1, 0, NaN, 4]), 'npy'],
  'a matrix of mathjs that says its type': [() => math.matrix([[1]], 'dense', 'number'), () => math.matrix([[1]]), 'npy'],
  'a matrix of anything': [
    () => math.matrix([math.bignumber(1), math.complex(1, 2)]),
    () => math.matrix([math.bignumber(1), math.complex(1, 3)]),
    'v8',
  ],
  'a sparse matrix': [() => math.sparse([[1, 0], [0, 4]]), () => math.sparse([[1, 0], [0, 5]]), 'v8'],
  'a complex number': [() => math.complex(1, 2), () => math.complex(2, 1), 'v8'],
  'a fraction': [() => math.fraction(1, 3), () => math.fraction(1, 4), 'v8'],
  'a Temporal of a package': [() => new Temporal.PlainDate(2024, 1, 2), () => new Temporal.PlainDate(2024, 1, 3), 'v8'],
  'a moment in a zone': [
    () => Temporal.ZonedDateTime.from('2024-01-02T03:04:05[Europe/Berlin]'),
    () => Temporal.ZonedDateTime.from('2024-01-02T03:04:05[Europe/Rome]'),
    'v8',
  ],
  'several of them in one value': [
    () => ({ at: new Temporal.PlainDate(2024, 1, 2), of: [new Decimal(1), new Precise(1)], in: new Matrix([[1]]) }),
    () => ({ at: new Temporal.PlainDate(2024, 1, 2), of: [new Decimal(1), new Decimal(1)], in: new Matrix([[1]]) }),
    'v8',
  ],
}; // prettier-ignore

describe('values of libraries', () => {
  for (const [name, [make, other, codec]] of Object.entries(VALUES)) {
    describe(name, () => {
      it(`lies in the format ${codec}`, () => {
        expect(codecFor(make()).name).to.equal(codec);
      });

      it('comes back as what it was', () => {
        expectSame(roundTrip(codecFor(make()), make()), make());
      });

      it('has the digest and the key of what is equal to it', () => {
        const back = roundTrip(codecFor(make()), make());
        expect(valueDigest(back)).to.deep.equal(valueDigest(make()));
        expect(callKeyDigest([back])).to.deep.equal(callKeyDigest([make()]));
      });

      it('has the key of nothing else', () => {
        expect(callKeyDigest([make()])).not.to.equal(callKeyDigest([other()]));
      });
    });
  }

  for (const name of ['a matrix of ml-matrix', 'an Arquero table', 'a Decimal']) {
    it(`come back from compressed files: ${name}`, () => {
      const make = VALUES[name]?.[0] ?? expect.fail(name);
      expectSame(roundTrip(compressed(codecFor(make()), make(), { method: 'gzip' }), make()), make());
    });
  }

  it('come back with methods that work', () => {
    const back = roundTrip(codecFor(table()), table()) as aq.ColumnTable;
    expect(back.filter((row: { bytes: number }) => row.bytes > 2).array('text')).to.eql([null, '']);
  });

  it('compute on with the precision of their constructor', () => {
    const third = roundTrip(codecFor(new Precise(1)), new Precise(1)) as Decimal;
    expect(third.div(3).toString()).to.have.length(52);
  });

  it('share in one value what they shared', () => {
    const matrix = new Matrix([[1]]);
    const value = { one: matrix, two: [matrix] };
    const { one, two } = roundTrip(codecFor(value), value) as { one: Matrix; two: Matrix[] };
    expect(two[0]).to.equal(one);
  });

  it('do not keep rows that are one array in a file that would make two of them', () => {
    const matrix = new Matrix(2, 2) as Matrix & { data: Float64Array[] };
    matrix.data[1] = matrix.data[0] as Float64Array;
    const back = roundTrip(codecFor(matrix), matrix) as typeof matrix;
    expect(back.data[1]).to.equal(back.data[0]);
  });

  it('may be frozen', () => {
    expectSame(
      roundTrip(codecFor(Object.freeze(new Matrix([[1]]))), Object.freeze(new Matrix([[1]]))),
      Object.freeze(new Matrix([[1]])),
    );
  });
});

/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but their names are what is tried */
class Calibration extends Matrix {}
const ofOthers = { Matrix: class Matrix {}, Decimal: class Decimal {} };

/** What does not come back, and what is said of it. */
const REFUSED: Readonly<Record<string, readonly [() => unknown, RegExp]>> = {
  'an instance of a subclass': [() => new Calibration(1, 1), /an instance of Calibration/],
  'an instance of a class that has the name of one': [() => new ofOthers.Matrix(), /an instance of Matrix/],
  'an Arquero table that is ordered': [() => table().orderby('number'), /in an order.*reify/],
  'an Arquero table that is grouped': [() => table().groupby('text'), /in groups.*ungroup/],
  'an Arquero table with a dictionary': [
    () => aq.fromArrow(aq.table({ text: ['a', 'b', 'a'] }).toArrowIPC()),
    /column text reads the dictionary/,
  ],
  'a number of a clone of bignumber.js': [
    () => new (BigNumber.clone({ DECIMAL_PLACES: 5 }))(1),
    /an instance of BigNumber/,
  ],
  'a unit of mathjs': [() => math.unit('5 cm'), /a Unit of mathjs.*toJSON/],
  'a matrix of an own mathjs': [() => math.create(math.all ?? {}, {}).matrix([1]), /an instance of DenseMatrix/],
  'a Temporal with properties of its own': [
    () => Object.assign(new Temporal.PlainDate(2024, 1, 2), { note: 1 }),
    /PlainDate with properties of its own/,
  ],
  'a Decimal with a constructor of its own': [
    () => Object.assign(new Decimal(1), { constructor: ofOthers.Decimal }),
    /a constructor that is not its own/,
  ],
};

describe('values of libraries that do not come back', () => {
  for (const [name, [make, message]] of Object.entries(REFUSED)) {
    it(`${name} is refused as a result`, () => {
      expect(() => valueDigest(make())).to.throw(UncacheableValueError, message);
    });

    it(`${name} is refused by the codec`, () => {
      expect(() => codecFor(make()).encode(make())).to.throw(UncacheableValueError);
    });
  }
});

describe('a table of Arquero from an Arrow file', () => {
  const make = (): aq.ColumnTable =>
    aq.fromArrow(aq.table({ number: [1.5, 2, null], date: [new Date(0), null, new Date(7)] }).toArrowIPC());

  it('comes back with its columns as that file had them', () => {
    const back = roundTrip(codecFor(make()), make()) as aq.ColumnTable;
    expect(back.objects()).to.eql(make().objects());
  });

  it('has columns of the same class', () => {
    const back = roundTrip(codecFor(make()), make()) as aq.ColumnTable;
    expect(Object.getPrototypeOf(back.column('date'))).to.equal(Object.getPrototypeOf(make().column('date')));
  });

  it('has the key of what is equal to it', () => {
    expect(callKeyDigest([make()])).to.equal(callKeyDigest([roundTrip(codecFor(make()), make())]));
  });
});
