/** Time as seconds, everywhere. */
import { performance } from 'node:perf_hooks';

/** Seconds since the epoch, for what is compared across processes. */
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
