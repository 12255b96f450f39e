import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { BoundedSemaphore, DeadlockError, LockTimeoutError, NotOwnedError, WrongItemError } from 'stowage/recipe';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('BoundedSemaphore', () => {
  let cache: Cache;
  let semaphore: BoundedSemaphore;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    semaphore = new BoundedSemaphore(cache, 'connections', { value: 2 });
  });
  afterEach(() => {
    cache.close();
  });

  it('gives as many permits as it has, and each again that is given back', () => {
    semaphore.acquire();
    const second = semaphore.acquire();
    expect(semaphore.locked()).to.equal(true);
    expect(() => semaphore.acquire({ timeout: 0.01 })).to.throw(LockTimeoutError);
    second.release();
    expect(semaphore.locked()).to.equal(false);
    expect(semaphore.run(() => semaphore.locked())).to.equal(true);
    semaphore.release();
    expect(cache.get('connections')).to.equal(2);
  });

  it('has one permit, unless told', () => {
    const one = new BoundedSemaphore(cache, 'one');
    one.acquire();
    expect(() => one.acquire({ timeout: 0 })).to.throw(LockTimeoutError);
  });

  it('stores how many are left, as Python does', () => {
    new BoundedSemaphore(cache, 'tagged', { value: 5, expire: 60, tag: 'permits' }).acquire();
    expect(cache.getItem('tagged')).to.include({ value: 4, tag: 'permits' });
  });

  it('never has more calls at once than permits', async () => {
    let inside = 0;
    let most = 0;
    const call = async (): Promise<unknown> =>
      semaphore.runAsync(async () => {
        most = Math.max(most, ++inside);
        await turn();
        inside--;
      });
    await Promise.all(Array.from({ length: 8 }, call));
    expect(most).to.equal(2);
    expect(cache.get('connections')).to.equal(2);
  });

  it('whose permits this thread all holds for good cannot be waited for as long as it takes', () => {
    semaphore.acquire();
    const second = semaphore.acquire();
    expect(() => semaphore.acquire()).to.throw(DeadlockError);
    second.release();
    semaphore.acquire();
  });

  it('gives back no more than was acquired', () => {
    expect(() => {
      semaphore.release();
    }).to.throw(NotOwnedError);
    const hold = semaphore.acquire();
    hold.release();
    expect(() => {
      hold.release();
    }).to.throw(NotOwnedError, 'already');
    expect(cache.get('connections')).to.equal(2);
  });

  it('gives back nothing that somebody removed', () => {
    const hold = semaphore.acquire();
    cache.clear();
    expect(() => {
      hold.release();
    }).to.throw(NotOwnedError, 'somebody removed it');
    expect(cache.has('connections')).to.equal(false);
  });

  it('has all permits again when its time has passed, and never more', () => {
    const lost = new BoundedSemaphore(cache, 'one', { expire: 0.03 }).acquire();
    const one = new BoundedSemaphore(cache, 'one', { expire: 60 });
    const hold = one.acquire();
    expect(() => {
      lost.release();
    }).to.throw(NotOwnedError, 'its time had expired');
    expect(cache.get('one')).to.equal(0);
    hold.release();
    expect(cache.get('one')).to.equal(1);
  });

  it('is not mistaken for the item of something else', () => {
    cache.set('connections', 'many');
    expect(() => semaphore.acquire()).to.throw(WrongItemError, "'connections' in ");
  });

  it('of a number of permits that is none is refused at once', () => {
    for (const value of [0, -1, 1.5, NaN, '3' as unknown as number]) {
      expect(() => new BoundedSemaphore(cache, 'connections', { value }), String(value)).to.throw(
        InvalidOptionError,
        'value',
      );
    }
  });
});
