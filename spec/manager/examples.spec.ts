/** What cacheman's page shows, in words of our own, with the results that it states. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import { expect } from 'chai';
import { PersistentCache } from 'stowage/manager';
import { end, managerIn } from '../support/analyses/managers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe("the examples of cacheman's page", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('a simple cache has nothing at the first run, and what was saved at the next', async () => {
    const run = async (): Promise<unknown> => {
      const manager = managerIn(folder);
      const cache = manager.registerCache('my_simple_cache');
      const before = cache.get('my_key');
      cache.set('my_key', 'my_value');
      await cache.save();
      await manager.saveCacheContents('my_simple_cache');
      await end(manager);
      return before;
    };
    expect(await run()).to.equal(undefined);
    expect(await run()).to.equal('my_value');
  });

  it('a cache that is not persistent saves nothing', async () => {
    const manager = managerIn(folder);
    const cache = manager.registerCustomCache('my_simple_cache', { persistent: false });
    cache.set('my_key', 'my_value');
    await cache.save();
    expect(existsSync(manager.folder)).to.equal(false);
  });

  it('a saver and a loader of its own are asked at once', () => {
    const printed: string[] = [];
    const saver = (name: string, contents: Map<string, string>): void => {
      printed.push(format('save requested on %s, content: %j', name, Object.fromEntries(contents)));
    };
    const loader = (): Record<string, string> => ({ load: 'faked' });
    const cache = new PersistentCache('my_cache', { manager: managerIn(folder), saver, loader });
    cache.save().catch(() => undefined);
    expect(printed).to.deep.equal(['save requested on my_cache, content: {"load":"faked"}']);
    printed.length = 0;
    cache.set('new', 'real');
    return cache.save().then(() => {
      expect(printed).to.deep.equal(['save requested on my_cache, content: {"load":"faked","new":"real"}']);
    });
  });

  it('they may be set through the manager as well', async () => {
    const manager = managerIn(folder);
    manager.retrieveCache('my_cache');
    const saved: unknown[] = [];
    manager.registerSaver<string, string>('my_cache', (_, contents) => saved.push([...contents]));
    const cache = manager.registerLoader<string, string>('my_cache', () => ({ load: 'faked' }));
    await cache.reload();
    expect([...cache]).to.deep.equal([['load', 'faked']]);
    await cache.save();
    expect(saved).to.deep.equal([[['load', 'faked']]]);
  });

  for (const run of ['first', 'second']) {
    it(`invalidating the root empties what depends on it, at the ${run} run`, async () => {
      for (let i = run === 'first' ? 1 : 0; i < 2; i++) {
        const manager = managerIn(folder);
        const edge = manager.retrieveCache<string, number>('edge_cache');
        const root = manager.registerCache<string, number>('root_cache');
        manager.registerDependentCache('root_cache', 'edge_cache');
        const processed = (): number => {
          const known = edge.get('processed');
          if (known !== undefined) return known;
          const value = (root.get('raw') ?? 0) * 5;
          edge.set('processed', value);
          return value;
        };
        if (run === 'first') {
          expect(processed()).to.equal(0);
          root.set('raw', 1);
          expect(processed(), 'still what it was').to.equal(0);
        }
        root.invalidate();
        expect([...edge]).to.deep.equal([]);
        root.set('raw', 1);
        expect(processed()).to.equal(5);
        expect([...edge]).to.deep.equal([['processed', 5]]);
        await end(manager);
      }
    });
  }

  it('caches lie in a folder of their manager below the base folder', async () => {
    const manager = managerIn(join(folder, 'secret', 'cache', 'location'));
    const cache = manager.registerCache('my_cache');
    cache.set('new', 'real');
    await cache.save();
    const files = ['my_cache.v8', 'my_cache.json'].map((file) =>
      join(folder, 'secret/cache/location/general_cache', file),
    );
    expect(files.filter((file) => existsSync(file))).to.deep.equal(files);
  });
});
