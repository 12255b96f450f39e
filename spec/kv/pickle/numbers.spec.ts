import { expect } from 'chai';
import fc from 'fast-check';
import { toNumber } from '#lib/kv/base/numbers.js';
import { decodeLong, encodeLong, floatRepr, parseFloatRepr, parseInteger } from '#lib/kv/pickle/numbers.js';

describe('numbers in pickles', () => {
  it('floats are written as Python does, and read back to the bit', () => {
    const forms: [number, string][] = [
      [0, '0.0'],
      [-0, '-0.0'],
      [1, '1.0'],
      [-1.5, '-1.5'],
      [0.1, '0.1'],
      [1e15, '1000000000000000.0'],
      [1e16, '1e+16'],
      [1.25e17, '1.25e+17'],
      [123456789.125, '123456789.125'],
      [1e-4, '0.0001'],
      [1.5e-5, '1.5e-05'],
      [5e-324, '5e-324'],
      [1e100, '1e+100'],
      [NaN, 'nan'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
    ];
    for (const [number, text] of forms) expect(floatRepr(number)).to.equal(text);
    fc.assert(
      fc.property(fc.double(), (number) => {
        expect(Object.is(parseFloatRepr(floatRepr(number)), number)).to.equal(true);
      }),
    );
  });

  it('integers come back from their bytes, which are as few as hold the sign', () => {
    const around = fc
      .tuple(fc.nat(600), fc.integer({ min: -2, max: 2 }), fc.constantFrom(1n, -1n))
      .map(([bits, near, sign]) => sign * 2n ** BigInt(bits) + BigInt(near));
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(), around), (value) => {
        const bytes = encodeLong(value);
        expect(decodeLong(bytes)).to.equal(value);
        if (bytes.length > 0) expect(BigInt.asIntN((bytes.length - 1) * 8, value)).not.to.equal(value);
      }),
    );
  });

  it('integers are numbers where all their digits count', () => {
    expect(toNumber(2n ** 53n - 1n)).to.deep.equal(2 ** 53 - 1);
    expect(toNumber(2n ** 53n)).to.deep.equal(2n ** 53n);
    expect(toNumber(-(2n ** 53n) + 1n)).to.deep.equal(-(2 ** 53) + 1);
    expect(toNumber(-(2n ** 53n))).to.deep.equal(-(2n ** 53n));
    expect(parseInteger('-12')).to.deep.equal(-12n);
    expect(parseInteger('1.0')).to.equal(undefined);
    expect(parseInteger('')).to.equal(undefined);
    expect(parseInteger('1'.repeat(1_000_001))).to.equal(undefined);
  });
});
