import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { InvalidOptionError } from 'stowage';
import { Cache, TimeoutError } from 'stowage/kv';
import { DeadlockError, Lock, LockTimeoutError, NotOwnedError, WrongItemError } from 'stowage/recipe';
import { lockDatabase } from '../../support/peers/database-lock.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('Lock', () => {
  let cache: Cache;
  let lock: Lock;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    lock = new Lock(cache, 'report');
  });
  afterEach(() => {
    cache.close();
  });

  describe('held', () => {
    it('is locked until it is released', () => {
      expect(lock.locked()).to.equal(false);
      const hold = lock.acquire();
      expect(lock.locked()).to.equal(true);
      expect(new Lock(cache, 'report').locked()).to.equal(true);
      expect(new Lock(cache, 'other').locked()).to.equal(false);
      hold.release();
      expect(lock.locked()).to.equal(false);
    });

    it('is stored as null, as Python does, with its expire time and tag', () => {
      lock.acquire();
      expect(cache.getItem('report')).to.deep.equal({ value: null, expireTime: undefined, tag: undefined });
      const before = Date.now() / 1000;
      new Lock(cache, ['a', 1], { expire: { minutes: 1 }, tag: 'locks' }).acquire();
      const item = cache.getItem(['a', 1]);
      expect(item).to.include({ value: null, tag: 'locks' });
      // The cache's clock runs a few microseconds ahead within a millisecond.
      expect(item?.expireTime).to.be.within(before + 60, (Date.now() + 1) / 1000 + 60);
    });

    it('is released at the end of a block by using, also when the block throws', () => {
      expect(() => {
        using _hold = lock.acquire();
        expect(lock.locked()).to.equal(true);
        throw new Error('in the block');
      }).to.throw('in the block');
      expect(lock.locked()).to.equal(false);
    });

    it('may be released before the end of the block', () => {
      {
        using hold = lock.acquire();
        hold.release();
        lock.acquire();
      }
      expect(lock.locked()).to.equal(true);
    });

    it('is held while run calls a function, and no longer, whatever comes of it', () => {
      expect(lock.run(() => lock.locked())).to.equal(true);
      expect(lock.locked()).to.equal(false);
      expect(() =>
        lock.run(() => {
          throw new Error('inside');
        }),
      ).to.throw('inside');
      expect(lock.locked()).to.equal(false);
    });

    it('is held until a promise is settled that the function of run returns', async () => {
      const promise = lock.run(async () => {
        await turn();
        return lock.locked();
      });
      expect(lock.locked()).to.equal(true);
      expect(await promise).to.equal(true);
      expect(lock.locked()).to.equal(false);
      const failing = lock.run(async () => {
        await turn();
        throw new Error('late');
      });
      expect((await rejection(failing)).message).to.equal('late');
      expect(lock.locked()).to.equal(false);
    });

    it('is held while runAsync calls a function, and no longer, whatever comes of it', async () => {
      expect(await lock.runAsync(() => lock.locked())).to.equal(true);
      expect(lock.locked()).to.equal(false);
      expect(
        (
          await rejection(
            lock.runAsync(() => {
              throw new Error('inside');
            }),
          )
        ).message,
      ).to.equal('inside');
      expect(lock.locked()).to.equal(false);
    });
  });

  describe('taken', () => {
    it('is waited for until the timeout', () => {
      lock.acquire();
      expect(() => lock.acquire({ timeout: 0 })).to.throw(LockTimeoutError, "'report' in ");
      const start = performance.now();
      expect(() => new Lock(cache, 'report').acquire({ timeout: 0.05 })).to.throw(
        TimeoutError,
        'stayed taken by others for 50 ms',
      );
      expect(performance.now() - start).to.be.at.least(49);
    });

    it('or a database that others hold, is no reason for the thread to stand still', async () => {
      // Opening waits for others, however long.
      lock.locked();
      const start = performance.now();
      let database = lockDatabase(cache.directory);
      const release = (): void => {
        database[Symbol.dispose]();
      };
      setTimeout(release, 20);
      const give = async (): Promise<void> => {
        database = lockDatabase(cache.directory);
        setTimeout(release, 20);
        await Promise.resolve();
      };
      await lock.runAsync(give);
      expect(lock.locked()).to.equal(false);
      database = lockDatabase(cache.directory);
      expect(() => lock.acquire({ timeout: 0.02 })).to.throw(LockTimeoutError);
      release();
      // The cache's own timeout is a minute.
      expect(performance.now() - start).to.be.below(20_000);
    });

    it('by the same thread for good cannot be waited for as long as it takes', () => {
      const hold = lock.acquire();
      expect(() => lock.acquire()).to.throw(DeadlockError, 'acquireAsync');
      expect(() => lock.run(() => 'never')).to.throw(DeadlockError);
      expect(() => new Lock(new Cache(cache.directory), 'report', { expire: 60 }).acquire()).to.throw(DeadlockError);
      hold.release();
      lock.acquire().release();
    });

    it('by the same thread for some time can', () => {
      const first = new Lock(cache, 'report', { expire: 0.05 }).acquire();
      lock.acquire().release();
      expect(() => {
        first.release();
      }).to.throw(NotOwnedError);
    });

    it('is waited for without blocking the thread', async () => {
      const hold = lock.acquire();
      let turns = 0;
      const waiting = lock.acquireAsync();
      while (turns < 10) {
        await turn();
        turns++;
      }
      hold.release();
      (await waiting).release();
      expect(turns).to.equal(10);
    });

    it('is given to those who wait through one object in the order in which they came', async () => {
      const hold = lock.acquire();
      const order: number[] = [];
      const all = [0, 1, 2, 3, 4].map(async (number) => lock.runAsync(() => void order.push(number)));
      hold.release();
      await Promise.all(all);
      expect(order).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it('is given to one at a time, whichever object they wait through', async () => {
      let inside = 0;
      let total = 0;
      const one = async (): Promise<void> =>
        new Lock(cache, 'report').runAsync(async () => {
          expect(++inside).to.equal(1);
          await turn();
          inside--;
          total++;
        });
      await Promise.all(Array.from({ length: 8 }, one));
      expect(total).to.equal(8);
    });

    it('is not waited for any more when the signal comes, and who waits behind has the turn', async () => {
      const hold = lock.acquire();
      const controller = new AbortController();
      const first = lock.acquireAsync({ signal: controller.signal });
      const second = lock.acquireAsync();
      controller.abort(new Error('closing time'));
      expect((await rejection(first)).message).to.equal('closing time');
      hold.release();
      (await second).release();
      expect((await rejection(lock.acquireAsync({ signal: controller.signal }))).message).to.equal('closing time');
      expect(lock.locked()).to.equal(false);
    });

    it('is not waited for any more after the timeout, in line too', async () => {
      lock.acquire();
      const failures = await Promise.all([
        rejection(lock.acquireAsync({ timeout: 0.03 })),
        rejection(lock.acquireAsync({ timeout: { milliseconds: 10 } })),
        rejection(lock.acquireAsync({ timeout: 0 })),
      ]);
      for (const failure of failures) expect(failure).to.be.instanceOf(LockTimeoutError);
    });
  });

  it('is not mistaken for the item of something else, which nobody would release', () => {
    cache.set('report', 'text');
    expect(() => lock.acquire()).to.throw(WrongItemError, "'report' in ");
    expect(cache.get('report')).to.equal('text');
  });

  describe('with expire', () => {
    it('that has passed is free, and the first owner cannot release the next one', () => {
      const short = new Lock(cache, 'report', { expire: 0.03 });
      const long = new Lock(cache, 'report', { expire: 60 });
      const lost = short.acquire();
      const hold = long.acquire();
      expect(() => {
        lost.release();
      }).to.throw(NotOwnedError, 'its time had expired');
      expect(long.locked()).to.equal(true);
      hold.release();
      expect(long.locked()).to.equal(false);
    });

    it('that has passed is not lost on an owner through the same object', () => {
      const short = new Lock(cache, 'report', { expire: 0.03 });
      short.acquire();
      short.acquire();
      expect(() => {
        short.release();
      }, 'the first').to.throw(NotOwnedError);
      expect(() => {
        short.release();
      }, 'the second, which has expired or not').to.satisfy(releasesOrSaysWhy);
      expect(() => {
        short.release();
      }).to.throw(NotOwnedError, 'not acquired through this object');
    });

    it('that has passed is an error at the end of run, unless the function has failed', () => {
      const brief = new Lock(cache, 'brief', { expire: 0.001 });
      const outlive = (): void => {
        lock.run(() => {
          new Lock(cache, 'brief').acquire().release();
        });
      };
      expect(() => {
        brief.run(outlive);
      }).to.throw(NotOwnedError);
      expect(() =>
        brief.run(() => {
          outlive();
          throw new Error('inside');
        }),
      ).to.throw('inside');
    });

    it('of nothing, or of what is no time, is refused at once', () => {
      for (const expire of [0, -1, NaN, 'soon' as unknown as number]) {
        expect(() => new Lock(cache, 'report', { expire }), String(expire)).to.throw(InvalidOptionError, 'expire');
      }
      expect(() => lock.acquire({ timeout: -1 })).to.throw(InvalidOptionError, 'timeout');
      expect(lock.locked()).to.equal(false);
    });
  });

  describe('released', () => {
    it('without being acquired is an error', () => {
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError, "'report' in ");
      new Lock(cache, 'report').acquire();
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError);
      expect(lock.locked()).to.equal(true);
    });

    it('twice is an error', () => {
      const hold = lock.acquire();
      hold.release();
      expect(() => {
        hold.release();
      }).to.throw(NotOwnedError, 'already');
      lock.acquire();
      lock.release();
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError);
    });

    it('after somebody has removed the item is an error', () => {
      const hold = lock.acquire();
      cache.clear();
      expect(() => {
        hold.release();
      }).to.throw(NotOwnedError, 'somebody removed it');
      const another = lock.acquire();
      cache.clear();
      new Lock(cache, 'report', { expire: 60 }).acquire();
      expect(() => {
        another.release();
      }).to.throw(NotOwnedError);
      expect(lock.locked()).to.equal(true);
    });
  });
});

function releasesOrSaysWhy(release: () => void): boolean {
  try {
    release();
    return true;
  } catch (error) {
    return error instanceof NotOwnedError && error.message.includes('expired');
  }
}
