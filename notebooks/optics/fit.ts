/** Straight lines in double logarithmic plots. */
import { linearRegression } from 'simple-statistics';

/** The exponent `p` of the power law `y ∝ x^p` that fits best, by least squares of the logarithms. */
export function exponent(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return linearRegression(Array.from(x, (value, i) => [Math.log(value), Math.log(y[i] ?? NaN)])).m;
}
