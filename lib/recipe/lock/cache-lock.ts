/** What everything that is acquired and released has in common. */
import { toSeconds, type Duration } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import { runAsync, runNow } from '../../base/run/flow.js';
import { isThenable } from '../../base/run/is-thenable.js';
import { DeadlockError, itemName, LockTimeoutError, NotOwnedError } from '../base/errors.js';
import { Hold, noteHeld } from './hold.js';
import { unlessHeld } from '../base/one-try.js';
import type { RecipeCache, RecipeOptions } from '../base/recipe-cache.js';
import { refuseGenerator } from '../base/refuse-generator.js';
import { waitFor, type Limits } from '../base/wait.js';

/** How long to wait for a lock. */
export interface AcquireOptions {
  /**
   * Seconds after which to give up; 0 is one try.
   * @defaultValue for ever
   */
  timeout?: number | Duration | undefined;
}

/** How long to wait for a lock without blocking the thread. */
export interface AcquireAsyncOptions extends AcquireOptions {
  /** Ends the wait: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** One who wants to acquire. */
export interface Candidate {
  /** Tries, and waits for nothing but the time of ONE_TRY. `undefined`: it is taken. */
  take(): Hold | undefined;
  /** Is it taken in such a way that only this thread can give it back? */
  isBlockedByThread(): boolean;
  /** Need it not stand in line, since others may wait for what it holds? */
  goesFirst: boolean;
}

/**
 * A lock between processes, threads and calls, Python's included, kept as an item of a cache. Assumes that the item is
 * not evicted: give the cache the eviction policy `'none'`, or one of its own.
 *
 * A waiting caller tries again after a pause of 1 ms that grows to 20 ms at most, with a random part. In one lock
 * object callers of {@link acquireAsync} have their turn in the order in which they came; between lock objects, threads
 * and processes the next owner is the first to try.
 *
 * A try waits 10 ms at most for the database itself, where others hold that, in a long transaction for example; then it
 * counts as taken.
 */
export abstract class CacheLock<Options extends object = object> {
  /** Seconds, if it expires. */
  protected readonly expire: number | undefined;
  /** What was acquired through this object and not released, in order. */
  protected readonly holds = new Set<Hold>();
  private readonly line = new Set<Candidate>();

  constructor(
    protected readonly cache: RecipeCache,
    protected readonly key: unknown,
    protected readonly options: RecipeOptions = {},
  ) {
    const { expire } = options;
    this.expire = expire === undefined ? undefined : toSeconds(expire, 'expire');
    if (this.expire === 0) {
      throw new InvalidOptionError('expire is 0, so that nothing would be locked: leave it out, or give seconds');
    }
  }

  /** Is it taken, so that {@link acquire} would wait? */
  abstract locked(): boolean;

  /** @param isSync the thread sleeps until it is acquired */
  protected abstract candidate(options: Partial<Options>, isSync: boolean): Candidate;

  /**
   * Acquires it, and sleeps until that is possible. Nothing else of the thread runs meanwhile: a server should use
   * {@link acquireAsync}.
   *
   * @example
   * using hold = lock.acquire({ timeout: 5 });
   * @throws LockTimeoutError (a TimeoutError) where it stayed taken
   * @throws DeadlockError where this thread holds it, without expiry, and there is no timeout
   */
  acquire(options?: AcquireOptions & Options): Hold {
    const candidate = this.candidate(options ?? {}, true);
    const limits = this.limits(options ?? {});
    const attempt = (): Hold | undefined => {
      const hold = unlessHeld(() => candidate.take());
      if (
        hold === undefined &&
        limits.timeout === Infinity &&
        unlessHeld(() => candidate.isBlockedByThread()) === true
      ) {
        throw new DeadlockError(this.item);
      }
      return hold;
    };
    return runNow(waitFor(attempt, limits));
  }

