import { expect } from 'chai';
import { humanBytes, humanSeconds } from '#lib/base/text/human.js';
import { compareNames } from '#lib/base/text/order.js';

describe('quantities for readers', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1 kB'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [999_499, '999 kB'],
    [999_600, '1 MB'],
    [5e15, '5000 TB'],
  ] as const) {
    it(`${bytes} bytes are ${text}`, () => {
      expect(humanBytes(bytes)).to.equal(text);
    });
  }
  for (const [seconds, text] of [
    [0, '0 µs'],
    [2.5e-6, '2.5 µs'],
    [0.0123, '12.3 ms'],
    [0.9999, '1 s'],
    [59.4, '59.4 s'],
    [90, '1.5 min'],
    [5400, '1.5 h'],
    [86_400 * 2, '2 d'],
  ] as const) {
    it(`${seconds} seconds are ${text}`, () => {
      expect(humanSeconds(seconds)).to.equal(text);
    });
  }
});

describe('compareNames', () => {
  it('takes numbers as numbers, and keeps different names apart', () => {
    const names = ['root.modes[10]', 'root', 'root.b', 'root.modes[2]', 'root.modes[02]', 'root.B', 'root.a'];
    expect(names.sort(compareNames)).to.deep.equal([
      'root',
      'root.a',
      'root.B',
      'root.b',
      'root.modes[02]',
      'root.modes[2]',
      'root.modes[10]',
    ]);
    expect(compareNames('a', 'a')).to.equal(0);
  });
});
