import { expect } from 'chai';
import { FanoutCache } from 'stowage/kv';
import {
  Averager,
  barrier,
  BoundedSemaphore,
  Lock,
  LockTimeoutError,
  memoizeStampede,
  NotOwnedError,
  RLock,
  throttle,
} from 'stowage/recipe';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('recipes over a FanoutCache', () => {
  let cache: FanoutCache;

  beforeEach(() => {
    cache = new FanoutCache(temporaryFolder(), { shards: 3 });
  });
  afterEach(() => {
    expect(cache.check({ retry: true })).to.deep.equal([]);
    cache.close();
  });

  for (const Class of [Lock, RLock, BoundedSemaphore]) {
    it(`${Class.name} excludes, expires, and tells who has lost it`, async () => {
      const lock = new Class(cache, 'shared');
      const hold = await lock.acquireAsync();
      expect(() => new Class(cache, 'shared').acquire({ timeout: 0.01 })).to.throw(LockTimeoutError);
      hold.release();
      const lost = await new Class(cache, 'shared', { expire: 0.03 }).acquireAsync();
      const next = await new Class(cache, 'shared', { expire: 60 }).acquireAsync();
      expect(() => {
        lost.release();
      }).to.throw(NotOwnedError);
      expect(lock.locked()).to.equal(true);
      next.release();
      expect(await lock.runAsync(() => lock.locked())).to.equal(true);
    });
  }

  it('the others do what they do over a Cache', () => {
    const averager = new Averager(cache, 'latency');
    averager.add(1);
    averager.add(2);
    expect(averager.pop()).to.equal(1.5);
    const double = (number: number): number => 2 * number;
    expect(throttle(cache, 1, 0.001, { name: 'throttle' })(double)(2)).to.equal(4);
    expect(barrier(cache, Lock)(double)(2)).to.equal(4);
    const remembered = memoizeStampede(cache, 60)(double);
    expect(remembered(2)).to.equal(4);
    expect(remembered(2)).to.equal(4);
    expect(cache.get(remembered.cacheKey(2)))
      .to.be.an('array')
      .with.property('0', 4);
  });
});