  /**
   * Acquires it, and lets the thread go on until that is possible.
   *
   * @example
   * using hold = await lock.acquireAsync({ signal: AbortSignal.timeout(5000) });
   * @throws LockTimeoutError (a TimeoutError) where it stayed taken
   * @throws the signal's reason
   */
  async acquireAsync(options?: AcquireAsyncOptions & Options): Promise<Hold> {
    const candidate = this.candidate(options ?? {}, false);
    const limits = this.limits(options ?? {});
    const isNext = (): boolean => candidate.goesFirst || candidate === this.line.values().next().value;
    this.line.add(candidate);
    try {
      return await runAsync(waitFor(() => (isNext() ? unlessHeld(() => candidate.take()) : undefined), limits));
    } finally {
      this.line.delete(candidate);
    }
  }

  /**
   * Gives back what was acquired through this object; of several acquisitions, the first that is not given back yet.
   * The hold that {@link acquire} returns says exactly which, and is to be preferred.
   * @throws NotOwnedError where nothing is left to release, or it is lost: its time had expired, or the item was
   *   removed; then nothing is removed
   */
  release(): void {
    const hold = this.toRelease();
    if (hold === undefined)
      throw new NotOwnedError(`${this.item} is not acquired through this object: acquire it first`);
    hold.release();
  }

  /**
   * Calls a function while it is held. Sleeps until it is acquired, see {@link acquire}; where the function returns a
   * promise, it is held until that is settled.
   *
   * @example
   * const total = lock.run(() => addToFile(file, 1));
   * @returns what the function returns
   * @throws what the function throws; otherwise NotOwnedError where the lock was lost before the function was done
   */
  run<T>(fn: () => T, options?: AcquireOptions & Options): T {
    refuseGenerator(fn, 'run');
    const hold = this.acquire(options);
    let result: T;
    try {
      result = fn();
    } catch (error) {
      giveUp(hold);
      throw error;
    }
    if (isThenable(result)) return releaseAfter(hold, result) as T;
    hold.release();
    return result;
  }

  /** As {@link run}, and lets the thread go on until it is acquired, see {@link acquireAsync}. */
  async runAsync<T>(fn: () => T | PromiseLike<T>, options?: AcquireAsyncOptions & Options): Promise<T> {
    refuseGenerator(fn, 'runAsync');
    const hold = await this.acquireAsync(options);
    return releaseAfter(hold, (async () => fn())());
  }

  /** The key and where it is, for messages. */
  protected get item(): string {
    return itemName(this.key, this.cache.directory);
  }

  /** How the item is stored. */
  protected get stored(): RecipeOptions {
    return { expire: this.expire, tag: this.options.tag };
  }

  /**
   * Notes an acquisition.
   * @param giveBack called in a transaction; false where it is lost
   * @param afterwards called when it is no longer held
   */
  protected held(giveBack: () => boolean, afterwards?: () => void): Hold {
    const { cache, key, holds } = this;
    const forget = this.expire === undefined ? noteHeld(cache, key) : undefined;
    const hold = new Hold((options) => {
      const wasHeld = cache.transact(giveBack, options);
      holds.delete(hold);
      forget?.();
      afterwards?.();
      if (!wasHeld) throw this.lost();
    });
    holds.add(hold);
    return hold;
  }

  private lost(): NotOwnedError {
    const why =
      this.expire === undefined ? 'somebody removed it, or released what was not theirs' : 'its time had expired';
    return new NotOwnedError(
      `${this.item} is no longer held by who acquired it: ${why}, so that others may have worked at the same time; ` +
        'nothing was changed',
    );
  }

  /** Which acquisition {@link release} means. */
  protected toRelease(): Hold | undefined {
    return this.holds.values().next().value;
  }

  private limits({ timeout = Infinity, signal }: AcquireAsyncOptions): Limits {
    const seconds = toSeconds(timeout, 'timeout');
    return { timeout: seconds, signal, timedOut: () => new LockTimeoutError(this.item, seconds) };
  }
}

async function releaseAfter<T>(hold: Hold, promise: PromiseLike<T>): Promise<T> {
  let result: T;
  try {
    result = await promise;
  } catch (error) {
    await hold.releaseAsync().catch(unlessLost);
    throw error;
  }
  await hold.releaseAsync();
  return result;
}

/** Releases after a failure, which is what the caller is to hear of. */
function giveUp(hold: Hold): void {
  try {
    hold.release();
  } catch (error) {
    unlessLost(error);
  }
}

function unlessLost(error: unknown): void {
  if (!(error instanceof NotOwnedError)) throw error;
}
