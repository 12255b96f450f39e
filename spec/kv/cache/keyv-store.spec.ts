import { expect } from 'chai';
import Keyv, { type KeyvStoreAdapter } from 'keyv';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError } from 'stowage';
import { Cache, DatabaseError, FanoutCache, KeyvStore } from 'stowage/kv';
import { lockDatabase } from '../../support/peers/database-lock.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const child = fileURLToPath(new URL('../../support/children/keyv-child.js', import.meta.url));

for (const [name, open] of Object.entries({
  'a Cache': () => new Cache(temporaryFolder()),
  'a FanoutCache': () => new FanoutCache(temporaryFolder(), { shards: 3, timeout: 60 }),
})) {
  describe(`KeyvStore over ${name}`, () => {
    let cache: Cache | FanoutCache;
    let store: KeyvStore;
    let keyv: Keyv;

    beforeEach(() => {
      cache = open();
      store = new KeyvStore(cache);
      keyv = new Keyv({ store, namespace: 'weather' });
    });
    afterEach(() => {
      expect(cache.check()).to.deep.equal([]);
      cache.close();
    });

    it("keeps Keyv's JSON under Keyv's key, where every program that opens the folder can read it", async () => {
      await keyv.set('night', { seeing: 0.8 });
      expect(cache.get('weather:night')).to.equal('{"value":{"seeing":0.8}}');
    });

    it('keeps values themselves where Keyv serializes nothing', async () => {
      const raw = new Keyv({ store: new KeyvStore(cache) });
      raw.serialize = undefined;
      raw.deserialize = undefined;
      const value = { bytes: Buffer.from([0, 255]), big: 2n ** 70n, when: new Date(0), nan: NaN };
      await raw.set('a', value);
      expect(await raw.get('a')).to.deep.equal(value);
    });

    it('turns milliseconds into an expire time, and none, 0 or no number into never', async () => {
      const before = Date.now();
      await store.set('a', 1, 5000);
      expect((cache.getItem('a')?.expireTime ?? 0) * 1000).to.be.within(before + 4999, Date.now() + 5001);
      for (const ttl of [undefined, 0, Infinity, NaN]) {
        await store.set('a', 1, ttl);
        expect(cache.getItem('a')?.expireTime, String(ttl)).to.equal(undefined);
      }
      await store.set('a', 1, -5);
      expect(await store.get('a')).to.equal(undefined);
      expect(await store.has('a')).to.equal(false);
    });

    it('gets, sets, deletes and asks for many at once', async () => {
      expect(
        await keyv.setMany([
          { key: 'a', value: 1 },
          { key: 'b', value: 2, ttl: 10_000 },
        ]),
      ).to.deep.equal([true, true]);
      expect(await keyv.get(['a', 'b', 'c'])).to.deep.equal([1, 2, undefined]);
      expect(await keyv.has(['a', 'c'])).to.deep.equal([true, false]);
      expect(cache.getItem('weather:b')?.expireTime).to.be.a('number');
      expect(await keyv.delete(['a', 'c'])).to.equal(false);
      expect(await keyv.delete(['b'])).to.equal(true);
      expect(cache.size).to.equal(0);
    });

    it('clears its namespace alone, and reads no value for it', async () => {
      const others = ['weathers', 'wea', 'Weather', 'weather%', 'other'].map(
        (namespace) => new Keyv({ store: new KeyvStore(cache), namespace }),
      );
      for (const each of [keyv, ...others])
        for (let item = 0; item < 30; item++) await each.set(`weather:${item}`, item);
      cache.set(7, 'of others');
      cache.set(['weather:', 1], 'of others');
      cache.stats();
      await keyv.clear();
      expect(cache.stats({ enable: false })).to.deep.equal({ hits: 0, misses: 0 });
      expect(await keyv.get('weather:1')).to.equal(undefined);
      for (const other of others) expect(await other.get('weather:29'), other.namespace).to.equal(29);
      expect(cache.size).to.equal(152);
      expect(cache.get(7)).to.equal('of others');
      expect(cache.get(['weather:', 1])).to.equal('of others');
    });

    it('clears everything where there is no namespace', async () => {
      await keyv.set('a', 1);
      cache.set(7, 'of others');
      await new KeyvStore(cache).clear();
      expect(cache.size).to.equal(0);
    });

    it("shared by two Keyvs it clears neither's items, and says why", async () => {
      const other = new Keyv({ store, namespace: 'other' });
      await keyv.set('k', 'a');
      await other.set('k', 'b');
      const errors: unknown[] = [];
      for (const each of [keyv, other]) {
        each.on('error', (error) => errors.push(error));
        await each.clear();
      }
      expect(errors).to.have.lengthOf(2);
      for (const error of errors)
        expect(error)
          .to.be.instanceOf(InvalidOptionError)
          .with.property('message')
          .that.matches(/'weather', 'other'.*store of its own/);
      expect(await keyv.get('k')).to.equal('a');
      expect(await other.get('k')).to.equal('b');
      for (const [each, value] of [
        [keyv, 'a'],
        [other, 'b'],
      ] as const) {
        const found: unknown[] = [];
        for await (const entry of each.iterator?.(undefined) ?? []) found.push(entry);
        expect(found).to.deep.equal([['k', value]]);
      }
      const same = new Keyv({ store: new KeyvStore(cache), namespace: 'weather' });
      await same.clear();
      expect(await keyv.get('k')).to.equal(undefined);
      expect(await other.get('k')).to.equal('b');
    });

    it('goes with a Keyv that is given another namespace', async () => {
      await keyv.set('k', 1);
      keyv.namespace = 'later';
      await keyv.set('k', 2);
      await keyv.clear();
      expect(cache.get('weather:k')).to.equal('{"value":1}');
      expect(cache.get('later:k')).to.equal(undefined);
    });

    it('clears and iterates over what a Keyv without prefix has set', async () => {
      for (const told of [{}, { useKeyPrefix: false }]) {
        const bare = new Keyv({ store: new KeyvStore(cache, told), useKeyPrefix: false });
        await bare.set('k', 1);
        const found: unknown[] = [];
        for await (const entry of bare.iterator?.(undefined) ?? []) found.push(entry);
        expect(found).to.deep.equal([['k', 1]]);
        await bare.clear();
        expect(await bare.get('k')).to.equal(undefined);
        expect(cache.size).to.equal(0);
      }
      cache.set('k', '{"value":1}');
      await new Keyv({ store: new KeyvStore(cache, { useKeyPrefix: false }), useKeyPrefix: false }).clear();
      expect(cache.size).to.equal(0);
    });

    it('iterates over its namespace, without what has expired', async () => {
      const other = new Keyv({ store: new KeyvStore(cache), namespace: 'other' });
      await other.set('x', 1);
      cache.set(7, 'of others');
      for (let item = 0; item < 250; item++) await keyv.set(`key ${item}`, item);
      cache.touch('weather:key 3', { expire: 0 });
      const found = new Map<string, number>();
      for await (const [key, value] of keyv.iterator?.(undefined) ?? []) found.set(key as string, value as number);
      expect(found.size).to.equal(249);
      expect(found.get('key 0')).to.equal(0);
      expect(found.get('key 3')).to.equal(undefined);
      expect(found.get('x')).to.equal(undefined);
      const all: string[] = [];
      for await (const [key] of new KeyvStore(cache).iterator()) all.push(key);
      expect(all).to.have.lengthOf(250).and.to.include.members(['other:x', 'weather:key 0']);
    });

    it('opens again after it was disconnected', async () => {
      await keyv.set('a', 1);
      await keyv.disconnect();
      expect(await keyv.get('a')).to.equal(1);
    });
  });
}

