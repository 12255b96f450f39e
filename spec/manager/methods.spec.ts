/** Cached methods that depend on caches, and caches that depend on cached methods. */
import { expect } from 'chai';
import {
  cacheOnDisk,
  clearCache,
  explain,
  InvalidOptionError,
  invalidate,
  lineage,
  NotCachedError,
  parameter,
  peek,
  record,
  setTag,
} from 'stowage';
import type { CacheManager, ManagedCache } from 'stowage/manager';
import { collected, filesIn, listen, tagIn } from '../support/analyses/analysis.js';
import { end, managerIn } from '../support/analyses/managers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let ran: string[] = [];
/** What the analyzers look up; set by each test. */
let table: ManagedCache<string, number[]>;

class Detector {
  @parameter gain = 2;

  @cacheOnDisk
  dark(): number {
    ran.push('dark');
    return 10 * this.gain;
  }

  @cacheOnDisk
  scaled(factor: number): number {
    ran.push(`scaled ${factor}`);
    return factor * this.gain;
  }
}

class Night {
  readonly detector = new Detector();

  @cacheOnDisk
  flux(star: string): number {
    ran.push(`flux ${star}`);
    return (table.get(star) ?? []).reduce((sum, x) => sum + x, 0);
  }

  @cacheOnDisk
  total(): number {
    ran.push('total');
    let total = 0;
    for (const values of table.values()) total += values.length;
    return total;
  }

  @cacheOnDisk
  async later(star: string): Promise<number> {
    ran.push(`later ${star}`);
    await Promise.resolve();
    return table.get(star)?.length ?? -1;
  }

  @cacheOnDisk
  ratio(): number {
    ran.push('ratio');
    return this.flux('vega') / 2;
  }

  @cacheOnDisk
  many(): number {
    ran.push('many');
    let sum = 0;
    for (let i = 0; i < 1000; i++) sum += table.get(`star ${i}`)?.length ?? 0;
    return sum;
  }

  @cacheOnDisk
  filled(): number {
    ran.push('filled');
    let known = table.get('made');
    if (known === undefined) table.set('made', (known = [7]));
    return known[0] ?? NaN;
  }

  @cacheOnDisk
  made(): number {
    ran.push('made');
    table.set('own', [3]);
    return table.get('own')?.[0] ?? NaN;
  }

  /** Looked up where no trace sees it. */
  @cacheOnDisk
  declared(n = 0): number {
    ran.push(`declared ${n}`);
    return n;
  }

  @cacheOnDisk
  asked(of: ManagedCache<string, number[]>): number {
    ran.push('asked');
    return of.get('vega')?.length ?? 0;
  }
}

