/** The recipe of a lock that its owner may enter again. */
import { InvalidOptionError } from '../../base/errors.js';
import { renamed } from '../../base/text/renamed.js';
import type { RetryOptions } from '../../kv/state/cache-options.js';
import { CacheLock, type AcquireAsyncOptions, type AcquireOptions, type Candidate } from './cache-lock.js';
import { Caller, currentCaller, inScope, isInScope, isOfThisThread, synchronousCaller } from './caller.js';
import type { Hold } from './hold.js';
import { ONE_TRY } from '../base/one-try.js';
import { readPair } from '../base/read-pair.js';

/** Who acquires an RLock. */
export interface HoldOptions {
  /**
   * Enter again as who acquired this. Needed only outside {@link RLock.run} and {@link RLock.runAsync}.
   * @defaultValue who the running code is, see {@link RLock}
   */
  hold?: Hold | undefined;
  /** @deprecated it is called `hold` */
  within?: Hold | undefined;
}

/** Who made an acquisition, and whether in a scope. */
const makers = new WeakMap<Hold, { caller: Caller; isScoped: boolean }>();

/** An owner and how often it has entered. */
type Entry = [owner: string | null, count: number];

/**
 * A lock that its owner may enter again, and leaves as often: between processes, threads and calls, and Python's
 * `diskcache.RLock` of the same key.
 *
 * These enter again:
 * - Code within {@link run} and {@link runAsync}, of whichever RLock: however deep it is called, and over however many
 *   awaits. So do branches that it begins (`Promise.all`), as long as the outermost `run` goes on.
 * - Outside of them, code that runs synchronously, without an `await` in between. What was acquired so should be
 *   released so: asynchronous functions called one after another are the same owner up to their first `await`.
 * - Code that has the acquisition: `acquire({ hold })`.
 *
 * All others wait: another asynchronous call of the same thread, another thread, another process. Outside of `run`,
 * each call of {@link acquireAsync} is a new owner, and a second call waits for the first one's release.
 *
 * Stored is what Python stores: a pair of owner and count, which stays, with the count 0, when it is free. The
 * owner names process, thread, host and call, with a random part, so that no other one ever has its name. With `expire`,
 * counted from the last time it was entered or left, a lock is free again though its owner was killed.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * const lock = new RLock(cache, 'user-123');
 * const rename = async (name: string) => lock.runAsync(() => cache.set('name', name));
 * await lock.runAsync(async () => {
 *   await rename('Ada');
 *   await rename('Grace');
 * });
 * cache.get('name'); // 'Grace'
 */
export class RLock extends CacheLock<HoldOptions> {
  locked(): boolean {
    return this.read()[1] > 0;
  }

  override run<T>(fn: () => T, options?: AcquireOptions & HoldOptions): T {
    return inScope(() => super.run(fn, options), callerOf(options));
  }

  override async runAsync<T>(fn: () => T | PromiseLike<T>, options?: AcquireAsyncOptions & HoldOptions): Promise<T> {
    return inScope(async () => super.runAsync(fn, options), callerOf(options));
  }

  protected candidate(options: HoldOptions, isSync: boolean): Candidate {
    const caller = callerOf(options) ?? (isSync ? synchronousCaller() : (currentCaller() ?? new Caller()));
    return {
      take: () => this.take(caller),
      isBlockedByThread: () => this.isHeldByAnotherOfThread(caller),
      goesFirst: caller.holds > 0,
    };
  }

  /** What the running code has acquired itself; outside any scope also what others have acquired outside any. */
  protected override toRelease(): Hold | undefined {
    const holds = [...this.holds];
    const current = currentCaller();
    const own = holds.find((hold) => makerOf(hold).caller === current);
    return own ?? (isInScope() ? undefined : holds.find((hold) => !makerOf(hold).isScoped));
  }

  private take(caller: Caller): Hold | undefined {
    const mayEnter = ([owner, count]: Entry): boolean => owner === caller.name || count === 0;
    // To look costs no lock on the database, to change does.
    if (!mayEnter(this.read(ONE_TRY))) return undefined;
    const isIn = this.cache.transact(() => {
      const entry = this.read();
      return mayEnter(entry) && this.write(caller.name, entry[1] + 1);
    }, ONE_TRY);
    return isIn ? this.hold(caller) : undefined;
  }

  private hold(caller: Caller): Hold {
    caller.holds++;
    const leave = (): boolean => {
      const [owner, count] = this.read();
      return owner === caller.name && count > 0 && this.write(owner, count - 1);
    };
    const hold = this.held(leave, () => caller.holds--);
    makers.set(hold, { caller, isScoped: isInScope() });
    return hold;
  }

  /** And does that not end by itself? */
  private isHeldByAnotherOfThread({ name }: Caller): boolean {
    const { value, expireTime } = this.cache.getItem(this.key, ONE_TRY) ?? {};
    if (expireTime !== undefined || !Array.isArray(value) || !isEntry(value)) return false;
    const [owner, count] = value;
    return owner !== null && owner !== name && count > 0 && isOfThisThread(owner);
  }

  private read(options: RetryOptions = {}): Entry {
    return readPair(this.cache, this.key, [null, 0], 'an RLock', isEntry, options);
  }

  private write(owner: string, count: number): boolean {
    return this.cache.set(this.key, [owner, count], this.stored);
  }
}

function callerOf(options: HoldOptions = {}): Caller | undefined {
  const { hold } = renamed(options, { within: 'hold' }, 'RLock');
  return hold === undefined ? undefined : makerOf(hold).caller;
}

function makerOf(hold: Hold): { caller: Caller; isScoped: boolean } {
  const maker = makers.get(hold);
  if (maker === undefined)
    throw new InvalidOptionError('hold must be what acquire or acquireAsync of an RLock returned');
  return maker;
}

function isEntry(pair: readonly unknown[]): pair is Entry {
  const [owner, count] = pair;
  return (typeof owner === 'string' || owner === null) && Number.isSafeInteger(count);
}
