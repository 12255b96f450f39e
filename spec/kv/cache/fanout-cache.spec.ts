import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { InvalidOptionError } from 'stowage';
import { FanoutCache, JSONDisk, NotACounterError, TimeoutError } from 'stowage/kv';
import { lockBriefly } from '../../support/peers/brief-lock.js';
import { lockDatabase } from '../../support/peers/database-lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A cache that has waited for longer than this has waited for the wrong timeout; milliseconds. */
const LONG = 30_000;

describe('FanoutCache', () => {
  let directory = '';
  let cache: FanoutCache;

  beforeEach(() => {
    directory = temporaryFolder();
    cache = new FanoutCache(directory, { shards: 4, timeout: 60 });
  });
  afterEach(() => {
    expect(cache.check({ retry: true })).to.deep.equal([]);
    cache.close();
  });

  it('has eight shards in folders of their own, 10 milliseconds of patience, and an eighth of a gibibyte in each', () => {
    const folder = temporaryFolder();
    using plain = new FanoutCache(folder);
    expect(plain.set('key', 'value')).to.equal(true);
    expect(readdirSync(folder).sort()).to.deep.equal(['000', '001', '002', '003', '004', '005', '006', '007']);
    expect(plain.timeout).to.equal(0.01);
    expect(plain.settings.sizeLimit).to.equal(2 ** 27);
    expect(plain.directory).to.equal(folder);
  });

  it('starts in a new folder where it is told none', () => {
    using one = new FanoutCache(undefined, { shards: 1 });
    using two = new FanoutCache(undefined, { shards: 1 });
    expect(one.directory).to.not.equal(two.directory);
    one.set('a', 1);
    expect(two.get('a')).to.equal(undefined);
    for (const { directory: folder } of [one, two]) rmSync(folder, { recursive: true });
  });

  it('expands the home folder and environment variables once, for all shards', () => {
    process.env.STOWAGE_SPEC_FANOUT = directory;
    try {
      using other = new FanoutCache('$STOWAGE_SPEC_FANOUT/deep', { shards: 2 });
      expect(other.directory).to.equal(join(directory, 'deep'));
      other.set('a', 1);
      expect(existsSync(join(directory, 'deep', '001'))).to.equal(true);
    } finally {
      delete process.env.STOWAGE_SPEC_FANOUT;
    }
  });

  it('spreads keys over all shards, and finds them again', () => {
    for (let number = 0; number < 100; number++) cache.set(`key ${number}`, number);
    for (const shard of cache.shards) expect(shard.size).to.be.above(5);
    for (let number = 0; number < 100; number++) expect(cache.get(`key ${number}`)).to.equal(number);
    expect(cache.size).to.equal(100);
  });

  it('gives each shard its part of the size limit, and leaves one that stands where it is told none', () => {
    using limited = new FanoutCache(directory, { shards: 4, sizeLimit: 4000 });
    expect(limited.shards.map(({ settings }) => settings.sizeLimit)).to.deep.equal([1000, 1000, 1000, 1000]);
    using again = new FanoutCache(directory, { shards: 4 });
    expect(again.settings.sizeLimit).to.equal(1000);
    using other = new FanoutCache(directory, { shards: 4, evictionPolicy: 'none' });
    expect(other.shards.map(({ settings }) => settings.evictionPolicy)).to.deep.equal(new Array(4).fill('none'));
  });

  it('refuses a number of shards that is none, or fewer than the folder has', () => {
    for (const shards of [0, -1, 1.5, NaN, '4' as unknown as number]) {
      expect(() => new FanoutCache(directory, { shards }), String(shards)).to.throw(InvalidOptionError, 'shards is');
    }
    cache.set('a', 1);
    expect(() => new FanoutCache(directory, { shards: 3 })).to.throw(InvalidOptionError, '003 is there');
    for (const folder of ['', 5 as never])
      expect(() => new FanoutCache(folder)).to.throw(InvalidOptionError, 'must be a path');
    const empty = temporaryFolder();
    mkdirSync(join(empty, '008'));
    expect(() => new FanoutCache(empty)).to.throw(InvalidOptionError, 'made with more');
  });

  it('does what a cache does', async () => {
    expect(cache.set('a', 1, { expire: 1000, tag: 'x' })).to.equal(true);
    expect(cache.add('a', 2)).to.equal(false);
    expect(cache.getItem('a')).to.deep.include({ value: 1, tag: 'x' });
    expect(cache.get('a')).to.equal(1);
    expect(cache.get('z')).to.equal(undefined);
    expect(cache.get('z', 9)).to.equal(9);
    expect(cache.has('a')).to.equal(true);
    expect(cache.has('z')).to.equal(false);
    expect(cache.touch('a')).to.equal(true);
    expect(cache.touch('z')).to.equal(false);
    expect(cache.getItem('a')?.expireTime).to.equal(undefined);
    expect(cache.incr('n')).to.equal(1);
    expect(cache.incr('n', 4)).to.equal(5);
    expect(cache.decr('n', 2)).to.equal(3);
    expect(() => cache.incr('none', 1, null)).to.throw(NotACounterError);
    expect(cache.popItem('a')).to.deep.include({ value: 1, tag: 'x' });
    expect(cache.pop('n')).to.equal(3);
    expect(cache.pop('n')).to.equal(undefined);
    expect(cache.pop('n', 0)).to.equal(0);
    expect(cache.delete('a')).to.equal(false);
    expect(cache.getItem('a')).to.equal(undefined);
    expect(cache.popItem('a')).to.equal(undefined);
    expect(await cache.setStream('s', Readable.from([Buffer.from('by'), Buffer.from('tes')]))).to.equal(true);
    expect(cache.get('s')).to.deep.equal(Buffer.from('bytes'));
    const stream = cache.read('s');
    expect(stream && (await buffer(stream)).toString()).to.equal('bytes');
    expect(cache.read('z')).to.equal(undefined);
  });

  it('removes by tag, by time and all, and says how many', () => {
    cache.createTagIndex();
    // Or each write would cull what has expired.
    cache.reset('cullLimit', 0);
    for (let number = 0; number < 40; number++)
      cache.set(number, number, { tag: number % 2, expire: number < 20 ? 0 : 1000 });
    expect(cache.expire()).to.equal(20);
    expect(cache.evict(1)).to.equal(10);
    expect(cache.expire(Date.now() / 1000 + 2000)).to.equal(10);
    cache.set('a', 1);
    expect(cache.clear()).to.equal(1);
    expect([...cache]).to.deep.equal([]);
    cache.dropTagIndex();
    expect(cache.settings.tagIndex).to.equal(0);
  });

  it('culls each shard to its part of the limit', () => {
    using small = new FanoutCache(temporaryFolder(), { shards: 2, sizeLimit: 2_000_000, cullLimit: 0, timeout: 60 });
    for (let number = 0; number < 80; number++) small.set(number, 'x'.repeat(40_000));
    expect(small.volume()).to.be.above(3_200_000);
    expect(small.cull()).to.be.within(30, 60);
    for (const shard of small.shards) expect(shard.volume()).to.be.within(400_000, 1_000_000);
    expect(small.check()).to.deep.equal([]);
  });

  it('iterates shard by shard, either way', () => {
    for (let number = 0; number < 30; number++) cache.set(number, `v${number}`);
    const expected = cache.shards.flatMap((shard) => [...shard.keys()]);
    expect([...cache.keys()]).to.deep.equal(expected);
    expect([...cache.keys({ reverse: true })]).to.deep.equal(expected.toReversed());
    expect([...cache.values()]).to.deep.equal(expected.map((key) => `v${String(key)}`));
    expect(new Map(cache)).to.deep.equal(new Map(expected.map((key) => [key, `v${String(key)}`])));
    expect([...cache.reversed()].at(0)?.[0]).to.equal(expected.at(-1));
  });

  it('adds up statistics, counts and volumes', () => {
    cache.stats();
    for (let number = 0; number < 8; number++) cache.set(number, number);
    for (let number = 0; number < 12; number++) cache.get(number);
    expect(cache.stats({ reset: true, enable: false })).to.deep.equal({ hits: 8, misses: 4 });
    expect(cache.stats({ enable: false })).to.deep.equal({ hits: 0, misses: 0 });
    expect(cache.reset('count')).to.equal(8);
    expect(cache.volume()).to.equal(cache.shards.reduce((volume, shard) => volume + shard.volume(), 0));
  });

  it('changes a setting in all shards', () => {
    expect(cache.reset('cullLimit', 3)).to.equal(3);
    expect(cache.shards.map((shard) => shard.reset('cullLimit'))).to.deep.equal([3, 3, 3, 3]);
    expect(cache.reset('cullLimit')).to.equal(3);
  });

  it('takes a transaction back from all shards, nested ones too', () => {
    for (let number = 0; number < 8; number++) cache.set(number, 0);
    expect(() =>
      cache.transact(() => {
        for (let number = 0; number < 8; number++) cache.incr(number);
        cache.transact(() => {
          for (let number = 0; number < 8; number++) cache.incr(number);
        });
        expect(cache.get(5)).to.equal(2);
        throw new Error('no');
      }),
    ).to.throw('no');
    expect([...cache.values()]).to.deep.equal(new Array(8).fill(0));
    expect(cache.transact(() => cache.incr(3))).to.equal(1);
    expect(() => cache.transact(() => Promise.resolve(cache.incr(3)))).to.throw(InvalidOptionError);
    expect(cache.get(3)).to.equal(1);
  });

  it('a transaction holds every shard', () => {
    cache.transact(() => {
      for (const { directory: shard } of cache.shards) expect(() => lockDatabase(shard), shard).to.throw(/locked/);
    });
    for (const { directory: shard } of cache.shards) lockDatabase(shard)[Symbol.dispose]();
  });

  it('remembers the results of functions', () => {
    let computed = 0;
    const half = cache.memoize({ name: 'half', tag: 'half' })((number: number) => {
      computed++;
      return number / 2;
    });
    expect(half(3)).to.equal(1.5);
    expect(half(3)).to.equal(1.5);
    expect(half(5)).to.equal(2.5);
    expect(computed).to.equal(2);
    expect(cache.evict('half')).to.equal(2);
  });

  it('opens again after close', () => {
    cache.set('a', 1);
    const jobs = cache.deque('jobs');
    jobs.append('a');
    cache.close();
    expect(cache.get('a')).to.equal(1);
    expect(jobs.pop()).to.equal('a');
  });

  describe('while another holds its shards', () => {
    let quick: FanoutCache;
    let release: () => void;

    beforeEach(() => {
      quick = new FanoutCache(directory, { shards: 4 });
      cache.set('a', 1, { tag: 'x' });
      // All shards are there: making one waits longer than the timeout.
      expect(cache.size).to.equal(1);
      const held = cache.shards.map((shard) => lockDatabase(shard.directory));
      release = () => {
        for (const lock of held.splice(0)) lock[Symbol.dispose]();
      };
    });
    afterEach(() => {
      release();
      quick.close();
    });

    it('gives up soon: nothing is written, and defaults are returned', async () => {
      const start = performance.now();
      expect([quick.set('a', 2), quick.add('b', 2), quick.delete('a'), quick.touch('a')]).to.deep.equal(
        new Array(4).fill(false),
      );
      expect(quick.incr('a')).to.equal(undefined);
      expect(quick.decr('a')).to.equal(undefined);
      expect(quick.popItem('a')).to.equal(undefined);
      expect(quick.pop('a', 'default')).to.equal('default');
      expect(quick.pop('a')).to.equal(undefined);
      expect(await quick.setStream('c', Readable.from([Buffer.from('x')]))).to.equal(false);
      expect(performance.now() - start).to.be.below(LONG);
      release();
      expect([...cache]).to.deep.equal([['a', 1]]);
    });

    it('reads what stands', () => {
      expect(quick.get('a')).to.equal(1);
      expect(quick.get('b', 7)).to.equal(7);
      expect(quick.has('a')).to.equal(true);
      expect(quick.getItem('a')).to.deep.include({ value: 1, tag: 'x' });
      expect([...quick]).to.deep.equal([['a', 1]]);
    });

    it('leaves shards as they are when told not to retry, and says that check could not be done', () => {
      expect(quick.clear({ retry: false })).to.equal(0);
      expect(quick.evict('x', { retry: false })).to.equal(0);
      expect(quick.cull({ retry: false })).to.equal(0);
      expect(quick.expire(Date.now(), { retry: false })).to.equal(0);
      expect(() => quick.check()).to.throw(TimeoutError);
      release();
      expect(cache.get('a')).to.equal(1);
    });
  });

  it('gives the default where a look-up that counts finds its shard locked', () => {
    using counting = new FanoutCache(directory, { shards: 4, evictionPolicy: 'least-recently-used' });
    counting.set('a', 1);
    const locks = counting.shards.map((shard) => lockDatabase(shard.directory));
    expect(counting.get('a', 'default')).to.equal('default');
    expect(counting.get('a')).to.equal(undefined);
    expect(counting.getItem('a')).to.equal(undefined);
    for (const lock of locks) lock[Symbol.dispose]();
    expect(counting.get('a')).to.equal(1);
  });

  it('goes on until it succeeds when told to retry, and where it concerns all shards', async () => {
    using quick = new FanoutCache(temporaryFolder(), { shards: 2 });
    expect(quick.size).to.equal(0);
    const calls: (() => unknown)[] = [
      () => quick.set('a', 1, { retry: true }),
      () => quick.transact(() => quick.set('b', 2)),
      () => quick.clear(),
    ];
    const answers: unknown[] = [];
    for (const call of calls) {
      const locks = await Promise.all(quick.shards.map((shard) => lockBriefly(shard.directory)));
      for (const lock of locks) lock.releaseSoon();
      answers.push(call());
      await Promise.all(locks.map(({ ended }) => ended));
    }
    expect(answers).to.deep.equal([true, true, 2]);
  });

  describe('holds caches, deques and indexes', () => {
    it('in folders of their own, made once', () => {
      const users = cache.cache('users', { evictionPolicy: 'none' });
      const jobs = cache.deque<number>('jobs', { maxlen: 2 });
      const nights = cache.index<string, number>('sky/nights');
      users.set('a', 1);
      jobs.extend([1, 2, 3]);
      nights.set('first', 0.8);
      expect([users, jobs, nights].map((part) => part.directory)).to.deep.equal([
        join(directory, 'cache', 'users'),
        join(directory, 'deque', 'jobs'),
        join(directory, 'index', 'sky', 'nights'),
      ]);
      expect(cache.cache('users')).to.equal(users);
      expect(cache.deque('jobs')).to.equal(jobs);
      expect(cache.index('sky/nights')).to.equal(nights);
      expect(jobs.toArray()).to.deep.equal([2, 3]);
      expect([users, jobs.cache, nights.cache].map(({ settings }) => settings.evictionPolicy)).to.deep.equal([
        'none',
        'none',
        'none',
      ]);
      expect(cache.size).to.equal(0);
      expect([...cache]).to.deep.equal([]);
    });

    it('with its disk, unless they are told another', () => {
      using json = new FanoutCache(temporaryFolder(), { shards: 1, disk: JSONDisk });
      expect(
        [json.cache('a'), json.deque('a').cache, json.index('a').cache].every(({ disk }) => disk instanceof JSONDisk),
      ).to.equal(true);
      expect(json.index('a').set('key', [1]).get('key')).to.deep.equal([1]);
    });

    it('and refuses names that lead elsewhere', () => {
      for (const name of ['', '/', '..', 'a/../../b', '.', 'a/./b', 5 as never]) {
        expect(() => cache.cache(name), name).to.throw(InvalidOptionError, 'a cache cannot be named');
        expect(() => cache.deque(name), name).to.throw(InvalidOptionError, 'a deque cannot be named');
        expect(() => cache.index(name), name).to.throw(InvalidOptionError, 'an index cannot be named');
      }
      expect(cache.cache('/a//b').directory).to.equal(join(directory, 'cache', 'a', 'b'));
    });
  });
});