describe('a cached method that reads a managed cache', () => {
  let folder: string;
  let manager: CacheManager;
  let night: Night;

  /** A new session on the same folder, as in another process. */
  async function session(): Promise<void> {
    await end(manager);
    manager = managerIn(folder);
    table = manager.registerCache('table');
    night = tagIn(folder, new Night());
    ran = [];
  }

  beforeEach(() => {
    folder = temporaryFolder();
    manager = managerIn(folder);
    table = manager.registerCache<string, number[]>('table', { vega: [1, 2], deneb: [3] });
    night = tagIn(folder, new Night());
    ran = [];
  });

  it('is computed again when what it read is set, and not when something else is', () => {
    expect(night.flux('vega')).to.equal(3);
    expect(night.flux('deneb')).to.equal(3);
    expect(night.ratio()).to.equal(1.5);
    table.set('vega', [4, 4]);
    table.set('altair', [1]);
    expect(night.flux('vega')).to.equal(8);
    expect(night.flux('deneb')).to.equal(3);
    expect(night.ratio()).to.equal(4);
    expect(ran).to.deep.equal(['flux vega', 'flux deneb', 'ratio', 'flux vega', 'ratio']);
  });

  it('is used in the next session where what it read is the same, and computed again where it is not', async () => {
    night.flux('vega');
    night.ratio();
    night.total();
    await session();
    expect(night.ratio()).to.equal(1.5);
    expect(night.total()).to.equal(3);
    expect(night.flux('vega')).to.equal(3);
    expect(ran).to.deep.equal([]);
    table.set('vega', [5]);
    await session();
    expect(night.ratio()).to.equal(2.5);
    expect(night.total()).to.equal(2);
    expect(night.flux('vega')).to.equal(5);
    expect(ran).to.deep.equal(['flux vega', 'ratio', 'total']);
  });

  it('leaves memory when what a stored result was made of changes, loaded or computed', async () => {
    night.flux('vega');
    await session();
    expect(night.flux('vega')).to.equal(3);
    table.set('vega', [9]);
    expect(night.flux('vega')).to.equal(9);
    table.delete('vega');
    expect(night.flux('vega')).to.equal(0);
    table.set('vega', []);
    expect(night.flux('vega')).to.equal(0);
    table.set('vega', [1]);
    table.clear();
    expect(night.flux('vega')).to.equal(0);
    expect(ran).to.deep.equal(['flux vega', 'flux vega', 'flux vega', 'flux vega']);
  });

  it('is stale when the cache was invalidated, although it holds the same again', async () => {
    night.flux('vega');
    night.later('vega').catch(() => undefined);
    manager.invalidateCache('table');
    table.set('vega', [1, 2]);
    expect(explain(night, 'flux', 'vega')).to.deep.include({
      state: 'stale',
      reasons: ['the cache table was invalidated'],
    });
    expect(night.flux('vega')).to.equal(3);
    await session();
    expect(night.flux('vega')).to.equal(3);
    expect(ran).to.deep.equal([]);
    manager.invalidateCache('table');
    table.set('vega', [1, 2]);
    await session();
    expect(night.flux('vega')).to.equal(3);
    expect(ran).to.deep.equal(['flux vega']);
  });

  it('holds when what it read was only reloaded', async () => {
    night.flux('vega');
    await table.save();
    await table.reload();
    expect(night.flux('vega')).to.equal(3);
    expect(ran).to.deep.equal(['flux vega']);
  });

  it('notes what it reads after an await', async () => {
    expect(await night.later('vega')).to.equal(2);
    table.set('vega', [1]);
    expect(await night.later('vega')).to.equal(1);
  });

  it('is stale where the cache is not registered, is not ready, or cannot be loaded', async () => {
    night.flux('vega');
    await end(manager);
    manager = managerIn(folder);
    night = tagIn(folder, new Night());
    const reasons = (): string[] => explain(night, 'flux', 'vega').reasons;
    expect(reasons()).to.deep.equal(['the cache table cannot be looked at, since it is not registered now']);
    manager.registerCustomCache('table', { persistent: false, loader: async () => Promise.resolve({}) });
    expect(reasons()[0]).to.match(/^the cache table cannot be looked at: .* is not ready/);
    await end(manager);
    manager.registerCustomCache('table', {
      persistent: false,
      lazy: true,
      builder: () => {
        throw new Error('no');
      },
    });
    expect(reasons()[0]).to.match(/^the cache table cannot be looked at: .* failed: no/);
  });

  it('is told apart by the manager and the folder of the cache', async () => {
    night.flux('vega');
    await end(manager);
    managerIn(temporaryFolder()).registerCache('table', { vega: [1, 2] });
    night = tagIn(folder, new Night());
    expect(explain(night, 'flux', 'vega').state).to.equal('stale');
  });

  it('depends on all that the cache holds where it reads many keys, and its record stays short', async () => {
    night.many();
    expect(record(night, 'many')?.trace).to.have.length(65);
    await session();
    night.many();
    expect(ran).to.deep.equal([]);
    table.set('star 999', [1]);
    expect(night.many()).to.equal(1);
  });

  it('is not stored where the cache changes while it computes', async () => {
    const mutated = listen('mutated');
    const result = night.later('vega');
    table.set('vega', [1, 2, 3]);
    table.set('vega', [1, 2]);
    expect(await result).to.equal(2);
    table.get('vega')?.push(9);
    // A memo of its own: the first result is of a cache without it.
    expect(night.filled()).to.equal(7);
    expect(night.filled()).to.equal(7);
    expect(night.filled()).to.equal(7);
    expect(ran).to.deep.equal(['later vega', 'filled', 'filled']);
    expect(mutated.map(({ method }) => method)).to.deep.equal(['Night.filled']);
  });

  it('is stored where it sets itself what it reads then', () => {
    expect(night.made()).to.equal(3);
    expect(night.made()).to.equal(3);
    expect(ran).to.deep.equal(['made']);
    table.set('own', [4]);
    expect(night.made()).to.equal(3);
    expect(ran).to.deep.equal(['made', 'made']);
  });

  it('sees what is changed in place, when it is looked at on disk', () => {
    night.flux('vega');
    table.get('vega')?.push(10);
    night = tagIn(folder, new Night());
    expect(night.flux('vega')).to.equal(13);
  });

  it('may have the cache as an argument', () => {
    expect(night.asked(table)).to.equal(2);
    expect(night.asked(table)).to.equal(2);
    table.set('vega', []);
    expect(night.asked(table)).to.equal(0);
    expect(ran).to.deep.equal(['asked', 'asked']);
  });

  it('shows in a lineage what it read', async () => {
    night.flux('vega');
    night.total();
    const parameters = (await lineage(night)).nodes.filter(({ kind }) => kind === 'parameter');
    expect(parameters).to.deep.equal([
      { kind: 'parameter', id: 'parameter1', instance: 'table', parameter: '["vega"]' },
      { kind: 'parameter', id: 'parameter2', instance: 'table', parameter: 'contents' },
    ]);
  });

  it('leaves a record in the shape of a parameter, which earlier versions find stale', () => {
    night.flux('vega');
    const [item] = record(night, 'flux', 'vega')?.trace ?? [];
    expect(item).to.deep.include({ parameter: '["vega"]', instance: 'table', generation: 0 });
    expect(item).to.have.deep.property('root', { prefix: '', tag: 'general_cache', rootClass: 'CacheManager' });
    expect(item)
      .to.have.property('digest')
      .that.matches(/^[0-9a-f]{64}$/);
  });

  it('keeps its cache out of what a tagging walks over', () => {
    class Holder {
      readonly table = table;
      readonly night = night;
    }
    const holder = new Holder();
    manager.registerDependentCache(table, { instance: new Detector(), method: 'dark' });
    tagIn(folder, holder, 'held');
    expect(filesIn(folder).filter((file) => file.includes('table'))).to.deep.equal([]);
    expect(holder.night.detector.dark()).to.equal(20);
  });

  describe('that is declared', () => {
    it('is invalidated with the cache, one call of it or all', async () => {
      manager.registerDependentCache('table', { instance: night, method: 'declared', args: [1] });
      for (let i = 0; i < 2; i++) {
        night.declared(1);
        night.declared(2);
        table.invalidate();
      }
      await table.reload();
      night.declared(1);
      expect(ran).to.deep.equal(['declared 1', 'declared 2', 'declared 1', 'declared 1']);
      manager.registerDependentCache('table', { instance: night, method: 'declared' });
      await table.rebuild();
      await session();
      night.declared(1);
      night.declared(2);
      expect(ran).to.deep.equal(['declared 1', 'declared 2']);
    });

    it('is one, however often it is declared', () => {
      for (let i = 0; i < 3; i++)
        manager.registerDependentCache('table', { instance: night, method: 'declared', args: [1] });
      manager.registerDependentCache('table', { instance: night, method: 'declared', args: [2] });
      expect(manager.affectedBy('table')).to.have.length(3);
    });

    it('is refused where it is not cached, and so are two methods', () => {
      const uncached = { instance: night, method: 'toString' };
      expect(() => {
        manager.registerDependentCache('table', uncached);
      }).to.throw(NotCachedError);
      expect(() => {
        manager.registerDependentCache(uncached, 'table');
      }).to.throw(NotCachedError);
      const method = { instance: night, method: 'flux' };
      expect(() => {
        manager.registerDependentCache(method, method);
      }).to.throw(InvalidOptionError);
      for (const bad of [5, null, {}, '']) {
        expect(
          () => {
            manager.registerDependentCache(bad as never, 'table');
          },
          typeof bad,
        ).to.throw(InvalidOptionError);
      }
    });
  });
});