describe('KeyvStore', () => {
  it("is an adapter by Keyv's own types", () => {
    using cache = new Cache(temporaryFolder());
    const adapter: KeyvStoreAdapter = new KeyvStore(cache);
    expect(new Keyv(adapter).store).to.equal(adapter);
  });

  it('serves Keyv in another process', async () => {
    const directory = temporaryFolder();
    using cache = new FanoutCache(directory, { shards: 2, timeout: 60 });
    const keyv = new Keyv({ store: new KeyvStore(cache), namespace: 'weather' });
    await keyv.set('night', { seeing: [0.8, null] }, 3_600_000);
    await keyv.set('removed', 1);
    cache.set('weather:gone', '{"value":1}', { expire: 0 });
    const found = JSON.parse(execFileSync(process.execPath, [child, directory], { encoding: 'utf8' })) as unknown;
    expect(found).to.deep.equal([{ seeing: [0.8, null] }, null, null]);
    expect(await keyv.get('left')).to.equal(3);
    expect(await keyv.get('removed')).to.equal(undefined);
    expect(cache.check()).to.deep.equal([]);
  });

  it('says false, and does not wait, where a shard stays locked', async () => {
    using cache = new FanoutCache(temporaryFolder(), { shards: 1 });
    const keyv = new Keyv({ store: new KeyvStore(cache) });
    await keyv.set('a', 1);
    const lock = lockDatabase(cache.shards[0]?.directory ?? '');
    try {
      expect(await keyv.set('a', 2)).to.equal(false);
      expect(await keyv.delete('a')).to.equal(false);
      expect(await keyv.get('a')).to.equal(1);
    } finally {
      lock[Symbol.dispose]();
    }
  });

  it('a database that fails is a miss with an error event, and a set that says false', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'cache.db'), 'no database, and long enough to be looked at as one'.repeat(100));
    const store = new KeyvStore(new Cache(directory));
    const errors: unknown[] = [];
    const keyv = new Keyv({ store });
    keyv.on('error', (error) => errors.push(error));
    expect(await keyv.get('a')).to.equal(undefined);
    expect(await keyv.set('a', 1)).to.equal(false);
    expect(errors).to.have.lengthOf(2);
    for (const error of errors) expect(error).to.be.instanceOf(DatabaseError);
    let rejected: unknown;
    await new KeyvStore(new Cache(directory)).get('a').catch((error: unknown) => (rejected = error));
    expect(rejected).to.be.instanceOf(DatabaseError);
  });
});
