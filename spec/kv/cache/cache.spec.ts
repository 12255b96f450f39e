import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { InvalidOptionError } from 'stowage';
import { Cache, ENOVAL, NotACounterError } from 'stowage/kv';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

const LARGE = 'x'.repeat(40_000);

describe('Cache', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(folder);
  });
  afterEach(() => {
    cache.close();
  });

  describe('items', () => {
    it('come back by their key, and are missed without one', () => {
      expect(cache.set('a', 1)).to.equal(true);
      expect(cache.get('a')).to.equal(1);
      expect(cache.get('b')).to.equal(undefined);
      expect(cache.get('b', 'nothing')).to.equal('nothing');
      expect(cache.has('a')).to.equal(true);
      expect(cache.has('b')).to.equal(false);
      expect(cache.size).to.equal(1);
    });

    it('may be undefined and null, which is not to have none', () => {
      cache.set('undefined', undefined);
      cache.set('null', null);
      expect(cache.get('undefined', ENOVAL)).to.equal(undefined);
      expect(cache.get('null', ENOVAL)).to.equal(null);
      expect(cache.get('other', ENOVAL)).to.equal(ENOVAL);
    });

    it('are replaced, with their files, expire times and tags', () => {
      cache.set('a', LARGE, { expire: 100, tag: 'old' });
      cache.set('a', 2);
      expect(cache.getItem('a')).to.deep.equal({ value: 2, expireTime: undefined, tag: undefined });
      expect(valueFiles(folder)).to.deep.equal([]);
      expect(readdirSync(folder).filter((name) => !name.startsWith('cache.db'))).to.deep.equal([]);
    });

    it('are added once', () => {
      expect(cache.add('a', LARGE)).to.equal(true);
      expect(cache.add('a', LARGE.toUpperCase())).to.equal(false);
      expect(cache.get('a')).to.equal(LARGE);
      expect(valueFiles(folder)).to.have.lengthOf(1);
      cache.set('b', 1, { expire: 0 });
      expect(cache.add('b', 2)).to.equal(true);
      expect(cache.get('b')).to.equal(2);
    });

    it('are deleted once, with their files', () => {
      cache.set('a', LARGE);
      expect(cache.delete('a')).to.equal(true);
      expect(cache.delete('a')).to.equal(false);
      expect(valueFiles(folder)).to.deep.equal([]);
    });

    it('are popped once, with expire time and tag', () => {
      cache.set('a', LARGE, { expire: { minutes: 1 }, tag: 'night' });
      cache.set('b', 1);
      const item = cache.popItem<string>('a');
      expect(item?.value).to.equal(LARGE);
      expect(item?.tag).to.equal('night');
      expect(item?.expireTime).to.be.closeTo(Date.now() / 1000 + 60, 30);
      expect(cache.popItem('a')).to.equal(undefined);
      expect(cache.pop('b')).to.equal(1);
      expect(cache.pop('b', 'gone')).to.equal('gone');
      expect(valueFiles(folder)).to.deep.equal([]);
    });

    it('that have expired are not found, and not touched either', () => {
      cache.set('a', 1, { expire: 0 });
      expect(cache.get('a')).to.equal(undefined);
      expect(cache.has('a')).to.equal(false);
      expect(cache.delete('a')).to.equal(false);
      expect(cache.touch('a')).to.equal(false);
      expect(cache.pop('a')).to.equal(undefined);
      expect(cache.size).to.equal(1);
      expect(cache.expire()).to.equal(1);
      expect(cache.size).to.equal(0);
    });

    it('live longer when touched, and forever when touched without a time', () => {
      cache.set('a', 1, { expire: 1000 });
      expect(cache.touch('a', { expire: 5000 })).to.equal(true);
      expect(cache.getItem('a')?.expireTime).to.be.closeTo(Date.now() / 1000 + 5000, 30);
      expect(cache.touch('a')).to.equal(true);
      expect(cache.getItem('a')?.expireTime).to.equal(undefined);
      expect(cache.touch('b')).to.equal(false);
    });

    it('refuse a time or a tag that is none, and change nothing', () => {
      expect(() => cache.set('a', LARGE, { expire: -1 })).to.throw(/expire/);
      expect(() => cache.set('a', LARGE, { expire: NaN })).to.throw(/expire/);
      expect(() => cache.set('a', LARGE, { tag: '\ud800' })).to.throw(/tag/);
      expect(() => cache.set('a', LARGE, { tag: NaN })).to.throw(/tag/);
      expect(cache.size).to.equal(0);
      expect(valueFiles(folder)).to.deep.equal([]);
    });

    it('that cannot be stored leave what was there', () => {
      cache.set('a', 1);
      expect(() => cache.set('a', { callback: () => 1 }))
        .to.throw()
        .with.property('code', 'STOWAGE_UNCACHEABLE_VALUE');
      expect(() => cache.set(new Map(), 1))
        .to.throw()
        .with.property('code', 'STOWAGE_PICKLE');
      expect([...cache]).to.deep.equal([['a', 1]]);
    });
  });

  describe('numbers', () => {
    it('count up and down from a default', () => {
      expect(cache.incr('n')).to.equal(1);
      expect(cache.incr('n', 5)).to.equal(6);
      expect(cache.decr('n', 2)).to.equal(4);
      expect(cache.decr('m')).to.equal(-1);
      expect(cache.incr('k', 1, 10)).to.equal(11);
      expect(cache.get('n')).to.equal(4);
    });

    it('stay integers beyond 2^53, and end at 64 bits with an error that changes nothing', () => {
      cache.set('n', Number.MAX_SAFE_INTEGER);
      expect(cache.incr('n')).to.equal(2n ** 53n);
      expect(cache.incr('n', 2n ** 62n)).to.equal(2n ** 53n + 2n ** 62n);
      expect(() => cache.incr('n', 2n ** 62n)).to.throw(NotACounterError);
      expect(cache.get('n')).to.equal(2n ** 53n + 2n ** 62n);
    });

    it('become floats by floats, and not by zero', () => {
      cache.set('n', 1);
      expect(cache.incr('n', 0)).to.equal(1);
      expect(cache.decr('n', 0)).to.equal(1);
      expect(cache.incr('n', 0.5)).to.equal(1.5);
      expect(() => cache.incr('n', NaN)).to.throw(/delta/);
    });

    it('are the only values that count', () => {
      cache.set('a', 'text');
      cache.set('b', [1]);
      for (const key of ['a', 'b']) expect(() => cache.incr(key)).to.throw(NotACounterError);
      expect(() => cache.incr('missing', 1, null)).to.throw(NotACounterError);
      expect(cache.has('missing')).to.equal(false);
    });

    it('start again when they have expired', () => {
      cache.set('n', LARGE, { expire: 0 });
      expect(cache.incr('n', 2, 10)).to.equal(12);
      expect(cache.getItem('n')?.expireTime).to.equal(undefined);
      expect(valueFiles(folder)).to.deep.equal([]);
    });
  });

  describe('streams', () => {
    const chunks = [Buffer.alloc(100_000, 1), Buffer.alloc(1, 2), Buffer.alloc(70_000, 3)];

    it('are stored in a file and read back as bytes or a stream', async () => {
      expect(await cache.setStream('s', Readable.from(chunks), { tag: 'raw' })).to.equal(true);
      expect(cache.getItem('s')).to.deep.equal({ value: Buffer.concat(chunks), expireTime: undefined, tag: 'raw' });
      const stream = cache.read('s');
      // The file is open already: that the item goes away does not break the stream.
      cache.delete('s');
      expect(stream && (await buffer(stream))).to.deep.equal(Buffer.concat(chunks));
      expect(cache.read('s')).to.equal(undefined);
      expect(cache.check()).to.deep.equal([]);
    });

    it('are given of bytes and texts, wherever they are, and of nothing else', async () => {
      for (const value of ['short', LARGE, Buffer.from('bytes'), Buffer.alloc(50_000)]) {
        cache.set('a', value);
        const stream = cache.read('a');
        expect(stream && (await buffer(stream))).to.deep.equal(Buffer.from(value as string));
      }
      cache.set('a', [1]);
      expect(() => cache.read('a'))
        .to.throw()
        .with.property('code', 'STOWAGE_KV_NOT_BYTES');
    });

    it('that break, or give no bytes, leave nothing', async () => {
      cache.set('s', 'before');
      const broken = Readable.from(
        (function* () {
          yield Buffer.alloc(100_000);
          throw new Error('the line went down');
        })(),
      );
      const failures = await Promise.allSettled([
        cache.setStream('s', broken),
        cache.setStream('s', Readable.from(['text']) as never),
      ]);
      expect(failures.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
      expect(cache.get('s')).to.equal('before');
      expect(cache.check()).to.deep.equal([]);
    });
  });

  describe('iteration', () => {
    beforeEach(() => {
      for (const key of ['c', 'a', 3, 'b']) cache.set(key, `value of ${key}`);
    });

    it('is in the order of insertion, both ways, like that of a Map', () => {
      expect([...cache.keys()]).to.deep.equal(['c', 'a', 3, 'b']);
      expect([...cache.values({ reverse: true })]).to.deep.equal([
        'value of b',
        'value of 3',
        'value of a',
        'value of c',
      ]);
      expect(new Map(cache as Iterable<[string | number, string]>)).to.deep.equal(new Map(cache.entries()));
      expect([...cache.reversed()].map(([key]) => key)).to.deep.equal(['b', 3, 'a', 'c']);
    });

    it('is in the order of the database, both ways', () => {
      cache.set(Buffer.from('a'), 0);
      cache.set([1], 0);
      expect([...cache.keysSorted()]).to.deep.equal([3, 'a', 'b', 'c', Buffer.from('a'), [1]]);
      expect([...cache.keysSorted({ reverse: true })]).to.deep.equal([[1], Buffer.from('a'), 'c', 'b', 'a', 3]);
    });

    it('goes over more than a page, through deletions and after closing', () => {
      cache.clear();
      cache.transact(() => {
        for (let i = 0; i < 450; i++) cache.set(i, i);
      });
      const seen: unknown[] = [];
      for (const [key] of cache) {
        seen.push(key);
        cache.delete(key);
        if (typeof key === 'number' && key % 2 === 0) cache.delete(key + 1);
        if (key === 200) cache.close();
      }
      expect(seen).to.deep.equal(Array.from({ length: 225 }, (_, index) => index * 2));
      expect([...cache.keysSorted()]).to.deep.equal([]);
    });

    it('does not meet what is added meanwhile', () => {
      let count = 0;
      for (const key of cache.keys()) cache.set(`${String(key)} ${count++}`, 0);
      expect(count).to.equal(4);
    });

    it('passes over expired values, and counts no look-ups', () => {
      cache.stats();
      cache.set('a', 0, { expire: 0 });
      expect([...cache.entries()].map(([key]) => key)).to.deep.equal(['c', 3, 'b']);
      expect([...cache.keys()]).to.have.lengthOf(4);
      expect(cache.stats()).to.deep.equal({ hits: 0, misses: 0 });
    });

    it('has two ends to look at, past what has expired', () => {
      cache.set('d', 0, { expire: 0 });
      expect(cache.peekItem()).to.deep.include({ key: 'b', value: 'value of b' });
      expect(cache.peekItem({ last: false })).to.deep.include({ key: 'c', value: 'value of c' });
      expect(cache.size).to.equal(4);
      cache.clear();
      expect(cache.peekItem()).to.equal(undefined);
    });

    it('shows a value that is undefined at an end too', () => {
      cache.set('d', undefined);
      expect(cache.peekItem()).to.deep.equal({ key: 'd', value: undefined, expireTime: undefined, tag: undefined });
    });
  });

  describe('its folder', () => {
    it('is temporary by default, and made where it is not there', () => {
      using temporary = new Cache();
      expect(temporary.directory).to.match(/diskcache-\w+$/);
      rmSync(temporary.directory, { recursive: true });
      using deep = new Cache(join(folder, 'a', 'b'));
      deep.set('a', 1);
      expect(existsSync(join(folder, 'a', 'b', 'cache.db'))).to.equal(true);
      cache.check({ fix: true });
      expect(deep.get('a')).to.equal(1);
    });

    it('has its home and variables expanded', () => {
      process.env.STOWAGE_SPEC_FOLDER = folder;
      try {
        using one = new Cache('$STOWAGE_SPEC_FOLDER/one$');
        using two = new Cache('${STOWAGE_SPEC_FOLDER}/two');
        expect(one.directory).to.deep.equal(`${folder}/one$`);
        expect(two.directory).to.deep.equal(`${folder}/two`);
      } finally {
        delete process.env.STOWAGE_SPEC_FOLDER;
      }
      mkdirSync(join(folder, '~x'));
      expect(new Cache('~').directory).to.equal(homedir());
    });

    it('cannot be a file', () => {
      cache.set('a', 1);
      expect(() => new Cache(join(folder, 'cache.db')))
        .to.throw()
        .with.property('code', 'STOWAGE_KV_DATABASE');
    });

    it('is shared by all who open it, and reopened after close', () => {
      using other = new Cache(folder);
      cache.set('a', 1);
      expect(other.get('a')).to.equal(1);
      cache.close();
      expect(other.get('a')).to.equal(1);
      other.set('a', 2);
      other.close();
      expect(cache.get('a')).to.equal(2);
    });
  });

  it('keeps an item for the time given', async () => {
    const start = Date.now();
    cache.set('a', 1, { expire: { milliseconds: 30 } });
    while (cache.has('a')) await pause(1);
    expect(Date.now() - start).to.be.at.least(30);
  });

  it('refuses options that it does not have', () => {
    expect(() => new Cache(folder, { sizelimit: 5 } as never)).to.throw(/sizelimit/);
    expect(() => new Cache(folder, { evictionPolicy: 'lru' as never })).to.throw(/least-recently-used/);
    expect(() => new Cache(folder, { sizeLimit: -1 })).to.throw(/sizeLimit/);
    expect(() => new Cache(folder, { cullLimit: 1.5 })).to.throw(/cullLimit/);
    expect(() => new Cache(folder, { timeout: -1 })).to.throw(/timeout/);
    expect(() => new Cache(folder, { disk: Map as never })).to.throw(/disk/);
    expect(() => new Cache('')).to.throw(/directory/);
  });

  it('refuses options of calls that are none, instead of doing without them', async () => {
    cache.set('a', 0, { expire: 100 });
    const wrong: (() => unknown)[] = [
      () => cache.set('a', 1, 60 as never),
      () => cache.set('a', LARGE, { ttl: 60 } as never),
      () => cache.add('b', 1, { expires: 60 } as never),
      () => cache.get('a', 1, { timeout: -1 }),
      () => cache.delete('a', { force: true } as never),
      () => cache.expire(new Date() as never),
      () => cache.expire(NaN),
      () => cache.evict(undefined as never),
      () => cache.memoize({ tag: {} as never }),
      () => cache.memoize({ ignore: 'verbose' }),
    ];
    await Promise.all(
      [undefined, 'text', 5].map(async (stream) => {
        expect(await rejection(cache.setStream('a', stream as never))).to.be.instanceOf(InvalidOptionError);
      }),
    );
    for (const call of wrong) expect(call, String(call)).to.throw(InvalidOptionError);
    expect([...cache]).to.deep.equal([['a', 0]]);
    expect(cache.check()).to.deep.equal([]);
  });
});
