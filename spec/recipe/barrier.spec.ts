import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { barrier, BoundedSemaphore, DeadlockError, Lock, RLock, type MakeLock } from 'stowage/recipe';
import { rejection } from '../support/values/rejection.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('barrier', () => {
  let cache: Cache;
  let inside: number;
  let most: number;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    inside = 0;
    most = 0;
  });
  afterEach(() => {
    cache.close();
  });

  async function work(number: number): Promise<number> {
    most = Math.max(most, ++inside);
    await turn();
    inside--;
    return number;
  }

  const three: MakeLock = (...[store, key, options]) => new BoundedSemaphore(store, key, { ...options, value: 3 });
  const factories = { Lock: [Lock, 1], RLock: [RLock, 1], 'a BoundedSemaphore of three': [three, 3] } as const;
  for (const [name, [factory, atOnce]] of Object.entries(factories)) {
    it(`lets ${atOnce} call${atOnce > 1 ? 's' : ''} of an async function run at once with ${name}`, async () => {
      const guarded = barrier(cache, factory)(work);
      expect(await Promise.all([1, 2, 3, 4, 5, 6].map(guarded))).to.deep.equal([1, 2, 3, 4, 5, 6]);
      expect(most).to.equal(atOnce);
    });
  }

  it('holds the lock of its name while a function runs, whatever comes of it', () => {
    const lock = new Lock(cache, 'job');
    const guarded = barrier(cache, Lock, { name: 'job', expire: 60, tag: 'jobs' })((fails: boolean) => {
      expect(cache.getItem('job')?.tag).to.equal('jobs');
      if (fails) throw new Error('inside');
      return lock.locked();
    });
    expect(guarded(false)).to.equal(true);
    expect(() => guarded(true)).to.throw('inside');
    expect(lock.locked()).to.equal(false);
  });

  it('lets a function call itself with an RLock, and not with a Lock', async () => {
    const climb = async (depth: number): Promise<number> => (depth === 0 ? 0 : 1 + (await again(depth - 1)));
    const again = barrier(cache, RLock, { name: 'climb' })(climb);
    expect(await again(4)).to.equal(4);
    const down = (depth: number): number => (depth === 0 ? 0 : 1 + stuck(depth - 1));
    const stuck = barrier(cache, Lock, { name: 'down' })(down);
    expect(() => stuck(1)).to.throw(DeadlockError);
    expect(new Lock(cache, 'down').locked()).to.equal(false);
  });

  it('waits without blocking for a function that is not declared async, where it is told to', async () => {
    const guarded = barrier(cache, Lock, { name: 'work', async: true })((number: number) => work(number));
    expect(await Promise.all([1, 2, 3].map(guarded))).to.deep.equal([1, 2, 3]);
    expect(most).to.equal(1);
    const failing = barrier(cache, Lock, { name: 'failing', async: true })(() => {
      throw new Error('inside');
    });
    expect((await rejection(failing() as Promise<unknown>)).message).to.equal('inside');
  });

  it('hands on this, and keeps the name of the function, which is that of the lock', () => {
    const scale = {
      by: 3,
      times: barrier(
        cache,
        Lock,
      )(function times(this: { by: number }, number: number) {
        return cache.has('times') ? this.by * number : NaN;
      }),
    };
    expect(scale.times(4)).to.equal(12);
    expect(scale.times.name).to.equal('times');
    expect(() => barrier(cache, Lock)(() => undefined)).to.throw(InvalidOptionError, 'name');
  });
});
