import { expect } from 'chai';
import { Cache, EVICTION_POLICY, type EvictionPolicy } from 'stowage/kv';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const BLOCK = Buffer.alloc(100_000);
const LIMIT = 1_000_000;

describe('eviction', () => {
  const evictions = recordedEvents('evict');
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  /** Ten items of 100 kB that do not expire, and one look-up less for each; all below the limit together. */
  function filled(evictionPolicy: EvictionPolicy, cullLimit: number): Cache {
    const cache = new Cache(folder, { evictionPolicy, sizeLimit: LIMIT * 2, cullLimit });
    for (let i = 0; i < 10; i++) cache.set(i, BLOCK);
    return cache;
  }

  /** Looks up all but some, the same number of times. */
  function lookUpAllBut(cache: Cache, spared: number[]): void {
    for (let i = 0; i < 10; i++) if (!spared.includes(i)) cache.get(i);
  }

  const SPARED: Record<EvictionPolicy, number[]> = {
    none: [],
    'least-recently-stored': [0, 1, 2],
    'least-recently-used': [4, 6, 8],
    'least-frequently-used': [4, 6, 8],
  };

  for (const policy of Object.keys(EVICTION_POLICY) as EvictionPolicy[]) {
    it(`by ${policy} takes ${SPARED[policy].join(', ') || 'nothing'}`, () => {
      using cache = filled(policy, 1);
      lookUpAllBut(cache, [4, 6, 8]);
      cache.reset('sizeLimit', 0);
      for (const key of ['a', 'b', 'c']) {
        // Looked up at once, so that the newcomers are not the ones used least.
        cache.set(key, 0);
        cache.get(key);
        cache.get(key);
      }
      const gone = Array.from({ length: 10 }, (_, i) => i).filter((i) => !cache.has(i));
      expect(gone).to.deep.equal(SPARED[policy]);
      expect(evictions.map(({ key }) => Number(key))).to.deep.equal(gone);
      expect(cache.check()).to.deep.equal([]);
    });
  }

  it('is told with key, size, folder and reason, and only once it is for good', () => {
    using cache = new Cache(folder, { sizeLimit: 0, cullLimit: 1 });
    expect(() =>
      cache.transact(() => {
        cache.set(['a', 1], BLOCK);
        throw new Error('no');
      }),
    ).to.throw('no');
    expect(evictions).to.deep.equal([]);
    cache.set(['a', 1], BLOCK);
    expect(evictions).to.have.lengthOf(1);
    expect(evictions[0]).to.include({ key: "[ 'a', 1 ]", bytes: 100_000, file: folder });
    expect(evictions[0]?.reason).to.match(/sizeLimit 0.*least-recently-stored/);
  });

  it('takes what has expired first, untold', () => {
    using cache = new Cache(folder, { sizeLimit: 0, cullLimit: 2 });
    cache.reset('cullLimit', 0, { update: false });
    cache.set('keep', 1);
    cache.set('old', 1, { expire: 0 });
    cache.set('older', 1, { expire: 0 });
    cache.reset('cullLimit');
    cache.touch('keep');
    cache.transact(() => {
      while (cache.size > 2) cache.set('new', 1);
    });
    expect([...cache.keys()]).to.deep.equal(['keep', 'new']);
    expect(evictions).to.deep.equal([]);
  });

  it('keeps the volume near the limit, whatever is stored', () => {
    using cache = new Cache(folder, { sizeLimit: LIMIT });
    for (let i = 0; i < 200; i++) cache.set(i, BLOCK.subarray(0, 1000 * (i % 100)));
    // One item may go beyond it.
    expect(cache.volume()).to.be.lessThan(LIMIT + 100_000);
    expect(cache.check()).to.deep.equal([]);
  });

  it('by cull goes on until the volume is within the limit', () => {
    using cache = filled('least-recently-stored', 0);
    cache.set('old', BLOCK, { expire: 0 });
    cache.reset('sizeLimit', 500_000);
    const count = cache.cull();
    // The last of ten that would go at once may stay.
    expect(count).to.equal(7);
    expect(cache.size).to.equal(4);
    expect(cache.volume()).to.be.at.most(500_000);
    expect(cache.cull()).to.equal(0);
    cache.reset('sizeLimit', 0);
    // An empty cache has its pages still.
    expect(cache.cull() > 0).to.equal(true);
    expect(cache.size).to.equal(0);
  });

  it('by cull takes only what has expired, where the policy is none', () => {
    using cache = filled('none', 0);
    cache.set('old', 1, { expire: 0 });
    cache.reset('sizeLimit', 0);
    expect(cache.cull()).to.equal(1);
    expect(cache.size).to.equal(10);
  });

  it('by tag takes the items with it alone, with an index and without', () => {
    using cache = new Cache(folder);
    for (const tagIndex of [false, true]) {
      if (tagIndex) cache.createTagIndex();
      else cache.dropTagIndex();
      for (let i = 0; i < 250; i++) cache.set(i, i, { tag: i % 2 === 0 ? 'even' : 1 });
      expect(cache.evict('even')).to.equal(125);
      expect(cache.evict('even')).to.equal(0);
      expect(cache.evict('1')).to.equal(0);
      expect(cache.evict(1)).to.equal(125);
      expect(cache.settings.tagIndex).to.equal(Number(tagIndex));
    }
  });

  it('by time takes what has expired until then', () => {
    using cache = new Cache(folder);
    for (let i = 0; i < 10; i++) cache.set(i, BLOCK, { expire: 1000 * (i + 1) });
    cache.set('forever', 1);
    expect(cache.expire()).to.equal(0);
    expect(cache.expire(Date.now() / 1000 + 5500)).to.equal(5);
    expect(cache.expire(Infinity)).to.equal(5);
    expect([...cache.keys()]).to.deep.equal(['forever']);
  });

  it('of all takes all, pages at a time', () => {
    using cache = new Cache(folder);
    cache.transact(() => {
      for (let i = 0; i < 350; i++) cache.set(i, i);
    });
    expect(cache.clear()).to.equal(350);
    expect(cache.size).to.equal(0);
    expect(cache.clear()).to.equal(0);
  });
});
