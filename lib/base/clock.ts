/** Time as seconds, everywhere. */
import { performance } from 'node:perf_hooks';

/** Seconds since the epoch, for times that are compared across processes. */
export function now(): number {
  return Date.now() / 1000;
}

/** Seconds on a clock that never goes back, for measuring. */
export function elapsedSince(start: number): number {
  return stopwatch() - start;
}

/** A starting point for {@link elapsedSince}. */
export function stopwatch(): number {
  return performance.now() / 1000;
}

/**
 * Measures what work of this thread costs: the answer says how many seconds so far. While the machine is busy with something
 * else, this process gets no processor time, and while others of its threads work, no more than the time that passes.
 */
export function startWork(): () => number {
  const start = stopwatch();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return Math.min(elapsedSince(start), (user + system) / 1e6);
  };
}

/** Tells the time, in seconds: what an option `clock` takes, which says since when, and what else the clock must do. */
export interface Clock {
  /** The time, in seconds. */
  now(): number;
}

/** A clock with timers, whose `now` never goes back; since when it counts is all the same. */
export interface TimerClock extends Clock {
  /**
   * Runs an action once, after some seconds, unless the function that it answers is called before. Waiting keeps no
   * process alive.
   */
  after(seconds: number, action: () => void): () => void;
}

/** The longest that a timer of Node.js takes, in seconds: 24 days. */
const LONGEST_TIMER = 0x7fffffff / 1000;

/** The clock of this computer. */
export const systemClock: TimerClock = {
  now: stopwatch,
  after(seconds, action) {
    const timer = setTimeout(action, Math.min(seconds, LONGEST_TIMER) * 1000).unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
