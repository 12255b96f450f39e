/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { UncacheableValueError } from '#lib/base/errors.js';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';
import { registerClass } from '#lib/key/classes/class-registry.js';
import { cacheKey } from '#lib/key/classes/symbols.js';
import { GOLDEN_VALUES } from '../golden-values.js';

describe('valueDigest', () => {
  it('gives every pinned value the pinned digest', () => {
    const golden = JSON.parse(readFileSync('spec/golden/key-digests.json', 'utf8')) as Record<string, unknown>;
    const digests = Object.fromEntries(
      Object.entries(GOLDEN_VALUES).map(([name, make]) => [name, valueDigest(make())]),
    );
    expect(digests).to.deep.equal(golden.values);
  });

  it('gives equal digests exactly to values that print alike', () => {
    const value = fc.anything({
      maxDepth: 2,
      withMap: true,
      withSet: true,
      withBigInt: true,
      withDate: true,
      maxKeys: 2,
      withNullPrototype: true,
    });
    const shown = (it: unknown): string => inspect(it, { depth: null, maxArrayLength: null, maxStringLength: null });
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(valueDigest(one) === valueDigest(other)).to.equal(shown(one) === shown(other));
      }),
      { numRuns: 1000 },
    );
  });

  it('counts the order of properties, Map entries and Set members', () => {
    expect(valueDigest({ a: 1, b: 2 })).not.to.equal(valueDigest({ b: 2, a: 1 }));
    expect(
      valueDigest(
        new Map([
          [1, 1],
          [2, 2],
        ]),
      ),
    ).not.to.equal(
      valueDigest(
        new Map([
          [2, 2],
          [1, 1],
        ]),
      ),
    );
    expect(valueDigest(new Set([1, 2]))).not.to.equal(valueDigest(new Set([2, 1])));
  });

  it('is never the key of a call with that value', () => {
    expect(valueDigest([1])).not.to.equal(callKeyDigest([1]));
  });

  it('counts the stack of an error', () => {
    const error = new Error('x');
    const before = valueDigest(error);
    error.stack = 'elsewhere';
    expect(valueDigest(error)).not.to.equal(before);
  });

  it('reads the fields of a registered instance and never asks [cacheKey]()', () => {
    class Fit {
      constructor(public order: number) {}
      [cacheKey](): unknown {
        return expect.fail('asked');
      }
    }
    registerClass(Fit, { name: 'value-digest.spec/Fit', key: () => expect.fail('asked') });
    expect(valueDigest(new Fit(1))).to.equal(valueDigest(new Fit(1)));
    expect(valueDigest(new Fit(1))).not.to.equal(valueDigest(new Fit(2)));
    expect(valueDigest(new Fit(1))).not.to.equal(valueDigest({ order: 1 }));
  });

  it('refuses what cannot be stored, naming the place', () => {
    expect(() => valueDigest({ fit: { callback: () => 1 } })).to.throw(UncacheableValueError, 'result.fit.callback');
    expect(() => valueDigest(new (class Hidden {})())).to.throw(UncacheableValueError, 'Hidden');
  });

  it('sees a single changed element anywhere in a large array', () => {
    const array = new Float64Array(300_000);
    const seen = new Set([valueDigest(array)]);
    const places = [0, 1, 511, 512, 32_767, 32_768, 65_536, 299_999];
    for (const place of places) {
      array[place] = 1;
      seen.add(valueDigest(array));
      array[place] = 0;
    }
    expect(seen.size).to.equal(places.length + 1);
  });
});

describe('digests of ndarrays', () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 });

  it('do not depend on strides, offset or order of the axes in memory', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.infiniteStream(fc.integer()),
        fc.nat(3),
        fc.boolean(),
        (shape, numbers, offset, turned) => {
          const size = shape.reduce((product, length) => product * length, 1);
          const elements = Float64Array.from({ length: size }, () => Number(numbers.next().value));
          const plain = ndarray(elements, shape);
          // The same elements column-major, every second place, behind an offset, and with the first axis backwards.
          const stride: number[] = [];
          let step = 2;
          for (const length of shape) {
            stride.push(step);
            step *= length;
          }
          const loose = ndarray(new Float64Array(step + offset + 2), shape, stride, offset);
          const strange = turned && size > 0 ? loose.step(-1) : loose;
          const at = new Array<number>(shape.length).fill(0);
          for (let i = 0; i < size; i++) {
            strange.set(...at, plain.get(...at));
            for (let axis = shape.length - 1; axis >= 0; axis--) {
              at[axis] = (at[axis] ?? 0) + 1;
              if ((at[axis] ?? 0) < (shape[axis] ?? 0)) break;
              at[axis] = 0;
            }
          }
          expect(callKeyDigest([strange])).to.equal(callKeyDigest([plain]));
          expect(valueDigest(strange)).to.equal(valueDigest(plain));
        },
      ),
    );
  });

  it('do not depend on the layout of large arrays of any width of element', () => {
    for (const Kind of [Uint8Array, Int16Array, Float32Array, Float64Array, BigInt64Array]) {
      const [rows, columns] = [211, 307];
      const element = (i: number): number | bigint => (Kind === BigInt64Array ? BigInt(i) : i);
      const rowMajor = new Kind(rows * columns);
      const columnMajor = new Kind(rows * columns);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          rowMajor[row * columns + column] = element(row * columns + column);
          columnMajor[column * rows + row] = element(row * columns + column);
        }
      }
      const one = ndarray(rowMajor as Float64Array, [rows, columns]);
      const other = ndarray(columnMajor as Float64Array, [rows, columns], [1, rows]);
      expect(valueDigest(other), Kind.name).to.equal(valueDigest(one));
      expect(callKeyDigest([other]), Kind.name).to.equal(callKeyDigest([one]));
    }
  });

  it('tell shapes, element types and elements apart', () => {
    const of = (data: Float64Array | Float32Array, shape: number[]): string => valueDigest(ndarray(data, shape));
    const digests = [
      of(new Float64Array(6), [2, 3]),
      of(new Float64Array(6), [3, 2]),
      of(new Float64Array(6), [6]),
      of(new Float64Array(6), [6, 1]),
      of(new Float32Array(6), [2, 3]),
      of(new Float64Array(6).fill(1), [2, 3]),
      of(new Float64Array(0), [0, 3]),
      of(new Float64Array(0), [3, 0]),
    ];
    expect(new Set(digests).size).to.equal(digests.length);
  });

  it('are refused for one that reaches outside its data', () => {
    expect(() => callKeyDigest([ndarray(new Float64Array(5), [2, 3])])).to.throw('outside its data');
    expect(() => callKeyDigest([ndarray(new Float64Array(6), [2, 3], [3, 1], -1)])).to.throw('outside its data');
  });

  it('keep the bits of every NaN of a strided array', () => {
    const words = BigUint64Array.of(0x7ff0_0000_0000_0001n, 0n, 0xfff8_0000_0000_00ffn, 0n);
    const dense = BigUint64Array.of(0x7ff0_0000_0000_0001n, 0xfff8_0000_0000_00ffn);
    const strided = ndarray(new Float64Array(words.buffer), [2], [2]);
    expect(valueDigest(strided)).to.equal(valueDigest(ndarray(new Float64Array(dense.buffer))));
  });
});
