/** Normal deviates that are the same in every run. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const steps = 2 ** 31;

/** Gives numbers of mean 0 and variance 1 (Box and Muller 1958); the same ones for the same seed. */
export function normalDeviates(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  // Never 0, of which there is no logarithm.
  const uniform = (): number => (uniformInt(generator, 0, steps - 1) + 0.5) / steps;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
