import { expect } from 'chai';
import fc from 'fast-check';
import { toSeconds, type Duration } from '#lib/base/text/duration.js';
import { InvalidOptionError } from '#lib/base/errors.js';

describe('toSeconds', () => {
  it('takes a plain number for seconds', () => {
    expect([0, 1.5, Infinity].map((seconds) => toSeconds(seconds, 'lifetime'))).to.deep.equal([0, 1.5, Infinity]);
  });

  it('adds up the parts of a duration', () => {
    expect(toSeconds({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 500 }, 'x')).to.equal(93784.5);
  });

  it('is the same for a part as for so many of the next smaller one', () => {
    fc.assert(
      fc.property(fc.nat(1000), (n) => {
        const same: Duration[] = [{ days: n }, { hours: 24 * n }, { minutes: 1440 * n }, { seconds: 86_400 * n }];
        return new Set(same.map((duration) => toSeconds(duration, 'x'))).size === 1;
      }),
    );
  });

  const wrong: unknown[] = [
    -1,
    NaN,
    {},
    [],
    null,
    '5',
    { seconds: -1 },
    { weeks: 1 },
    { seconds: '1' },
    { days: undefined },
    { toString: 1 },
  ];
  for (const value of wrong) {
    it(`refuses ${typeof value === 'number' ? String(value) : JSON.stringify(value)} and names the option`, () => {
      expect(() => toSeconds(value as Duration, 'the lifetime of m')).to.throw(InvalidOptionError, 'the lifetime of m');
    });
  }
});
