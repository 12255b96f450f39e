/** What is saved when a process ends, in whatever way. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { expect } from 'chai';
import { filesIn, listen } from '../support/analyses/analysis.js';
import { runCacheJob, signalled, startCacheJob } from '../support/children/cache-job.js';
import { closeManagers, end, managerIn } from '../support/analyses/managers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the changes of a managed cache', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  /** What a later session finds. */
  async function saved(): Promise<[string, number][]> {
    const troubles = listen('corrupt', 'fault');
    const manager = managerIn(folder);
    const contents = [...manager.registerCache<string, number>('cache')];
    await end(manager);
    expect(troubles).to.deep.equal([]);
    return contents;
  }
  const own = (): unknown => JSON.parse(readFileSync(join(folder, 'own'), 'utf8'));

  const normal = [
    ['when there is nothing left to do', 'return', 0],
    ['at process.exit', 'exit', 3],
    ['at an error that nobody catches', 'throw', 1],
  ] as const;
  for (const [when, how, status] of normal) {
    it(`are saved ${when}, and the exit code is what it was`, async () => {
      expect(runCacheJob({ folder, set: { n: 1 }, end: how })).to.include({ status, signal: null });
      expect(await saved()).to.deep.equal([['n', 1]]);
    });

    it(`are given to a synchronous saver ${when}`, () => {
      expect(runCacheJob({ folder, set: { n: 1 }, saver: 'sync', end: how })).to.include({ status });
      expect(own()).to.deep.equal([['n', 1]]);
    });
  }

  it('are given to an asynchronous saver when there is nothing left to do, which is awaited', () => {
    expect(runCacheJob({ folder, set: { n: 1 }, saver: 'async', end: 'return' })).to.include({
      status: 0,
      signal: null,
      stderr: '',
    });
    expect(own()).to.deep.equal([['n', 1]]);
  });

  it('cannot be awaited at process.exit by an asynchronous saver, and that is said', () => {
    const { status, stderr } = runCacheJob({ folder, set: { n: 1 }, saver: 'async', end: 'exit' });
    expect(status).to.equal(3);
    expect(stderr).to.match(/\[STOWAGE_CACHE_NOT_SAVED\] changes of the cache 'cache' of .*general_cache are lost/);
  });

  for (const how of ['return', 'exit'] as const) {
    it(`are given to a saver once where that ends the process, and those of other caches are saved: ${how}`, () => {
      const { status, stdout } = runCacheJob({ folder, set: { n: 1 }, saver: 'exits', end: how });
      expect(status).to.equal(7);
      expect(stdout).to.equal('saving\n');
      const other = managerIn(folder).registerCache<string, number>('other');
      expect([...other]).to.deep.equal([['n', 1]]);
    });
  }

  it('that cannot be saved are said to be lost, and keep no process from ending', () => {
    for (const how of ['return', 'exit'] as const) {
      const { status, stderr } = runCacheJob({ folder, set: { n: 1 }, saver: 'failing', end: how });
      expect(status).to.equal(how === 'exit' ? 3 : 0);
      expect(stderr).to.include('[STOWAGE_CACHE_NOT_SAVED]');
    }
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`are saved at ${signal}, which still ends the process by itself`, async () => {
      const child = await startCacheJob({ folder, set: { n: 1 }, end: 'signal' });
      expect(await signalled(child, signal)).to.deep.equal({ status: null, signal });
      expect(await saved()).to.deep.equal([['n', 1]]);
    });

    it(`are given to an asynchronous saver at ${signal}, which is awaited`, async () => {
      const child = await startCacheJob({ folder, set: { n: 1 }, saver: 'async', end: 'signal' });
      expect(await signalled(child, signal)).to.deep.equal({ status: null, signal });
      expect(own()).to.deep.equal([['n', 1]]);
    });
  }

  it('hold up a process that is signalled twice no longer', async () => {
    const child = await startCacheJob({ folder, set: { n: 1 }, saver: 'never', end: 'signal' });
    child.kill('SIGTERM');
    if (child.stdout !== null) await once(child.stdout, 'data');
    expect(await signalled(child, 'SIGTERM')).to.deep.equal({ status: null, signal: 'SIGTERM' });
  });

  it('are saved with what a listener of the program does then, whose exit code counts', async () => {
    const child = await startCacheJob({ folder, set: { n: 1 }, end: 'handled' });
    expect(await signalled(child, 'SIGTERM')).to.deep.equal({ status: 5, signal: null });
    expect(await saved()).to.deep.equal([
      ['n', 1],
      ['late', 9],
    ]);
  });

  it('are saved before a listener that ends the process where it is alone, and it is', async () => {
    const child = await startCacheJob({ folder, set: { n: 1 }, end: 'raised' });
    expect(await signalled(child, 'SIGTERM')).to.deep.equal({ status: null, signal: 'SIGTERM' });
    expect(await saved()).to.deep.equal([['n', 1]]);
  });

  it('leave no listeners behind once they are saved', () => {
    // In a process of its own: here, other specs may have changes that are not saved.
    const script = `
      import { getCacheManager } from 'stowage/manager';
      const count = () => ['SIGTERM', 'SIGINT', 'exit', 'beforeExit'].map((event) => process.listenerCount(event));
      const counts = [count()];
      const manager = getCacheManager('own', { baseFolder: ${JSON.stringify(folder)} });
      const cache = manager.registerCache('cache');
      counts.push(count());
      cache.set('n', 1);
      counts.push(count());
      await cache.save();
      counts.push(count());
      cache.set('n', 2);
      cache.invalidate();
      counts.push(count());
      manager.registerCustomCache('not persistent', { persistent: false }).set('n', 1);
      counts.push(count());
      console.log(JSON.stringify(counts));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const [before = [], registered, changed, ...after] = JSON.parse(printed) as number[][];
    expect(registered).to.deep.equal(before);
    expect(changed).to.deep.equal(before.map((n) => n + 1));
    expect(after).to.deep.equal([before, before, before]);
  });

  it('are there or not, as a whole, wherever a process is killed while it saves them', async () => {
    let step = 0;
    for (let isKilled = true; isKilled; step++) {
      folder = temporaryFolder();
      managerIn(folder).registerCache('cache', { n: 1 });
      await closeManagers();
      isKilled = runCacheJob({ folder, set: {}, end: 'kill at a step', step }).signal === 'SIGKILL';
      const contents = await saved();
      expect([1, 2], `killed at step ${step}`).to.include(contents[0]?.[1]);
      // Whoever first writes there removes what is left behind.
      if (isKilled) runCacheJob({ folder, set: { n: 3 }, end: 'return' });
      expect(filesIn(folder)).to.deep.equal(['general_cache/cache.json', 'general_cache/cache.v8']);
    }
    expect(step).to.be.above(5);
  });

  it('are never mixed with those of another process that saves the same cache', async function () {
    this.timeout(120_000);
    const stop: (() => Promise<unknown>)[] = [];
    for (const from of [0, 1_000_000]) {
      const child = await startCacheJob({ folder, set: { from }, end: 'save for ever' });
      stop.push(async () => signalled(child, 'SIGKILL'));
    }
    const seen = new Set<number>();
    const ofBoth = (): boolean => [...seen].some((n) => n < 1e6) && [...seen].some((n) => n > 1e6);
    const until = Date.now() + 100_000;
    while (Date.now() < until && !(seen.size >= 20 && ofBoth())) {
      await later(1);
      if (!existsSync(join(folder, 'general_cache', 'cache.json'))) continue;
      const contents = new Map(await saved());
      if (contents.size === 0) continue;
      expect(contents.size).to.equal(2000);
      const numbers = new Set(contents.values());
      expect(numbers.size).to.equal(1);
      for (const n of numbers) seen.add(n);
    }
    await Promise.all(stop.map(async (kill) => kill()));
    expect(ofBoth(), 'what both saved was seen').to.equal(true);
    const last = new Map(await saved());
    expect(last.size).to.equal(2000);
    expect(new Set(last.values()).size).to.equal(1);
  });

  it('that have no folder to go to are said to be lost', () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { status, stderr } = runCacheJob({ folder: blocked, set: { n: 1 }, end: 'return' });
    expect(status).to.equal(0);
    expect(stderr).to.include('[STOWAGE_CACHE_NOT_SAVED]').and.include('kept in memory');
  });
});
