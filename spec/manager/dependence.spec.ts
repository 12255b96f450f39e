import { Dependence } from '#lib/manager/dependence.js';
import { expect } from 'chai';
import fc from 'fast-check';
import type { CacheManager } from 'stowage/manager';
import { end, managerIn } from '../support/analyses/managers.js';
import { rejection } from '../support/values/rejection.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('what depends on what', () => {
  it('comes after what it depends on, each once', () => {
    const dependence = new Dependence();
    for (const [root, dependent] of [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
      ['x', 'a'],
    ] as const)
      dependence.add(root, dependent);
    expect(dependence.inOrderFrom('a')).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(dependence.inOrderFrom('d')).to.deep.equal(['d']);
  });

  it('comes once where it goes round in a circle', () => {
    const dependence = new Dependence();
    for (const [root, dependent] of [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['a', 'a'],
    ] as const)
      dependence.add(root, dependent);
    expect(dependence.inOrderFrom('b')).to.deep.equal(['b', 'c', 'a']);
  });

  it('comes in order and as a whole, in any graph without circles', () => {
    const anyEdges = fc.array(
      fc.tuple(fc.nat(12), fc.nat(12)).filter(([from, to]) => from < to),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(anyEdges, (edges) => {
        const dependence = new Dependence();
        for (const [from, to] of edges) dependence.add(String(from), String(to));
        const order = dependence.inOrderFrom('0');
        const reached = new Set(['0']);
        for (let size = 0; size !== reached.size;) {
          size = reached.size;
          for (const [from, to] of edges) if (reached.has(String(from))) reached.add(String(to));
        }
        expect([...order].sort()).to.deep.equal([...reached].sort());
        for (const [from, to] of edges) {
          if (reached.has(String(from))) expect(order.indexOf(String(from))).to.be.below(order.indexOf(String(to)));
        }
      }),
    );
  });

  it('carries a chain of any length', () => {
    const dependence = new Dependence();
    for (let i = 0; i < 20_000; i++) dependence.add(String(i), String(i + 1));
    expect(dependence.inOrderFrom('0')).to.have.length(20_001);
  });
});

describe('an operation on a cache', () => {
  let manager: CacheManager;
  let done: string[];

  /** Caches a → b → d, a → c → d, d → a, each of which counts how often it was built. */
  beforeEach(() => {
    manager = managerIn(temporaryFolder());
    done = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      manager.registerCustomCache<string, number>(name, {
        loader: () => {
          done.push(`load ${name}`);
          return undefined;
        },
        builder: () => {
          done.push(`build ${name}`);
          return { n: 1 };
        },
        deleter: () => {
          done.push(`delete ${name}`);
        },
        saver: () => {
          done.push(`save ${name}`);
        },
      });
    }
    for (const [root, dependent] of [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
      ['d', 'a'],
    ] as const) {
      manager.registerDependentCache(root, dependent);
    }
    done.length = 0;
  });

  const each = (what: string, names = 'abcd'): string[] => Array.from(names, (name) => `${what} ${name}`);

  it('rebuilds in order, each once, after all was invalidated and deleted', async () => {
    await manager.invalidateAndRebuildCache('a');
    expect(done).to.deep.equal([...each('delete'), ...each('build')]);
  });

  it('rebuilds at once where all is synchronous', () => {
    const rebuilt = manager.invalidateAndRebuildCache('b');
    expect(done).to.deep.equal([...each('delete', 'bdac'), ...each('build', 'bdac')]);
    return rebuilt;
  });

  it('rebuilds in order where a builder is asynchronous', async () => {
    manager.registerBuilder('b', async () => {
      await Promise.resolve();
      done.push('build b');
      return {};
    });
    await manager.invalidateAndRebuildCache('a');
    expect(done.slice(4)).to.deep.equal(each('build'));
  });

  it('builds what comes after one that failed when it is next used', async () => {
    let fails = true;
    manager.registerBuilder('b', () => {
      if (fails) throw new Error('no');
      return { n: 2 };
    });
    expect(await rejection(manager.invalidateAndRebuildCache('a'))).to.have.property('code', 'STOWAGE_CACHE_HOOK');
    fails = false;
    expect(manager.retrieveCache('b').get('n')).to.equal(2);
    expect(manager.retrieveCache('d').get('n')).to.equal(1);
  });

  it('reloads in order, each once', async () => {
    await manager.reloadCache('a');
    expect(done).to.deep.equal(each('load'));
  });

  it('deletes in order, each once', async () => {
    await manager.deleteSavedCacheContent('a');
    expect(done).to.deep.equal(each('delete'));
  });

  it('invalidates each, so that it is loaded or built when it is next used', () => {
    manager.invalidateCache('a');
    expect(done).to.deep.equal([]);
    expect(manager.retrieveCache('d').get('n')).to.equal(1);
    expect(done).to.deep.equal(['load d', 'build d']);
  });

  it('saves what depends on it where that is asked for', async () => {
    await manager.saveCacheContents('a');
    await manager.saveCacheContents('a', { dependents: true });
    expect([...done].sort()).to.deep.equal(['save a', ...each('save')].sort());
  });

  it('concerns the cache alone where that is asked for', async () => {
    manager.invalidateCache('a', { dependents: false });
    expect(manager.retrieveCache('b').get('n')).to.equal(1);
    await manager.invalidateAndRebuildCache('a', { dependents: false });
    await manager.reloadCache('a', { dependents: false });
    await manager.deleteSavedCacheContent('a', { dependents: false });
    expect(done).to.deep.equal(['delete a', 'build a', 'load a', 'delete a']);
  });

  it('runs over all caches, each once', async () => {
    await manager.invalidateAndRebuildAllCaches();
    expect(done.filter((one) => one.startsWith('build'))).to.deep.equal(each('build'));
    done.length = 0;
    await manager.reloadAllCaches();
    await manager.deleteAllSavedCacheContents();
    await manager.reloadOrRebuildAllCaches();
    await manager.saveAllCacheContents();
    const reloaded = ['a', 'b', 'c', 'd'].flatMap((name) => [`load ${name}`, `build ${name}`]);
    expect(done).to.deep.equal([...each('load'), ...each('delete'), ...reloaded, ...each('save')]);
  });

  it('deregisters what depends on it where that is asked for', async () => {
    await manager.deregisterCache('b', { dependents: true });
    expect(manager.names).to.deep.equal([]);
  });

  it('reaches what is saved of a cache that is not registered now', async () => {
    const folder = temporaryFolder();
    const before = managerIn(folder);
    before.registerCache('edge', { derived: 1 });
    await end(before);
    const later = managerIn(folder);
    later.registerDependentCache('root', 'edge');
    later.invalidateCache('root');
    expect([...later.registerCache('edge')]).to.deep.equal([]);
  });

  it('takes caches for their names', () => {
    const [one, two] = [manager.registerCache('one'), manager.registerCache('two', { a: 1 })];
    manager.registerDependentCache(one, two);
    one.invalidate();
    expect(two.size).to.equal(0);
  });
});
