import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import {
  BoundedSemaphore,
  DeadlockError,
  Lock,
  LockTimeoutError,
  NotOwnedError,
  RLock,
  WrongItemError,
  type Hold,
} from 'stowage/recipe';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('RLock', () => {
  let cache: Cache;
  let lock: RLock;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    lock = new RLock(cache, 'user');
  });
  afterEach(() => {
    cache.close();
  });

  const count = (key: unknown = 'user'): unknown => cache.get<[string, number]>(key)?.[1];

  describe('in synchronous code', () => {
    it('is entered again, and free when it has been left as often', () => {
      lock.acquire();
      lock.acquire();
      lock.release();
      expect(lock.locked()).to.equal(true);
      lock.run(() => {
        expect(count()).to.equal(2);
      });
      lock.release();
      expect(lock.locked()).to.equal(false);
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError);
    });

    it('is entered again through another object, by using and by run', () => {
      using _outer = lock.acquire();
      const again = new RLock(new Cache(cache.directory), 'user');
      {
        using _inner = again.acquire();
        expect(again.run(() => lock.run(count))).to.equal(4);
      }
      expect(count()).to.equal(1);
    });

    it('may be entered again within run, whichever lock that is of', () => {
      const other = new RLock(cache, 'other');
      other.run(() => {
        using _hold = lock.acquire();
        lock.run(() => {
          other.run(() => {
            expect(count('user')).to.equal(2);
            expect(count('other')).to.equal(2);
          });
        });
      });
      expect(count('user')).to.equal(0);
      expect(count('other')).to.equal(0);
    });

    it('that runs between two awaits is one owner, and another one after that', async () => {
      const hold = lock.acquire();
      lock.acquire().release();
      await turn();
      expect(() => lock.acquire()).to.throw(DeadlockError);
      expect(() => lock.acquire({ timeout: 0.01 })).to.throw(LockTimeoutError);
      lock.acquire({ hold }).release();
      hold.release();
      lock.acquire().release();
    });

    it('is asynchronous code too, as long as it lasts', async () => {
      using _hold = lock.acquire();
      const inner = lock.runAsync(async () => {
        await turn();
        return count();
      });
      expect(count()).to.equal(2);
      expect(await inner).to.equal(2);
    });
  });

  describe('in one asynchronous flow', () => {
    it('is entered again over awaits, however deep', async () => {
      const deep = async (depth: number): Promise<unknown> => {
        await turn();
        return lock.runAsync(() => (depth === 0 ? count() : deep(depth - 1)));
      };
      expect(await lock.runAsync(async () => deep(3))).to.equal(5);
      expect(lock.locked()).to.equal(false);
    });

    it('is entered again synchronously', async () => {
      await lock.runAsync(async () => {
        await turn();
        using _hold = lock.acquire();
        await turn();
        expect(lock.run(count)).to.equal(3);
      });
      expect(lock.locked()).to.equal(false);
    });

    it('is entered again by branches that begin in it', async () => {
      await lock.runAsync(async () => {
        const branch = async (): Promise<unknown> => lock.runAsync(turn);
        await Promise.all([branch(), branch(), branch()]);
      });
      expect(lock.locked()).to.equal(false);
    });

    it('is entered again though others wait in line', async () => {
      const order: string[] = [];
      const gate = new Gate();
      const inFlow = lock.runAsync(async () => {
        await gate.opened;
        await lock.runAsync(() => order.push('inner'));
      });
      const other = lock.runAsync(() => order.push('other'));
      gate.open();
      await Promise.all([inFlow, other]);
      expect(order).to.deep.equal(['inner', 'other']);
    });

    it('is entered again with what was acquired, outside of run', async () => {
      const hold = await lock.acquireAsync();
      const again = await lock.acquireAsync({ hold });
      expect(count()).to.equal(2);
      await lock.runAsync(
        async () => {
          await turn();
          using _inner = lock.acquire();
          expect(count()).to.equal(4);
        },
        { hold: again },
      );
      again.release();
      hold.release();
      expect(lock.locked()).to.equal(false);
      const notOurs = new Lock(cache, 'other').acquire();
      expect((await rejection(lock.acquireAsync({ hold: notOurs }))).message).to.contain('hold');
      expect(() => lock.acquire({ hold: null as unknown as Hold })).to.throw(InvalidOptionError);
    });
  });

  describe('for everybody else', () => {
    it('is taken: flows of one thread never meet in it', async () => {
      let inside = 0;
      let total = 0;
      const flow = async (): Promise<void> =>
        lock.runAsync(async () => {
          expect(++inside).to.equal(1);
          await turn();
          await lock.runAsync(turn);
          inside--;
          total++;
        });
      await Promise.all(Array.from({ length: 6 }, flow));
      expect(total).to.equal(6);
    });

    it('is taken: who acquires without run is somebody new each time', async () => {
      const one = async (): Promise<Hold> => lock.acquireAsync({ timeout: 0.02 });
      const results = await Promise.allSettled([one(), one(), one()]);
      expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'rejected']);
      lock.release();
      expect(lock.locked()).to.equal(false);
    });

    it('is taken: a synchronous wait for a flow of the same thread ends at once, or at its timeout', async () => {
      const gate = new Gate();
      const flow = lock.runAsync(async () => gate.opened);
      expect(() => lock.acquire()).to.throw(DeadlockError, 'runAsync');
      expect(() => lock.run(() => 'never')).to.throw(DeadlockError);
      expect(() => lock.acquire({ timeout: 0.01 })).to.throw(LockTimeoutError);
      gate.open();
      await flow;
      lock.acquire().release();
    });

    it('is taken: a synchronous wait ends at once only where the lock does not expire', async () => {
      const forGood = await lock.acquireAsync();
      expect(() => new RLock(cache, 'user', { expire: 60 }).acquire()).to.throw(DeadlockError);
      forGood.release();
      const brief = await new RLock(cache, 'user', { expire: 0.03 }).acquireAsync();
      lock.acquire().release();
      expect(() => {
        brief.release();
      }).to.throw(NotOwnedError);
    });

    it('is taken: the flow that called is not the one that it called', async () => {
      const gate = new Gate();
      // Acquired before its first await, that is in the same synchronous stretch as what follows here.
      const called = lock.runAsync(async () => gate.opened);
      expect(() => lock.acquire({ timeout: 0 })).to.throw(LockTimeoutError);
      expect(await rejection(lock.acquireAsync({ timeout: 0 }))).to.be.instanceOf(LockTimeoutError);
      expect(await rejection(lock.runAsync(turn, { timeout: 0 }))).to.be.instanceOf(LockTimeoutError);
      gate.open();
      await called;
    });

    it('is taken: what a flow left behind is no longer the flow when that is over', async () => {
      const over = new Gate();
      let left: Promise<Error> | undefined;
      await lock.runAsync(async () => {
        await turn();
        left = (async () => {
          await over.opened;
          return rejection(lock.acquireAsync({ timeout: 0 }));
        })();
      });
      await lock.runAsync(async () => {
        over.open();
        expect(await left).to.be.instanceOf(LockTimeoutError);
      });
    });

    it('cannot be released', async () => {
      const gate = new Gate();
      const flow = lock.runAsync(async () => gate.opened);
      expect(() => {
        lock.release();
      }).to.throw(NotOwnedError);
      const other = new RLock(cache, 'other');
      await other.runAsync(() => {
        expect(() => {
          lock.release();
        }).to.throw(NotOwnedError);
      });
      expect(count()).to.equal(1);
      gate.open();
      await flow;
    });
  });

  describe('as it is stored', () => {
    it('is a pair of owner and count, and stays so with the count 0', () => {
      const tagged = new RLock(cache, 'user', { expire: 60, tag: 'locks' });
      tagged.acquire();
      const owner = cache.get<[string, number]>('user')?.[0];
      expect(owner).to.match(new RegExp(`^${process.pid}-0@.+/[0-9a-f]{16}\\.\\d+$`));
      expect(cache.getItem('user')).to.deep.include({ value: [owner, 1], tag: 'locks' });
      tagged.release();
      expect(cache.getItem('user')?.value).to.deep.equal([owner, 0]);
    });

    it('names another owner than a process of the same number did', () => {
      cache.set('user', [`${process.pid}-0`, 1]);
      expect(() => lock.acquire({ timeout: 0 })).to.throw(LockTimeoutError);
      cache.set('user', [`${process.pid}-0`, 0]);
      lock.acquire().release();
    });

    it('is not mistaken for the item of something else', () => {
      for (const value of [null, 'owner', 1, ['owner'], ['owner', 'count'], ['owner', 1, 2], { 0: 'owner', 1: 1 }]) {
        cache.set('user', value);
        expect(() => lock.acquire({ timeout: 0 }), JSON.stringify(value)).to.throw(WrongItemError, "'user' in ");
        expect(cache.get('user')).to.deep.equal(value);
      }
      new BoundedSemaphore(cache, 'permits').acquire();
      expect(() => new RLock(cache, 'permits').locked()).to.throw(WrongItemError);
    });
  });

  describe('with expire', () => {
    it('that has passed is free, and the first owner cannot release the next one', async () => {
      const lost = await new RLock(cache, 'user', { expire: 0.03 }).acquireAsync();
      const hold = new RLock(cache, 'user', { expire: 60 }).acquire();
      expect(() => {
        lost.release();
      }).to.throw(NotOwnedError, 'its time had expired');
      expect(lock.locked()).to.equal(true);
      hold.release();
      expect(lock.locked()).to.equal(false);
    });

    it('counts again from each time that it is entered or left', () => {
      const minute = new RLock(cache, 'user', { expire: 60 });
      const day = new RLock(cache, 'user', { expire: { days: 1 } });
      const left = (): number => (cache.getItem('user')?.expireTime ?? Infinity) - Date.now() / 1000;
      minute.acquire();
      expect(left()).to.be.below(61);
      day.acquire();
      expect(left()).to.be.above(86_000);
      minute.release();
      expect(left()).to.be.below(61);
    });
  });
});

/** What is waited for until it is opened. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}
