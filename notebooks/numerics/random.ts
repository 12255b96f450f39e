/** Pseudo-random draws that are the same in every run, so that a statistic can be cached and checked. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Gives whole numbers from 0 to `length - 1`, each as likely as the other; the same ones for the same seed. */
export function drawIndices(seed: number): (length: number) => number {
  const generator = xoroshiro128plus(seed);
  return (length) => uniformInt(generator, 0, length - 1);
}

/** Puts the elements in random order, in place (Fisher and Yates 1938, as Durstenfeld 1964 does it on a computer). */
export function shuffle(values: Float64Array, draw: (length: number) => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = draw(last + 1);
    const held = values[last] ?? NaN;
    values[last] = values[other] ?? NaN;
    values[other] = held;
  }
}
