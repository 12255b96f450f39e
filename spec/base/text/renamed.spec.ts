/** Programs that were written with the old names of options, properties and exports: they run as before, and hear the new ones. */
/* eslint-disable @typescript-eslint/no-deprecated -- the old names are what is tried */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, InvalidOptionError, type CacheOptions, type SetOptions } from 'stowage';
import { Cache } from 'stowage/kv';
import {
  DEFAULT_SCHEDULE,
  defaultSchedule,
  getCacheManager,
  type CacheManager,
  type CacheOptions as ManagedOptions,
  type Clock,
  type DependentsOption,
  type HookContext,
} from 'stowage/manager';
import { Bucket, DeferredWriteBucket, persist } from 'stowage/memo';
import { RLock, throttle, type ThrottleOptions, type WithinOptions, type WrapOptions } from 'stowage/recipe';
import { endAnalyses, filesIn, tagIn } from '../../support/analyses/analysis.js';
import { ManualClock } from '../../support/analyses/managers.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const IN_JAVASCRIPT = `
import { cacheOnDisk } from 'stowage';
import { Cache } from 'stowage/kv';
import { getCacheManager } from 'stowage/manager';
import { Bucket, persist } from 'stowage/memo';
import { RLock, throttle } from 'stowage/recipe';
const folder = process.argv[1];
const cache = new Cache(folder + '/kv');
class Star { flux() {} }
for (const name of ['one', 'other']) {
  cacheOnDisk({ args: 'ignore', name });
  new Bucket(folder, { backend: 'json', keyMaker: String, clock: () => 0 });
  persist(() => 1, { cache: folder, funcName: name });
  getCacheManager(name, { baseDirectory: folder });
  throttle(cache, 1, 1, { now: () => 0, sleep: () => {} });
  const lock = new RLock(cache, name);
  const hold = lock.acquire();
  lock.acquire({ within: hold }).release();
  hold.release();
}
cache.close();
`;

describe('old names', () => {
  let folder: string;
  let cache: Cache;
  let managers: CacheManager[];

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(join(folder, 'kv'));
    managers = [];
  });
  afterEach(async () => {
    cache.close();
    endAnalyses();
    for (const manager of managers) await manager.deregisterAllCaches();
  });

  /** A manager of the test's own folder. */
  function managerWith(options: Parameters<typeof getCacheManager>[1]): CacheManager {
    const manager = getCacheManager(basename(folder), options);
    managers.push(manager);
    return manager;
  }

  it('of @cacheOnDisk: args', () => {
    const ignoring: CacheOptions<[number]> = { args: 'ignore' };
    class Star {
      @cacheOnDisk(ignoring)
      once(x: number): number {
        return x * 2;
      }
      @cacheOnDisk({ args: 'key' })
      each(x: number): number {
        return x * 2;
      }
    }
    const star = tagIn(folder, new Star());
    expect(star.once(1)).to.equal(2);
    expect(star.once(2)).to.equal(2);
    expect(star.each(1)).to.equal(2);
    expect(star.each(2)).to.equal(4);
  });

  it('of a bucket: backend, keyMaker, path and a function as clock', () => {
    let time = 1_000_000;
    const bucket = new Bucket<string, number>(folder, {
      backend: 'json',
      keyMaker: (key) => key.toLowerCase(),
      lifetime: 10,
      clock: () => time,
    });
    bucket.set('Seeing', 1);
    expect(bucket.get('SEEING')).to.equal(1);
    expect(bucket.backend).to.equal('json');
    expect(bucket.path).to.equal(folder);
    const deferred = new DeferredWriteBucket(bucket, { keyMaker: (key) => key });
    expect(deferred.backend).to.equal('json');
    expect(deferred.has('SEEING')).to.equal(false);
    time += 11;
    expect(bucket.has('Seeing')).to.equal(false);
  });

  it('of persist: funcName', () => {
    persist((x: number) => x, { cache: folder, funcName: 'power' })(1);
    expect(filesIn(folder).some((file) => file.startsWith('power'))).to.equal(true);
  });

  it('of managers and their caches: baseDirectory and directory, also in hooks, with the old types', async () => {
    const clock: Clock = new ManualClock();
    const manager = managerWith({ baseDirectory: folder, clock });
    expect(manager.baseDirectory).to.equal(folder);
    expect(manager.directory).to.equal(manager.folder);
    const seen: string[] = [];
    const note = (_name: string, { directory }: HookContext): undefined => void seen.push(directory);
    const options: ManagedOptions<string, number> = { loader: note, builder: note, deleter: note };
    const all: DependentsOption = { dependents: true };
    const raw = manager.registerCustomCache('raw', {
      ...options,
      saver: (_name, _contents, { directory }) => seen.push(directory),
      schedule: defaultSchedule,
    });
    expect(raw.directory).to.equal(manager.folder);
    raw.set('n', 1);
    await raw.save(all);
    await raw.deleteSaved();
    expect(seen).to.deep.equal(Array.from({ length: 4 }, () => manager.folder));
    expect(defaultSchedule).to.equal(DEFAULT_SCHEDULE);
  });

  it('of throttle: now and sleep, and sleep beside the clock of this computer', () => {
    let time = 1000;
    const waits: number[] = [];
    const sleep = (seconds: number): void => {
      waits.push(seconds);
      time += seconds;
    };
    const named: WrapOptions = { name: 'shared' };
    const call = throttle(cache, 1, 2, { ...named, now: () => time, sleep })(() => time);
    expect(call()).to.equal(1000);
    expect(call()).to.equal(1002);
    throttle(cache, 1, { milliseconds: 1 }, { name: 'alone', sleep })(() => time)();
    expect(waits).to.deep.equal([2]);
  });

  it('of an RLock: within', () => {
    const lock = new RLock(cache, 'lock');
    const hold = lock.acquire();
    const again: WithinOptions = { within: hold };
    lock.acquire(again).release();
    expect(lock.run(() => lock.locked(), again)).to.equal(true);
    hold.release();
    expect(lock.locked()).to.equal(false);
  });

  it('of types: SetOptions', () => {
    const options: SetOptions = {};
    expect(options).to.deep.equal({});
  });

  it('beside the new ones are refused', () => {
    const now = (): number => 0;
    const hold = new RLock(cache, 'lock').acquire();
    const mixed: ThrottleOptions = { now, clock: { now } };
    const attempts: [old: string, attempt: () => unknown][] = [
      ['args', () => cacheOnDisk({ args: 'key', ignore: 'arguments' })],
      ['backend', () => new Bucket(folder, { backend: 'json', codec: 'json' })],
      ['keyMaker', () => new Bucket(folder, { keyMaker: String, key: String })],
      ['funcName', () => persist(now, { cache: folder, funcName: 'now', name: 'now' })],
      ['baseDirectory', () => managerWith({ baseDirectory: folder, baseFolder: folder })],
      ['now', () => throttle(cache, 1, 1, mixed)],
      ['sleep', () => throttle(cache, 1, 1, { sleep: now, clock: { now } })],
      ['within', () => new RLock(cache, 'lock').acquire({ within: hold, hold })],
    ];
    for (const [old, attempt] of attempts) expect(attempt, old).to.throw(InvalidOptionError, `${old} is the old name`);
    hold.release();
  });

  it('with what they never meant are refused', () => {
    expect(() => cacheOnDisk({ args: 'all' as 'ignore' })).to.throw(InvalidOptionError, "must be 'arguments', not all");
    expect(() => new Bucket(folder, { keyMaker: 'no' as never })).to.throw(
      InvalidOptionError,
      'key must be a function',
    );
  });

  it('are said once a process, with the new ones', () => {
    const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', IN_JAVASCRIPT, folder], {
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    const said = [...stderr.matchAll(/\[STOWAGE_RENAMED\] StowageWarning: (.*?);/g)].map(([, text]) => text);
    expect(said).to.deep.equal([
      "@cacheOnDisk: the option args has become ignore: 'arguments'",
      'Bucket: the option backend has become codec',
      'Bucket: the option keyMaker has become key',
      'Bucket: the option clock: () => seconds has become clock: { now: () => seconds }',
      'persist: the option funcName has become name',
      "the manager 'one': the option baseDirectory has become baseFolder",
      'throttle: the option now has become clock.now',
      'throttle: the option sleep has become clock.sleep',
      'RLock: the option within has become hold',
    ]);
  });
});
