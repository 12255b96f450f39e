import { expect } from 'chai';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from 'stowage/kv';
import { LockTimeoutError, NotOwnedError } from 'stowage/recipe';
import { LockPeer } from '../support/children/lock-peer.js';
import { makeLock, type LockJob } from '../support/children/lock-job.js';
import { requireDiskcache } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KINDS = ['Lock', 'RLock', 'BoundedSemaphore'] as const;

/** Starts all at once, and waits for them. */
async function work(...peers: LockPeer[]): Promise<void> {
  await Promise.all(peers.map(async (peer) => peer.says('ready')));
  for (const peer of peers) peer.goOn();
  await Promise.all(peers.map(async (peer) => peer.done()));
}

describe('locks between processes', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(join(folder, 'cache'));
  });
  afterEach(() => {
    expect(cache.check()).to.deep.equal([]);
    cache.close();
  });

  /** A file that all add to. */
  function counter(): string {
    const file = join(folder, 'count');
    writeFileSync(file, '0');
    return file;
  }

  function job(kind: LockJob['kind'], task: LockJob['task'], more: Partial<LockJob> = {}): LockJob {
    return { directory: cache.directory, kind, key: 'shared', task, rounds: 20, ...more };
  }

  for (const kind of KINDS) {
    it(`${kind}: processes and threads that add to a number in a file lose nothing`, async () => {
      const place = counter();
      const counting = job(kind, 'count', { place, threads: 1 });
      await work(LockPeer.node(counting), LockPeer.node(counting));
      expect(readFileSync(place, 'utf8')).to.equal('80');
    });

    it(`${kind}: processes of Node.js and Python that add to a number in a file lose nothing`, async function () {
      const python = requireDiskcache(this, 'locks shared with Python');
      const place = counter();
      const counting = job(kind, 'count', { place });
      await work(LockPeer.node(counting), LockPeer.python(python, counting), LockPeer.python(python, counting));
      expect(readFileSync(place, 'utf8')).to.equal('60');
    });

    it(`${kind}: what Python holds, nobody acquires here until it is released`, async function () {
      const python = requireDiskcache(this, 'locks held by Python');
      await using peer = LockPeer.python(python, job(kind, 'hold'));
      await peer.says('held');
      const lock = makeLock(job(kind, 'hold'));
      expect(lock.locked()).to.equal(true);
      expect(() => lock.acquire({ timeout: 0.01 })).to.throw(LockTimeoutError);
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError);
      const waiting = lock.acquireAsync();
      peer.goOn();
      await waiting;
      await peer.says('released');
      await peer.done();
      lock.release();
    });

    it(`${kind}: what is held here, Python does not acquire until it is released`, async function () {
      const python = requireDiskcache(this, 'locks held against Python');
      const lock = makeLock(job(kind, 'hold'));
      const hold = lock.acquire();
      await using peer = LockPeer.python(python, job(kind, 'hold'));
      await peer.says('waiting');
      expect(lock.locked()).to.equal(true);
      hold.release();
      await peer.says('held');
      expect(() => lock.acquire({ timeout: 0 })).to.throw(LockTimeoutError);
      peer.goOn();
      await peer.done();
      expect(lock.locked()).to.equal(false);
    });

    it(`${kind}: what a killed process held is free when its time has expired, and not before`, async () => {
      const start = Date.now() / 1000;
      await using peer = LockPeer.node(job(kind, 'hold', { expire: 0.5 }));
      await peer.says('held');
      const expires = cache.getItem('shared')?.expireTime ?? start + 0.5;
      await peer.kill();
      const hold = makeLock(job(kind, 'hold', { expire: 60 })).acquire({ timeout: 20 });
      expect(Date.now() / 1000).to.be.at.least(expires);
      hold.release();
    });
  }

  it('BoundedSemaphore: no more are in at once than it has permits, in Node.js and Python together', async function () {
    const python = requireDiskcache(this, 'a semaphore shared with Python');
    mkdirSync(join(folder, 'place', 'in'), { recursive: true });
    const entering = job('BoundedSemaphore', 'enter', { value: 3, rounds: 40, place: join(folder, 'place') });
    await work(
      LockPeer.node({ ...entering, threads: 1 }),
      LockPeer.node({ ...entering, threads: 1 }),
      LockPeer.python(python, entering),
      LockPeer.python(python, entering),
    );
    const together = readdirSync(join(folder, 'place')).filter((name) => name.startsWith('together-'));
    expect(together).to.not.be.empty;
    expect(['together-1', 'together-2', 'together-3']).to.include.members(together);
    expect(cache.get('shared')).to.equal(3);
  });
});
