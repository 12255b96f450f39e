import { compareSequences, sameSequence, sameValue } from '#lib/kv/cache/compare-values.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidOptionError } from 'stowage';

describe('sameValue', () => {
  it('goes by content', () => {
    expect(sameValue({ a: [1, new Set([2])] }, { a: [1, new Set([2])] })).to.equal(true);
    expect(sameValue(Buffer.from('x'), Buffer.from('x'))).to.equal(true);
    expect(sameValue([1, 2], [2, 1])).to.equal(false);
    expect(sameValue(NaN, NaN)).to.equal(true);
    expect(sameValue(0, -0)).to.equal(true);
  });

  it('takes a number and a bigint of one value for the same, and nothing else across types', () => {
    expect(sameValue(7, 7n)).to.equal(true);
    expect(sameValue(2n ** 64n, 2 ** 64)).to.equal(true);
    expect(sameValue(2n ** 53n + 1n, 2 ** 53)).to.equal(false);
    expect(sameValue(1, '1')).to.equal(false);
    expect(sameValue(1, true)).to.equal(false);
    expect(sameValue(null, undefined)).to.equal(false);
  });
});

describe('sequences', () => {
  it('are the same where all values are, and none is missing', () => {
    expect(sameSequence([1, 'a'], [1, 'a'])).to.equal(true);
    expect(sameSequence([1, 'a'], [1])).to.equal(false);
    expect(sameSequence([1], [1, undefined])).to.equal(false);
    expect(sameSequence([], [])).to.equal(true);
  });

  it('are ordered as Array.prototype.sort orders padded ones: by the first values that differ, then by length', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const [left, right] = [one.join(''), other.join('')];
        const expected = left < right ? -1 : Number(left > right);
        expect(Math.sign(compareSequences(one, other))).to.equal(expected);
        expect(sameSequence(one, other)).to.equal(expected === 0);
      }),
    );
  });

  it('compare numbers with bigints, bytes with bytes, arrays with arrays', () => {
    expect(compareSequences([1, 2n], [1, 3])).to.be.below(0);
    expect(compareSequences([Buffer.from('b')], [Buffer.from('a')])).to.be.above(0);
    expect(compareSequences([[1, 2]], [[1]])).to.be.above(0);
  });

  it('say so where the values that decide have no order, and only then', () => {
    expect(() => compareSequences([1, 'a'], [1, 2])).to.throw(InvalidOptionError, 'a and 2 have no order');
    expect(() => compareSequences([{}], [{ a: 1 }])).to.throw(InvalidOptionError);
    expect(() => compareSequences([NaN], [1])).to.throw(InvalidOptionError);
    expect(compareSequences([1, 'a'], [2, 2])).to.be.below(0);
    expect(compareSequences([{ a: 1 }, 1], [{ a: 1 }, 2])).to.be.below(0);
  });

  it('are let go of where the answer is found before their end', () => {
    let closed = 0;
    const endless = {
      *[Symbol.iterator]() {
        try {
          for (;;) yield 1;
        } finally {
          closed++;
        }
      },
    };
    expect(sameSequence(endless, [1, 2])).to.equal(false);
    expect(compareSequences([1, 2], endless)).to.be.above(0);
    expect(closed).to.equal(2);
  });
});
