/**
 * Confidence intervals by resampling: Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), chapter 13, the
 * percentile interval.
 */
import { setImmediate } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import { numbers } from './numbers.js';
import { drawIndices } from './random.js';

/** A statistic and how far it can be trusted, in the unit of the sample. */
export interface Interval {
  /** Of the sample itself. */
  estimate: number;
  low: number;
  high: number;
  /** Probability that the interval covers the true value: 0.95. */
  level: number;
  /** Number of values in the sample. */
  size: number;
}

export interface BootstrapOptions {
  /** Samples drawn with replacement. */
  resamples: number;
  /** @defaultValue 0.95 */
  level?: number;
  /** @defaultValue 2001 */
  seed?: number;
}

/**
 * Draws samples of the sample's own size, with replacement, and takes the middle `level` of their statistics.
 * Lets other work of the process go on between two resamples.
 *
 * @param statistic may reorder the array that it is given, and must not keep it
 */
export async function bootstrap(
  sample: Float64Array,
  statistic: (values: Float64Array) => number,
  { resamples, level = 0.95, seed = 2001 }: BootstrapOptions,
): Promise<Interval> {
  const draw = drawIndices(seed);
  const drawn = new Float64Array(sample.length);
  const outcomes = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    for (let index = 0; index < drawn.length; index++) drawn[index] = sample[draw(sample.length)] ?? NaN;
    outcomes[resample] = statistic(drawn);
    await setImmediate();
  }
  const tail = (1 - level) / 2;
  const [low = NaN, high = NaN] = quantile(numbers(outcomes), [tail, 1 - tail]);
  return { estimate: statistic(sample.slice()), low, high, level, size: sample.length };
}
