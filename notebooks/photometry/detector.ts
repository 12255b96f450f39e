/** What the detector does to light: helpers that the analysis calls, in a file of their own. */

/** Electrons per count. */
export const GAIN = 3;

/** Electrons that a count stands for. */
export function scale(count: number): number {
  return count * GAIN;
}
