import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { CacheHookError, CacheNotReadyError, type CacheHooks } from 'stowage/manager';
import { codeThrownBy, filesIn, listen } from '../../support/analyses/analysis.js';
import { end, ManualClock, managerIn } from '../../support/analyses/managers.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A promise, and how to settle it. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('the life of a managed cache', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  describe('with an asynchronous loader or builder', () => {
    for (const hook of ['loader', 'builder'] as const) {
      it(`is not ready before its ${hook} is done, and says so`, async () => {
        const { promise, resolve } = deferred<Record<string, number>>();
        const cache = managerIn(folder).registerCustomCache<string, number>('slow', {
          [hook]: async () => promise,
          autosync: false,
        });
        for (const use of [
          () => cache.get('a'),
          () => cache.has('a'),
          () => cache.set('a', 2),
          () => cache.delete('a'),
          () => cache.size,
          () => {
            cache.clear();
          },
          () => [...cache],
        ]) {
          expect(codeThrownBy(use)).to.equal('STOWAGE_CACHE_NOT_READY');
        }
        expect(() => cache.get('a')).to.throw(CacheNotReadyError, "cache 'slow' is not ready");
        resolve({ a: 1 });
        expect(await cache.ready).to.equal(cache);
        expect(cache.get('a')).to.equal(1);
      });

      it(`has no contents where its ${hook} fails, until it is tried again`, async () => {
        let fails = true;
        const make = async (): Promise<Record<string, number>> => {
          await Promise.resolve();
          if (fails) throw new Error('the network is down');
          return { a: 1 };
        };
        const cache = managerIn(folder).registerCustomCache<string, number>('failing', { [hook]: make });
        const error = await rejection(cache.ready);
        expect(error).to.be.instanceOf(CacheHookError).with.property('hook', hook);
        expect(() => cache.get('a'))
          .to.throw(CacheNotReadyError, 'the network is down')
          .with.property('cause', error);
        expect(await rejection(cache.ready)).to.equal(error);
        fails = false;
        await cache.reloadOrRebuild();
        expect(cache.get('a')).to.equal(1);
      });
    }

    it('lets go of what comes after it was invalidated, and waits for what comes then', async () => {
      const loads = [deferred<Record<string, string>>(), deferred<Record<string, string>>()];
      let load = 0;
      const cache = managerIn(folder).registerCustomCache('slow', {
        loader: async () => loads[load++]?.promise,
        persistent: false,
      });
      const first = cache.ready;
      cache.invalidate();
      const second = cache.ready;
      loads[1]?.resolve({ from: 'the second load' });
      await second;
      loads[0]?.resolve({ from: 'the first load' });
      await first;
      expect([...cache]).to.deep.equal([['from', 'the second load']]);
    });

    it('awaits all of its hooks', async () => {
      const later = async <T>(value: T): Promise<T> => Promise.resolve(value);
      const stored = new Map<string, unknown>([['n', 1]]);
      const called: string[] = [];
      const hooks: CacheHooks<string, number> = {
        loader: async () => later(stored as Map<string, number>),
        validator: async (contents) => later(contents.has('n')),
        postProcessor: async (contents) => later(new Map([...contents, ['loaded', 1]] as const)),
        preProcessor: async (contents) => later([...contents, ['saved', 1]] as [string, number][]),
        saver: async (name, contents) => later(called.push(`save ${name} ${[...contents.keys()].join()}`)),
        deleter: async (name) => later(called.push(`delete ${name}`)),
      };
      const cache = managerIn(folder).registerCustomCache('all', hooks);
      await cache.ready;
      expect([...cache]).to.deep.equal([
        ['n', 1],
        ['loaded', 1],
      ]);
      await cache.save();
      await cache.deleteSaved();
      expect(called).to.deep.equal(['save all n,loaded,saved', 'delete all']);
    });
  });

  it('awaits whatever can be awaited, and does not take it for its contents', async () => {
    const query = { then: (resolve: (rows: Record<string, number>) => void) => setImmediate(resolve, { a: 1 }) };
    const cache = managerIn(folder).registerCustomCache<string, number>('cache', { loader: () => query as never });
    expect(codeThrownBy(() => cache.size)).to.equal('STOWAGE_CACHE_NOT_READY');
    expect([...(await cache.ready)]).to.deep.equal([['a', 1]]);
  });

  it('is ready at once where all is synchronous', async () => {
    const cache = managerIn(folder).registerCache('now', { a: 1 });
    expect(await cache.ready).to.equal(cache);
  });

  it('ends before it begins where its builder throws, and the name stays free', () => {
    const manager = managerIn(folder);
    const builder = (): never => {
      throw new TypeError('no sky');
    };
    expect(() => manager.registerCustomCache('x', { builder })).to.throw(
      CacheHookError,
      "the builder of the cache 'x' failed: no sky",
    );
    expect(manager.cacheRegistered('x')).to.equal(false);
    manager.registerCache('x');
  });

  it('says so where a builder needs the cache that it builds', () => {
    const manager = managerIn(folder);
    const lazy = manager.registerCustomCache('self', {
      persistent: false,
      lazy: true,
      builder: () => ({ a: manager.retrieveCache('self').get('a') }),
    });
    expect(() => lazy.get('a')).to.throw(CacheHookError, 'is needed to load or build itself');
  });

  it('says so, too, where an asynchronous builder awaits it, and the caches between', async () => {
    const manager = managerIn(folder);
    const needs = (name: string) => async () => manager.retrieveOrThrow(name).ready.then(() => ({ a: 1 }));
    const [a] = ['a', 'b'].map((name, i, names) =>
      manager.registerCustomCache(name, { persistent: false, lazy: true, builder: needs(names[1 - i] ?? '') }),
    );
    expect(await rejection(a?.ready ?? Promise.resolve()))
      .to.have.property('message')
      .that.includes('is needed to load or build itself');
  });

  it('refuses what a hook gives that can be no contents', () => {
    const manager = managerIn(folder);
    for (const given of [5, 'text', [1], new Date(0)]) {
      expect(() => manager.registerCustomCache('x', { loader: () => given as never }), String(given)).to.throw(
        CacheHookError,
      );
    }
  });

  it('is built where nothing is loaded, and where its validator refuses or throws', () => {
    const builder = (): Record<string, string> => ({ from: 'builder' });
    const loader = (): Record<string, string> => ({ from: 'loader' });
    const from = (name: string, hooks: CacheHooks<string, string>): unknown =>
      managerIn(folder, undefined, name)
        .registerCustomCache('cache', { builder, persistent: false, ...hooks })
        .get('from');
    expect(from('nothing', { loader: () => undefined })).to.equal('builder');
    expect(from('right', { loader, validator: (contents) => contents.get('from') === 'loader' })).to.equal('loader');
    const stale = listen('stale');
    expect(from('wrong', { loader, validator: () => false })).to.equal('builder');
    expect(
      from('throws', {
        loader,
        validator: () => {
          throw new Error('?');
        },
      }),
    ).to.equal('builder');
    expect(stale.map(({ tag, method }) => `${tag} ${method}`)).to.deep.equal([
      'wrong_cache cache',
      'throws_cache cache',
    ]);
  });

  it('processes what is loaded or built in place, or instead', () => {
    const manager = managerIn(folder);
    const inPlace = manager.registerCustomCache<string, number>('one', {
      builder: () => ({ a: 1 }),
      postProcessor: (contents) => void contents.set('b', 2),
    });
    const instead = manager.registerCustomCache<string, number>('two', {
      builder: () => ({ a: 1 }),
      postProcessor: () => ({ c: 3 }),
    });
    expect([...inPlace]).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
    expect([...instead]).to.deep.equal([['c', 3]]);
  });

  it('processes what is saved, and not what is in memory', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCustomCache<string, number>('processed', {
      contents: { a: 1 },
      preProcessor: (contents) => void contents.set('b', 2),
    });
    await cache.save();
    expect([...cache]).to.deep.equal([['a', 1]]);
    await cache.reload();
    expect([...cache]).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('goes back to what was saved when it is reloaded', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { foo: 'bar' });
    await manager.saveCacheContents('cache');
    cache.set('baz', 'not saved');
    await manager.reloadCache('cache');
    expect([...cache]).to.deep.equal([['foo', 'bar']]);
  });

  it('has what was about to be saved when it is reloaded', async () => {
    const cache = managerIn(folder).registerCache('cache', { foo: 'bar' });
    cache.save().catch(() => undefined);
    await cache.reload();
    expect([...cache]).to.deep.equal([['foo', 'bar']]);
  });

  it('is empty after it was invalidated although something was saved, in this session and the next', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { foo: 'bar' });
    await cache.save();
    cache.invalidate();
    expect([...cache]).to.deep.equal([]);
    await end(manager);
    const later = managerIn(folder);
    expect([...later.registerCache('cache')]).to.deep.equal([]);
    expect(filesIn(later.folder)).to.deep.equal(['cache.json', 'cache.v8']);
  });

  it('does not save what was invalidated while it was being saved', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { foo: 'bar' });
    const saved = cache.save();
    cache.invalidate();
    await saved;
    await end(manager);
    expect([...managerIn(folder).registerCache('cache')]).to.deep.equal([]);
  });

  it('keeps what is in memory when what is saved is deleted', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { foo: 'bar' });
    await cache.save();
    await manager.deleteSavedCacheContent('cache');
    expect(cache.get('foo')).to.equal('bar');
    await end(manager);
    expect([...managerIn(folder).registerCache('cache')]).to.deep.equal([]);
  });

  it('is not saved after all where it was deleted just after it was built', async () => {
    const clock = new ManualClock();
    const manager = managerIn(folder, clock);
    const cache = manager.registerCustomCache<string, number>('cache', { builder: () => ({ n: 1 }) });
    await cache.deleteSaved();
    clock.advance(10_000);
    await end(manager);
    expect(filesIn(folder)).to.deep.equal([]);
    expect(cache.get('n')).to.equal(1);
  });

  it('is built anew, and saved, when it is rebuilt', async () => {
    const manager = managerIn(folder);
    let n = 0;
    const cache = manager.registerCustomCache<string, number>('cache', { builder: () => ({ n: ++n }) });
    cache.set('more', 1);
    await cache.save();
    await manager.invalidateAndRebuildCache('cache');
    expect([...cache]).to.deep.equal([['n', 2]]);
    await end(manager);
    expect([...managerIn(folder).registerCache('cache')]).to.deep.equal([['n', 2]]);
  });

  it('asks its loader again after it was invalidated, which knows what is right', () => {
    let n = 0;
    const cache = managerIn(folder).registerCustomCache<string, number>('cache', {
      loader: () => ({ n: ++n }),
      persistent: false,
    });
    cache.invalidate();
    expect(cache.get('n')).to.equal(2);
  });

  it('takes hooks later, and lets go of them', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache<string, number>('cache', { a: 1 });
    manager.registerPreProcessor<string, number>('cache', () => ({ pre: 1 }));
    manager.registerPostProcessor<string, number>('cache', (contents) => void contents.set('post', 1));
    await cache.save();
    await cache.reload();
    expect([...cache.keys()]).to.deep.equal(['pre', 'post']);
    manager.registerPreProcessor('cache', undefined);
    manager.registerPostProcessor('cache', null);
    await cache.save();
    await cache.reload();
    expect([...cache.keys()]).to.deep.equal(['pre', 'post']);
    manager.registerValidator('cache', () => false);
    manager.registerBuilder<string, number>('cache', () => ({ built: 1 }));
    await manager.reloadOrRebuildCache('cache');
    expect([...cache.keys()]).to.deep.equal(['built']);
    const deleted: string[] = [];
    manager.registerDeleter('cache', (name) => deleted.push(name));
    await cache.deleteSaved();
    expect(deleted).to.deep.equal(['cache']);
    expect(() => manager.registerSaver('cache', 'no function' as never)).to.throw(InvalidOptionError);
    expect(() => {
      cache.setHook('sever' as 'saver', () => 1);
    }).to.throw(InvalidOptionError, 'no hook');
  });

  it('saves nothing any more after it was deregistered, whatever is built in it', async () => {
    const clock = new ManualClock();
    const manager = managerIn(folder, clock);
    const saved: unknown[] = [];
    const cache = manager.registerCustomCache<string, number>('cache', {
      builder: () => ({ n: 1 }),
      saver: (_, contents) => saved.push(...contents),
    });
    cache.invalidate();
    await manager.deregisterCache('cache');
    expect(cache.get('n')).to.equal(1);
    clock.advance(10_000);
    await cache.save();
    expect(saved).to.deep.equal([]);
  });

  it('can be read, and not changed, after it was deregistered', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { a: 1 });
    await manager.deregisterCache('cache');
    expect(cache.get('a')).to.equal(1);
    expect(() => cache.set('a', 2)).to.throw(CacheNotReadyError, 'deregistered');
    expect([...manager.registerCache('cache')]).to.deep.equal([['a', 1]]);
  });
});
