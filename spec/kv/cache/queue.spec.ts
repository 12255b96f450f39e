import { expect } from 'chai';
import fc from 'fast-check';
import { Cache } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('queues', () => {
  let cache: Cache;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
  });
  afterEach(() => {
    cache.close();
  });

  it('number their keys from 500 trillion, outwards', () => {
    expect(cache.push('a')).to.equal(500_000_000_000_000);
    expect(cache.push('b')).to.equal(500_000_000_000_001);
    expect(cache.push('c', { side: 'front' })).to.equal(499_999_999_999_999);
    expect(cache.push('d', { prefix: 'jobs' })).to.equal('jobs-500000000000000');
    expect(cache.get(499_999_999_999_999)).to.equal('c');
    expect(cache.get('jobs-500000000000000')).to.equal('d');
  });

  it('are taken from either end, with expire time and tag', () => {
    cache.push('a', { tag: 't' });
    cache.push('b');
    expect(cache.peek()).to.deep.equal({ key: 500_000_000_000_000, value: 'a', expireTime: undefined, tag: 't' });
    expect(cache.pull({ side: 'back' })?.value).to.equal('b');
    expect(cache.pull()?.value).to.equal('a');
    expect(cache.pull()).to.equal(undefined);
    expect(cache.peek()).to.equal(undefined);
  });

  it('do not mix, even if the name of one begins like that of another', () => {
    cache.push('of a', { prefix: 'a' });
    cache.push('of a-5', { prefix: 'a-5' });
    cache.push('of a-5', { prefix: 'a-5', side: 'front' });
    cache.set('a-6 comes later', 'no item of a queue');
    expect(cache.push('of a', { prefix: 'a' })).to.equal('a-500000000000001');
    expect(cache.pull({ prefix: 'a' })?.value).to.equal('of a');
    expect(cache.pull({ prefix: 'a', side: 'back' })?.value).to.equal('of a');
    expect(cache.pull({ prefix: 'a' })).to.equal(undefined);
    expect(cache.pull({ prefix: 'a-5' })?.key).to.equal('a-5-499999999999999');
  });

  it('take prefixes of any text', () => {
    for (const prefix of ['', 'é\u{1F52D}', 'nul\0nul', '%_*[', '-']) {
      cache.push(1, { prefix });
      expect(cache.push(2, { prefix })).to.equal(`${prefix}-500000000000001`);
      expect(cache.pull({ prefix })?.value).to.equal(1);
      expect(cache.pull({ prefix })?.value).to.equal(2);
      expect(cache.pull({ prefix })).to.equal(undefined);
    }
    expect(() => cache.push(1, { prefix: '\ud800' })).to.throw(/prefix/);
    expect(() => cache.push(1, { side: 'left' as never })).to.throw(/side/);
  });

  it('pass over what has expired, and remove it', () => {
    cache.reset('cullLimit', 0);
    cache.push('x'.repeat(40_000), { expire: 0 });
    cache.push('b');
    cache.push('c', { expire: 0 });
    expect(cache.peek({ side: 'back' })?.value).to.equal('b');
    expect(cache.size).to.equal(2);
    expect(cache.pull()?.value).to.equal('b');
    expect(cache.pull()).to.equal(undefined);
    expect(cache.size).to.equal(0);
    expect(cache.check()).to.deep.equal([]);
  });

  it('behave as an array does', () => {
    const operation = fc.record({
      side: fc.constantFrom('front' as const, 'back' as const),
      value: fc.option(fc.integer()),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        cache.clear();
        const model: number[] = [];
        for (const { side, value } of operations) {
          if (value === null) {
            expect(cache.peek({ side })?.value).to.equal(side === 'front' ? model[0] : model.at(-1));
            expect(cache.pull({ side })?.value).to.equal(side === 'front' ? model.shift() : model.pop());
          } else {
            cache.push(value, { side });
            model[side === 'front' ? 'unshift' : 'push'](value);
          }
        }
        expect([...cache.keysSorted()].map((key) => cache.get(key))).to.deep.equal(model);
      }),
      { numRuns: 30 },
    );
  });
});
