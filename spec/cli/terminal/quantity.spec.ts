import { expect } from 'chai';
import { UsageError } from '#lib/cli/terminal/errors.js';
import { parseAge, parsePart, parseSize } from '#lib/cli/terminal/quantity.js';

describe('amounts on the command line', () => {
  const ages: [text: string, seconds: number][] = [
    ['30d', 30 * 86_400],
    ['12h', 43_200],
    ['90min', 5400],
    ['45s', 45],
    ['2w', 14 * 86_400],
    ['1d12h', 129_600],
    ['1.5 h', 5400],
    ['3 days', 259_200],
    ['0', 0],
  ];
  for (const [text, seconds] of ages) {
    it(`${text} is ${String(seconds)} s`, () => {
      expect(parseAge(text)).to.equal(seconds);
    });
  }

  const sizes: [text: string, bytes: number][] = [
    ['10GB', 1e10],
    ['500 MB', 5e8],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['4k', 4000],
    ['123B', 123],
    ['300 bytes', 300],
    ['0', 0],
  ];
  for (const [text, bytes] of sizes) {
    it(`${text} is ${String(bytes)} bytes`, () => {
      expect(parseSize(text)).to.equal(bytes);
    });
  }

  const parts: [text: string, part: object][] = [
    ['3/8', { index: 3, count: 8 }],
    ['1/1', { index: 1, count: 1 }],
    ['array/8', { count: 8 }],
    ['array', {}],
  ];
  for (const [text, part] of parts) {
    it(`${text} is the part ${JSON.stringify(part)}`, () => {
      expect(parsePart(text)).to.deep.equal(part);
    });
  }

  for (const text of [
    '',
    '0/8',
    '9/8',
    '1/0',
    '-1/8',
    '1.5/8',
    '1/8/2',
    '/8',
    '8',
    'a/8',
    ' 1/8',
    'array/',
    'array/0',
  ]) {
    it(`'${text}' is refused as a part`, () => {
      expect(() => parsePart(text)).to.throw(UsageError, `'${text}' is no part: write 3/8`);
    });
  }

  it('without a unit is refused, with the units that there are', () => {
    expect(() => parseAge('30')).to.throw(
      UsageError,
      "'30' says no unit: write the number with one of s, min, h, d, w",
    );
    expect(() => parseAge('1d 2')).to.throw(UsageError, 'says no unit');
    expect(() => parseSize('10')).to.throw(
      UsageError,
      "'10' says no unit: write the number with one of B, kB, MB, GB, TB, KiB, MiB, GiB, TiB",
    );
  });

  it('of an unknown unit is refused, with the one that was meant', () => {
    expect(() => parseAge('3 dyas')).to.throw(UsageError, "unknown unit 'dyas' (did you mean 'days'?)");
    expect(() => parseAge('1m')).to.throw(UsageError, "unknown unit 'm'");
  });

  for (const text of ['', 'x', '-1d', '1y', '1m', 'd', '1d 2', '1dx', '1e3s']) {
    it(`'${text}' is no age`, () => {
      expect(() => parseAge(text)).to.throw(UsageError);
    });
  }

  for (const text of ['', '-1', '10GBs', 'GB', '1 2', '1e9']) {
    it(`'${text}' is no size`, () => {
      expect(() => parseSize(text)).to.throw(UsageError);
    });
  }
});
