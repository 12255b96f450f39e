/** The recipe of a function that is called only so often. */
import { now, type Clock } from '../base/clock.js';
import { toSeconds, type Duration } from '../base/text/duration.js';
import { renamed } from '../base/text/renamed.js';
import { InvalidOptionError } from '../base/errors.js';
import { perform, runAsync, runNow, type Flow, type Step } from '../base/run/flow.js';
import { isThenable } from '../base/run/is-thenable.js';
import { pause } from '../base/run/pause.js';
import type { AnyFunction } from '../kv/memoize/memoize.js';
import { ONE_TRY, unlessHeld } from './base/one-try.js';
import { areNumbers, readPair } from './base/read-pair.js';
import type { RecipeCache } from './base/recipe-cache.js';
import { waitFor } from './base/wait.js';
import { dress, subjectOf, type Wrapped, type RecipeWrapOptions } from './base/wrap.js';

/** A clock by which one waits. */
export interface SleepClock extends Clock {
  /**
   * Waits for some seconds; for an async function it may return a promise.
   * @defaultValue a sleeping thread, or a timer for an async function
   */
  sleep?(seconds: number): unknown;
}

/** How calls are throttled. */
export interface ThrottleOptions extends RecipeWrapOptions {
  /**
   * The time, the same for all who share the name.
   * @defaultValue the clock of this computer, in seconds since the epoch
   */
  clock?: SleepClock | undefined;
  /** @deprecated it is called `clock.now` */
  now?: (() => number) | undefined;
  /** @deprecated it is called `clock.sleep` */
  sleep?: ((seconds: number) => unknown) | undefined;
}

const RENAMES = { now: 'clock.now', sleep: 'clock.sleep' };

/**
 * Lets a function be called so many times in so many seconds, by all processes together, Python's
 * `diskcache.throttle` of the same name included. Calls beyond that wait for their turn: those of a function that is not
 * async as a sleeping thread. After a quiet time, `count` calls may come at once. Assumes that the item is not evicted.
 *
 * Stored is what Python stores: a pair of the time of the last call and how many calls were left then. Python begins
 * anew whenever it decorates a function; here, a new process allows no further calls.
 *
 * @example
 * using cache = new Cache('cache', { evictionPolicy: 'none' });
 * let count = 0;
 * const increment = throttle(cache, 2, { milliseconds: 20 })(async function increment() {
 *   count++;
 * });
 * const start = Date.now();
 * await Promise.all([increment(), increment(), increment(), increment()]);
 * count; // 4
 * Date.now() - start >= 18; // true
 * @param count how many calls
 * @param seconds in which time
 * @throws InvalidOptionError where `count` is less than 1, or `seconds` is 0; where the function has no name
 */
export function throttle(
  cache: RecipeCache,
  count: number,
  seconds: number | Duration,
  options: ThrottleOptions = {},
): <F extends AnyFunction>(fn: F) => Wrapped<F> {
  const period = toSeconds(seconds, 'seconds');
  if (!(count >= 1 && count < Infinity)) {
    throw new InvalidOptionError(`count is ${String(count)}, but must be a number of calls from 1 on`);
  }
  if (!(period > 0 && period < Infinity)) {
    throw new InvalidOptionError(`seconds is ${period}, but must be a time in which calls are counted`);
  }
  const rate = count / period;
  const clock: Partial<SleepClock> = renamed(options, RENAMES, 'throttle').clock ?? {};
  const { sleep } = clock;
  const sleepFor = (wait: number): Step<void> => (sleep === undefined ? pause(wait) : given(sleep.bind(clock), wait));

  return <F extends AnyFunction>(fn: F): Wrapped<F> => {
    const { name, isAsync, stored } = subjectOf(fn, options);

    /** Takes a call, if one is left. @returns seconds until one is, 0 where it was taken */
    function takeCall(): number {
      const present = clock.now?.() ?? now();
      const [last, tally] = readPair(cache, name, [present, count], 'throttle', areNumbers);
      // A clock that was set back gives no call, and takes none: time is counted from what it shows now.
      const left = Math.min(count, tally + Math.max(0, present - last) * rate);
      if (left < 1) {
        if (present < last) cache.set(name, [present, left], stored);
        return (1 - left) / rate;
      }
      cache.set(name, [present, left - 1], stored);
      return 0;
    }

    function* turn(): Flow<void> {
      for (;;) {
        const wait = yield* waitFor(() => unlessHeld(() => cache.transact(takeCall, ONE_TRY)), {});
        if (wait === 0) return;
        yield* perform(sleepFor(wait));
      }
    }

    // Async calls wait in the order in which they came, one at a time.
    let line: Promise<unknown> = Promise.resolve();

    function throttled(this: unknown, ...args: Parameters<F>): unknown {
      if (!isAsync) {
        runNow(turn());
        return fn.apply(this, args);
      }
      const mine = line.then(async () => runAsync(turn()));
      line = mine.catch(() => undefined);
      return mine.then(() => fn.apply(this, args));
    }

    return dress(throttled, fn, {});
  };
}

function given(sleep: (seconds: number) => unknown, wait: number): Step<void> {
  return {
    sync() {
      if (!isThenable(sleep(wait))) return;
      throw new InvalidOptionError(
        'sleep returned a promise, and the function is not async: give { async: true }, or a sleep that blocks',
      );
    },
    async async() {
      await sleep(wait);
    },
  };
}
