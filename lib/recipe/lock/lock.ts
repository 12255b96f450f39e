import { CacheLock, type Candidate } from './cache-lock.js';
import { WrongItemError } from '../base/errors.js';
import { timesHeld, type Hold } from './hold.js';
import { ONE_TRY } from '../base/one-try.js';

/**
 * A lock that one at a time holds: between processes, threads and calls, and Python's `diskcache.Lock` of the same key.
 *
 * Its holder is the code that has what {@link acquire} returned. It cannot be entered again, not even by its holder
 * (see RLock). With `expire`, a lock that is not released in time, since its owner was killed for example, is free
 * again. The first owner then has lost it, and releasing it is an error that leaves the next owner's lock alone.
 *
 * Stored is what Python stores: `null` under the key. An acquisition is known again by the moment at which it expires:
 * the next one can only be made after that, and expires later. A lock that Python releases is gone, whichever caller
 * holds it: its `release` removes the item without looking. If another caller then acquires, without `expire`, a lock
 * that had none, the two cannot be told apart.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * const lock = new Lock(cache, 'report-123', { expire: 60 });
 * {
 *   using hold = lock.acquire({ timeout: 5 });
 *   cache.set('report', 'nobody else writes it meanwhile');
 * }
 * lock.locked(); // false
 * await lock.runAsync(async () => cache.get('report'));
 */
export class Lock extends CacheLock {
  locked(): boolean {
    return this.cache.has(this.key);
  }

  protected candidate(): Candidate {
    return {
      take: () => this.take(),
      isBlockedByThread: () => timesHeld(this.cache, this.key) > 0,
      goesFirst: false,
    };
  }

  private take(): Hold | undefined {
    const { cache, key } = this;
    // To look costs no lock on the database, to add does.
    if (cache.has(key, ONE_TRY)) {
      const value = cache.get(key, null, ONE_TRY);
      // An item that is no lock would never be released.
      if (value !== null) throw new WrongItemError(this.item, 'a Lock', value);
      return undefined;
    }
    // Added and looked at in one: otherwise it might have expired, and be another's.
    const added = cache.transact(() => cache.add(key, null, this.stored) && { item: cache.getItem(key) }, ONE_TRY);
    if (added === false) return undefined;
    // An item that has expired by now leaves no moment to be known by.
    const expireTime = this.expire === undefined ? undefined : (added.item?.expireTime ?? NaN);
    return this.held(() => {
      const item = cache.getItem(key);
      return item !== undefined && item.expireTime === expireTime && cache.delete(key);
    });
  }
}
