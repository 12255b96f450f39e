import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { PersistentCache, type ManagedCache } from 'stowage/manager';
import { settings } from '#lib/base/settings.js';
import { filesIn, listen } from '../../support/analyses/analysis.js';
import { eventually } from '../../support/analyses/claim-night.js';
import { end, ManualClock, managerIn } from '../../support/analyses/managers.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A saver that ends when it is told, and what it was given. */
class SlowSaver {
  readonly given: [string, unknown][][] = [];
  atWork = 0;
  most = 0;
  private ends: (() => void)[] = [];

  readonly save = async (_: string, contents: Map<string, unknown>): Promise<void> => {
    this.given.push([...contents]);
    this.most = Math.max(this.most, ++this.atWork);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.atWork--;
  };

  end(): void {
    for (const end of this.ends.splice(0)) end();
  }
}

describe('saving a managed cache', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('is one at a time; what is asked for meanwhile comes once after it, with what there is then', async () => {
    const saver = new SlowSaver();
    const cache = managerIn(folder).registerCustomCache('cache', {
      contents: new Map<string, unknown>([['n', 0]]),
      saver: saver.save,
      autosync: false,
    });
    const saves = [cache.save()];
    for (let n = 1; n < 5; n++) {
      cache.set('n', n);
      saves.push(cache.save());
    }
    await eventually('the first save', () => saver.atWork === 1);
    saver.end();
    await eventually('the second save', () => saver.given.length === 2);
    cache.set('n', 'later');
    saver.end();
    await Promise.all(saves);
    expect(saver.given).to.deep.equal([[['n', 0]], [['n', 4]]]);
    expect(saver.most).to.equal(1);
    const last = cache.save();
    await eventually('the last save', () => saver.atWork === 1);
    saver.end();
    await last;
    expect(saver.given[2]).to.deep.equal([['n', 'later']]);
  });

  it('is one at a time where the saver itself asks for another', async () => {
    const slow = new SlowSaver();
    let isFirst = true;
    let again: Promise<void> | undefined;
    const saver = async (name: string, contents: Map<string, unknown>): Promise<void> => {
      if (isFirst) {
        isFirst = false;
        cache.set('more', 1);
        again = cache.save();
      }
      return slow.save(name, contents);
    };
    const cache: ManagedCache = managerIn(folder).registerCustomCache('cache', {
      contents: { n: 1 },
      saver,
      autosync: false,
    });
    const first = cache.save();
    for (const count of [1, 2]) {
      await eventually('a save', () => slow.given.length === count);
      slow.end();
    }
    await Promise.all([first, again]);
    expect(slow.most).to.equal(1);
    expect(slow.given[1]).to.deep.equal([
      ['n', 1],
      ['more', 1],
    ]);
  });

  it('is due where a saver is set after the changes', async () => {
    const before = process.listenerCount('exit');
    const manager = managerIn(folder);
    const cache = manager.registerCustomCache<string, number>('cache', { persistent: false });
    cache.set('n', 1);
    expect(process.listenerCount('exit')).to.equal(before);
    const saved: unknown[] = [];
    manager.registerSaver<string, number>('cache', (_, contents) => saved.push(...contents));
    expect(process.listenerCount('exit')).to.equal(before + 1);
    await manager.deregisterCache('cache');
    expect(saved).to.deep.equal([['n', 1]]);
  });

  it('saves what there was when it was asked for, whatever changes while it is written', async () => {
    const manager = managerIn(folder);
    const big = new Float64Array(1 << 20).fill(1);
    const cache = manager.registerCustomCache('cache', { contents: { big, name: 'first' }, autosync: false });
    const saved = cache.save();
    big.fill(2);
    cache.set('name', 'second');
    await saved;
    const copy = new PersistentCache<string, unknown>('cache', { manager: managerIn(folder) });
    expect(copy.get('name')).to.equal('first');
    expect(new Set(copy.get('big') as Float64Array)).to.deep.equal(new Set([1]));
  });

  it('happens by itself, in the background, when the schedule says so', async () => {
    const clock = new ManualClock();
    const manager = managerIn(folder, clock);
    const cache = manager.registerCache<string, number>('cache');
    cache.set('n', 1);
    clock.advance(299);
    expect(filesIn(folder)).to.deep.equal([]);
    clock.advance(1);
    expect(
      filesIn(folder).filter((file) => !file.endsWith('.tmp')),
      'not at once',
    ).to.deep.equal([]);
    await eventually(
      'the save',
      () => filesIn(folder).length === 2 && filesIn(folder).every((file) => !file.endsWith('.tmp')),
    );
  });

  it('follows the schedule that is given', async () => {
    const clock = new ManualClock();
    const saved: number[] = [];
    const cache = managerIn(folder, clock).registerCustomCache<string, number>('cache', {
      saver: (_, contents) => saved.push(contents.size),
      schedule: [
        { changes: 2, within: { minutes: 1 } },
        { changes: 1, within: 120 },
      ],
    });
    cache.set('a', 1);
    clock.advance(59);
    cache.set('b', 2);
    clock.advance(0);
    await cache.save();
    saved.length = 1;
    cache.set('c', 2);
    clock.advance(60);
    await eventually('the second save', () => saved.length === 2);
    expect(saved).to.deep.equal([2, 3]);
    const bad = { schedule: [{ changes: -1, within: 1 }] };
    expect(() => managerIn(folder, clock, 'other').registerCustomCache('bad', bad)).to.throw(InvalidOptionError);
  });

  it('does not happen by itself in a cache without autosync', () => {
    const clock = new ManualClock();
    const cache = managerIn(folder, clock).registerCustomCache<string, number>('cache', { autosync: false });
    for (let i = 0; i < 20_000; i++) cache.set('n', i);
    clock.advance(10_000);
    expect(filesIn(folder)).to.deep.equal([]);
  });

  it('comes at once after something was built', async () => {
    const clock = new ManualClock();
    managerIn(folder, clock).registerCustomCache<string, number>('cache', { builder: () => ({ n: 1 }) });
    clock.advance(0);
    await eventually('the save', () => filesIn(folder).includes('general_cache/cache.json'));
  });

  it('keeps the data where the saver throws, says so, and tries again by the schedule', async () => {
    const clock = new ManualClock();
    const faults = listen('fault');
    let works = false;
    const saved: unknown[] = [];
    const saver = (_: string, contents: Map<string, number>): void => {
      if (!works) throw new Error('the server is down');
      saved.push(...contents);
    };
    const cache = managerIn(folder, clock).registerCustomCache<string, number>('cache', { saver });
    cache.set('n', 1);
    const error = await rejection(cache.save());
    expect(error).to.have.property('code', 'STOWAGE_CACHE_NOT_SAVED');
    expect(error.message).to.include("the cache 'cache'").and.include('the server is down');
    expect(cache.get('n')).to.equal(1);
    expect(faults).to.have.length(1);
    expect(faults[0]).to.deep.include({ type: 'fault', tag: 'general_cache', instance: '', method: 'cache', error });
    works = true;
    clock.advance(300);
    await eventually('the next try', () => saved.length > 0);
    expect(saved).to.deep.equal([['n', 1]]);
  });

  it('does not end the process where nobody awaits it', async () => {
    const cache = managerIn(folder).registerCustomCache<string, number>('cache', {
      contents: {},
      saver: async () => Promise.reject(new Error('no')),
    });
    const faults = listen('fault');
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    cache
      .save({ dependents: true })
      .finally(() => undefined)
      .catch(() => undefined);
    await eventually('the fault', () => faults.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([]);
  });

  it('names the key of what cannot be saved, and saves once it is gone', async () => {
    const uncacheable = listen('uncacheable');
    const manager = managerIn(folder);
    const cache = manager.registerCache('cache', { fine: 1, callback: () => 1 });
    const error = await rejection(cache.save());
    expect(error.message).to.include("under the key 'callback'");
    expect(uncacheable.map(({ method }) => method)).to.deep.equal(['cache']);
    cache.delete('callback');
    await end(manager);
    expect([...managerIn(folder).registerCache('cache')]).to.deep.equal([['fine', 1]]);
  });

  it('keeps a cache registered that cannot be saved', async () => {
    const manager = managerIn(folder);
    const cache: ManagedCache = manager.registerCache('cache', { callback: () => 1 });
    await rejection(manager.deregisterCache('cache'));
    expect(manager.retrieveOrThrow('cache')).to.equal(cache);
  });

  it('waits for the contents of a cache that is not ready', async () => {
    const saved: unknown[] = [];
    const cache = managerIn(folder).registerCustomCache<string, number>('cache', {
      loader: async () => Promise.resolve({ n: 1 }),
      saver: (_, contents) => saved.push(...contents),
    });
    await cache.save();
    expect(saved).to.deep.equal([['n', 1]]);
  });

  it('writes nothing where nothing may be written', async () => {
    const manager = managerIn(folder);
    settings.readonly = true;
    try {
      const cache = manager.registerCache<string, number>('cache', { n: 1 });
      await cache.save();
      await manager.deregisterCache('cache');
      expect(filesIn(folder)).to.deep.equal([]);
    } finally {
      settings.readonly = false;
    }
  });
});
