import { now } from '../../base/clock.js';

/**
 * The generation of what was invalidated: another than the one before, in whatever process, also where that is not known.
 * Traces compare it. By the milliseconds since the epoch, so that it differs from those of results that are gone.
 */
export function newGeneration(before = 0): number {
  return Math.max(before + 1, Math.floor(now() * 1000));
}
