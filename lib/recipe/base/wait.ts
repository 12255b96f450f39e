/** Waiting for what others give back: by trying again, more and more seldom, never in a spin. */
import { stopwatch } from '../../base/clock.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { pause } from '../../base/run/pause.js';

/** Seconds until the second try. */
const FIRST_PAUSE = 0.001;

/** Seconds between two tries at most. Python's recipes try each millisecond, so that a longer one would never have its turn. */
const LONGEST_PAUSE = 0.02;

/** How long to wait, and what ends it. */
export interface Limits {
  /**
   * Seconds.
   * @defaultValue for ever
   */
  readonly timeout?: number;
  /** The error thrown after that; without it, the wait has no end. */
  readonly timedOut?: () => Error;
  readonly signal?: AbortSignal | undefined;
}

/** What waiting needs of the world. */
export interface WaitWorld {
  stopwatch: typeof stopwatch;
  pause: typeof pause;
  /** From 0 to 1. */
  random: () => number;
}

const realWorld: WaitWorld = { stopwatch, pause, random: Math.random };

/**
 * Tries until it succeeds. The last try is at the end of the timeout, so that a timeout of 0 is one try.
 * @param attempt gives `undefined` where it is to be tried again
 * @throws what `limits` say; what `attempt` throws
 */
export function* waitFor<T>(attempt: () => T | undefined, limits: Limits, world: WaitWorld = realWorld): Flow<T> {
  const { timeout = Infinity, timedOut, signal } = limits;
  const start = world.stopwatch();
  let isLast = timeout === 0;
  for (let longest = FIRST_PAUSE; ; longest = Math.min(2 * longest, LONGEST_PAUSE)) {
    signal?.throwIfAborted();
    const result = attempt();
    if (result !== undefined) return result;
    if (isLast && timedOut !== undefined) throw timedOut();
    // Those who were turned away together come back one by one.
    const seconds = longest * (0.5 + world.random() / 2);
    const left = Math.max(0, timeout - (world.stopwatch() - start));
    isLast = left <= seconds;
    yield* perform(world.pause(Math.min(seconds, left), signal));
  }
}
