/**
 * The periodogram for values at uneven times: Lomb (1976) and Scargle (1982, *Astrophys. J.* 263, 835, eq. 10),
 * divided by the variance of the values, so that noise alone has a mean power of 1 (Horne and Baliunas 1986).
 */
import { mean, sampleVariance } from 'simple-statistics';
import { numbers } from './numbers.js';

/** Power at given frequencies, for as many sets of values as one likes at the same times. */
export class LombScargle {
  /** A row for each frequency, a column for each time, shifted by Scargle's τ, which makes the two orthogonal. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** Σ cos² of each row. */
  readonly #cosineWeights: Float64Array;
  readonly #sineWeights: Float64Array;

  /**
   * @param times in any unit
   * @param frequencies in waves per that unit, greater than 0
   */
  constructor(
    private readonly times: Float64Array,
    readonly frequencies: Float64Array,
  ) {
    const size = times.length * frequencies.length;
    this.#cosines = new Float64Array(size);
    this.#sines = new Float64Array(size);
    this.#cosineWeights = new Float64Array(frequencies.length);
    this.#sineWeights = new Float64Array(frequencies.length);
    frequencies.forEach((frequency, row) => {
      this.#prepare(2 * Math.PI * frequency, row);
    });
  }

  /** Normalised power of the values, one for each frequency. */
  power(values: Float64Array): Float64Array {
    const middle = mean(numbers(values));
    const variance = sampleVariance(numbers(values));
    return this.frequencies.map((_, row) => {
      let cosine = 0;
      let sine = 0;
      const start = row * values.length;
      for (let column = 0; column < values.length; column++) {
        const value = (values[column] ?? NaN) - middle;
        cosine += value * (this.#cosines[start + column] ?? NaN);
        sine += value * (this.#sines[start + column] ?? NaN);
      }
      const explained = cosine ** 2 / (this.#cosineWeights[row] ?? NaN) + sine ** 2 / (this.#sineWeights[row] ?? NaN);
      return explained / (2 * variance);
    });
  }

  #prepare(pulsation: number, row: number): void {
    const start = row * this.times.length;
    let sineSum = 0;
    let cosineSum = 0;
    for (const time of this.times) {
      sineSum += Math.sin(2 * pulsation * time);
      cosineSum += Math.cos(2 * pulsation * time);
    }
    const shift = Math.atan2(sineSum, cosineSum) / 2;
    let cosineWeight = 0;
    let sineWeight = 0;
    this.times.forEach((time, column) => {
      const cosine = Math.cos(pulsation * time - shift);
      const sine = Math.sin(pulsation * time - shift);
      this.#cosines[start + column] = cosine;
      this.#sines[start + column] = sine;
      cosineWeight += cosine ** 2;
      sineWeight += sine ** 2;
    });
    this.#cosineWeights[row] = cosineWeight;
    this.#sineWeights[row] = sineWeight;
  }
}