describe('a managed cache that depends on a cached method', () => {
  let folder: string;
  let manager: CacheManager;
  let night: Night;
  let derived: ManagedCache<string, number>;

  /** A new session: another process. */
  async function session({ dark = true, tagged = true } = {}): Promise<void> {
    await end(manager);
    manager = managerIn(folder);
    night = tagged ? tagIn(folder, new Night()) : new Night();
    ran = [];
    register(dark);
  }

  function register(dark = true): void {
    const { detector } = night;
    if (dark) manager.registerDependentCache({ instance: detector, method: 'dark' }, 'derived');
    derived = manager.retrieveCache('derived');
  }

  beforeEach(() => {
    folder = temporaryFolder();
    manager = managerIn(folder);
    night = tagIn(folder, new Night());
    ran = [];
    register();
    derived.set('twice', night.detector.dark() * 2);
  });

  it('is invalidated when the result comes out different', () => {
    expect(derived.get('twice')).to.equal(40);
    night.detector.gain = 3;
    night.detector.dark();
    expect([...derived]).to.deep.equal([]);
  });

  it('is invalidated when the result is invalidated or cleared', () => {
    invalidate(night.detector, 'dark');
    expect([...derived]).to.deep.equal([]);
    derived.set('twice', night.detector.dark() * 2);
    expect(derived.get('twice')).to.equal(40);
    clearCache(night);
    expect([...derived]).to.deep.equal([]);
  });

  it('stays when the result stays, in this session and the next', async () => {
    expect(derived.get('twice')).to.equal(40);
    setTag(night, 'night');
    night.detector.dark();
    expect(derived.get('twice')).to.equal(40);
    await session();
    expect(derived.get('twice')).to.equal(40);
    expect(ran).to.deep.equal([]);
  });

  it('is invalidated in the next session when the result changed in a session that did not know of it', async () => {
    expect(derived.get('twice')).to.equal(40);
    await session({ dark: false });
    invalidate(night.detector, 'dark');
    night.detector.dark();
    await session();
    expect([...derived]).to.deep.equal([]);
  });

  it('is invalidated in the next session when the result is gone or would be computed again', async () => {
    expect(derived.get('twice')).to.equal(40);
    await session({ dark: false });
    clearCache(night);
    await session();
    expect([...derived]).to.deep.equal([]);
  });

  it('may be registered before the analyzer is tagged', async () => {
    expect(derived.get('twice')).to.equal(40);
    await session({ dark: false });
    invalidate(night.detector, 'dark');
    night.detector.dark();
    await session({ tagged: false });
    expect(derived.get('twice'), 'nothing is known without a tag').to.equal(40);
    tagIn(folder, night);
    expect([...derived]).to.deep.equal([]);
  });

  it('goes with the dataset when the analyzer is tagged anew', () => {
    expect(derived.get('twice')).to.equal(40);
    setTag(night, 'another night');
    expect([...derived]).to.deep.equal([]);
  });

  it('is built of what its builder used, and again when that is another', () => {
    let builds = 0;
    const built = manager.registerCustomCache<string, number>('built', {
      persistent: false,
      lazy: true,
      builder: () => ({ dark: night.detector.dark(), builds: ++builds }),
    });
    manager.registerDependentCache({ instance: night.detector, method: 'dark' }, 'built');
    invalidate(night.detector, 'dark');
    expect([...built.values(), ...built.values()]).to.deep.equal([20, 1, 20, 1]);
    night.detector.gain = 3;
    expect([...built.values(), ...built.values()]).to.deep.equal([30, 2, 30, 2]);
  });

  it('follows the call that is named', () => {
    const { detector } = night;
    manager.registerDependentCache({ instance: detector, method: 'scaled', args: [3] }, 'derived');
    derived.set('a', detector.scaled(3));
    detector.scaled(4);
    invalidate(detector, 'scaled', 4);
    expect(derived.get('a')).to.equal(6);
    invalidate(detector, 'scaled', 3);
    expect([...derived]).to.deep.equal([]);
  });

  it('takes with it what depends on it, methods and caches, round in a circle too', () => {
    table = manager.registerCache<string, number[]>('table', { vega: [1] });
    manager.registerDependentCache('derived', 'table');
    manager.registerDependentCache('table', { instance: night.detector, method: 'dark' });
    expect(night.flux('vega')).to.equal(1);
    expect(night.ratio()).to.equal(0.5);
    expect(derived.get('twice')).to.equal(40);
    invalidate(night.detector, 'dark');
    expect(derived.size).to.equal(0);
    expect(table.size).to.equal(0);
    expect(peek(night, 'ratio')).to.equal(undefined);
    expect(night.flux('vega')).to.equal(0);
    expect(night.ratio()).to.equal(0);
  });

  it('keeps no analyzer alive', async () => {
    const own = managerIn(temporaryFolder());
    const ref = ((): WeakRef<object> => {
      const detector = new Detector();
      own.registerDependentCache({ instance: detector, method: 'dark' }, 'derived');
      return new WeakRef(detector);
    })();
    expect(await collected(() => ref.deref() === undefined)).to.equal(true);
  });
});
