/** The recipe of a semaphore: a lock with a number of permits. */
import { now } from '../../base/clock.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { RetryOptions } from '../../kv/state/cache-options.js';
import { CacheLock, type Candidate } from './cache-lock.js';
import { WrongItemError } from '../base/errors.js';
import { timesHeld, type Hold } from './hold.js';
import { ONE_TRY } from '../base/one-try.js';
import type { RecipeCache, RecipeOptions } from '../base/recipe-cache.js';

/** How many permits there are, and how their item is stored. */
export interface BoundedSemaphoreOptions extends RecipeOptions {
  /**
   * How many may hold it at once. All who use the key must agree on it.
   * @defaultValue 1
   */
  value?: number | undefined;
}

/**
 * A number of permits, of which each acquisition takes one: between processes, threads and calls, and Python's
 * `diskcache.BoundedSemaphore` of the same key.
 *
 * Stored is what Python stores: the number of permits that are left. With `expire`, all permits are back when none was
 * acquired or released for so long; a permit that was held for longer than that counts as lost, since the permits may
 * have been given to others meanwhile: releasing it is an error, and there are never more permits than `value`.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * const connections = new BoundedSemaphore(cache, 'connections', { value: 2 });
 * const one = connections.acquire();
 * const two = await connections.acquireAsync();
 * connections.locked(); // true
 * one.release();
 * two.release();
 * connections.run(() => 'downloaded'); // 'downloaded'
 */
export class BoundedSemaphore extends CacheLock {
  private readonly value: number;

  /** @throws InvalidOptionError where `value` is no integer from 1 on */
  constructor(cache: RecipeCache, key: unknown, options: BoundedSemaphoreOptions = {}) {
    super(cache, key, options);
    this.value = options.value ?? 1;
    if (!Number.isSafeInteger(this.value) || this.value < 1) {
      throw new InvalidOptionError(
        `value is ${String(this.value)}, but must be an integer from 1 on: how many may hold the semaphore at once`,
      );
    }
  }

  locked(): boolean {
    return this.permits() <= 0;
  }

  protected candidate(): Candidate {
    return {
      take: () => this.take(),
      isBlockedByThread: () => timesHeld(this.cache, this.key) >= this.value,
      goesFirst: false,
    };
  }

  private take(): Hold | undefined {
    // To look costs no lock on the database, to change does.
    if (this.permits(ONE_TRY) <= 0) return undefined;
    return this.cache.transact(() => {
      const permits = this.permits();
      return permits > 0 ? this.hold(permits) : undefined;
    }, ONE_TRY);
  }

  private hold(permits: number): Hold {
    // Not later than the item's own time.
    const expires = this.expire === undefined ? Infinity : now() + this.expire;
    this.write(permits - 1);
    return this.held(() => {
      const left = this.permits();
      return now() < expires && left < this.value && this.write(left + 1);
    });
  }

  private write(permits: number): boolean {
    return this.cache.set(this.key, permits, this.stored);
  }

  /** How many are left. */
  private permits(options: RetryOptions = {}): number {
    const permits: unknown = this.cache.get(this.key, this.value, options);
    if (typeof permits === 'number' && Number.isSafeInteger(permits)) return permits;
    throw new WrongItemError(this.item, 'a BoundedSemaphore', permits);
  }
}
