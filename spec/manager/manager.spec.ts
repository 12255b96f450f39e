import { join } from 'node:path';
import { expect } from 'chai';
import { InvalidOptionError, InvalidTagError } from 'stowage';
import {
  AutoSyncCache,
  CacheRegisteredError,
  getCacheManager,
  LazyBuildCache,
  NonPersistentCache,
  PersistentCache,
  UnknownCacheError,
  type ManagedCache,
} from 'stowage/manager';
import { defaultTmpdir } from '#lib/store/disk/default-tmpdir.js';
import { end, managerIn } from '../support/analyses/managers.js';
import { rejection } from '../support/values/rejection.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('a cache manager', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('is one a name and process', () => {
    const manager = getCacheManager('of this spec', { baseFolder: folder });
    expect(getCacheManager('of this spec')).to.equal(manager);
    expect(getCacheManager('of this spec', { baseFolder: folder })).to.equal(manager);
    expect(getCacheManager('another of this spec', { baseFolder: folder })).to.not.equal(manager);
    expect(() => getCacheManager('of this spec', { baseFolder: join(folder, 'elsewhere') })).to.throw(
      InvalidOptionError,
      'already',
    );
  });

  it("is named 'general' and lies in the folder of tags where nothing else is said", () => {
    const manager = getCacheManager();
    expect(manager.name).to.equal('general');
    expect(manager.folder).to.equal(join(defaultTmpdir(), 'general_cache'));
    expect(new NonPersistentCache('without a manager named').name).to.equal('without a manager named');
    return manager.deregisterAllCaches();
  });

  it('keeps its folder inside the base folder, whatever its name', () => {
    for (const name of ['a/b', '..', '../x', '/etc']) {
      expect(managerIn(folder, undefined, name).folder.startsWith(`${folder}/`), name).to.equal(true);
      expect(managerIn(folder, undefined, name).folder.slice(folder.length + 1), name).to.not.include('/');
    }
  });

  it('refuses what is no name or no folder', () => {
    for (const name of ['', 5, null])
      expect(() => getCacheManager(name as string), String(name)).to.throw(InvalidOptionError);
    for (const baseFolder of ['', 5, 'a\0b']) {
      expect(() => getCacheManager('bad', { baseFolder: baseFolder as string }), String(baseFolder)).to.throw(
        InvalidTagError,
      );
    }
    const manager = managerIn(folder);
    for (const name of ['', 5, undefined])
      expect(() => manager.registerCache(name as string), String(name)).to.throw(InvalidOptionError);
  });

  it('makes caches of the kind that is asked for', () => {
    const manager = managerIn(folder);
    const kinds: [ManagedCache, unknown][] = [
      [manager.registerCache('a'), AutoSyncCache],
      [manager.retrieveCache('b'), AutoSyncCache],
      [manager.registerCustomCache('c'), AutoSyncCache],
      [manager.registerCustomCache('d', { autosync: false }), PersistentCache],
      [manager.registerCustomCache('e', { persistent: false }), NonPersistentCache],
      [manager.registerCustomCache('f', { persistent: false, lazy: true }), LazyBuildCache],
    ];
    expect(kinds.map(([cache, kind]) => cache.constructor === kind)).to.deep.equal(kinds.map(() => true));
    expect(manager.names).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('retrieves a cache, makes one where there is none, or says so', () => {
    const manager = managerIn(folder);
    expect(() => manager.retrieveOrThrow('cache'))
      .to.throw(UnknownCacheError)
      .with.property('code', 'STOWAGE_UNKNOWN_CACHE');
    const cache = manager.retrieveCache('cache');
    expect(manager.retrieveOrThrow('cache')).to.equal(cache);
    expect(manager.registerCache('cache')).to.equal(cache);
    expect(manager.cacheRegistered('cache')).to.equal(true);
  });

  it('has one cache of a name', async () => {
    const manager = managerIn(folder);
    manager.registerCache('cache', { a: 1 });
    for (const again of [
      () => manager.registerCache('cache', { a: 2 }),
      () => manager.registerCustomCache('cache'),
      () => new PersistentCache('cache', { manager }),
    ]) {
      expect(again).to.throw(CacheRegisteredError).with.property('code', 'STOWAGE_CACHE_REGISTERED');
    }
    await manager.deregisterCache('cache');
    await manager.deregisterCache('cache');
    expect(manager.cacheRegistered('cache')).to.equal(false);
    expect([...manager.registerCustomCache('cache', { contents: { a: 2 } })]).to.deep.equal([['a', 2]]);
  });

  it('refuses options that are none, and registers nothing', () => {
    const manager = managerIn(folder);
    const bad: object[] = [
      { loder: () => ({}) },
      { loader: 5 },
      { contents: 5 },
      { contents: new Date(0) },
      { lazy: true },
      { schedule: [] },
      { persistent: 'no' },
      { autosync: 1 },
      null as never,
    ];
    for (const options of bad) {
      expect(() => manager.registerCustomCache('bad', options), JSON.stringify(options)).to.throw(InvalidOptionError);
      expect(manager.names).to.deep.equal([]);
    }
    for (const options of [{ savr: () => 1 }, { manager: {} }, null]) {
      expect(() => new PersistentCache('bad', options as never), JSON.stringify(options)).to.throw(InvalidOptionError);
    }
    for (const options of [{ base_directory: folder }, { clock: {} }, null]) {
      expect(() => getCacheManager('bad', options as never), JSON.stringify(options)).to.throw(InvalidOptionError);
    }
  });

  it('saves and lets go of all its caches', async () => {
    const manager = managerIn(folder);
    for (const name of ['a', 'b']) manager.registerCache(name, { name });
    await manager.deregisterAllCaches();
    expect(manager.names).to.deep.equal([]);
    expect(['a', 'b'].map((name) => manager.registerCache(name).get('name'))).to.deep.equal(['a', 'b']);
    await end(manager);
  });

  it('tries all its caches, and says then what went wrong with one', async () => {
    const manager = managerIn(folder);
    const saved: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const saver = (): void => {
        if (name === 'b') throw new Error('no');
        saved.push(name);
      };
      manager.registerCustomCache(name, { contents: {}, saver });
    }
    expect(await rejection(manager.saveAllCacheContents())).to.have.property('code', 'STOWAGE_CACHE_NOT_SAVED');
    expect(saved).to.deep.equal(['a', 'c']);
  });
});
