/** Carbon dioxide in the air over Mauna Loa: it grows, and it breathes with the seasons of the northern hemisphere. */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import ndarray, { type NdArray } from 'ndarray';
import { rootMeanSquare, sum } from 'simple-statistics';
import { cacheOnDisk, dependsOnFile } from 'stowage';
import { dataFile } from '../data-file.js';
import { harmonics, leastSquares, polynomial } from '../numerics/least-squares.js';
import { LombScargle } from '../numerics/lomb-scargle.js';
import { numbers } from '../numerics/numbers.js';
import { drawIndices, shuffle } from '../numerics/random.js';
import { isWithin, type Range } from '../windows.js';
import { Series, type Samples } from './series.js';

/** One wave of the seasonal cycle. */
export interface Wave {
  /** Half the height from trough to crest, ppm. */
  amplitude: number;
  /** When in the year it crests: 0 at New Year, 0.5 in July. */
  crest: number;
}

/** Growth and seasons, fitted together (Thoning, Tans and Komhyr 1989, *J. Geophys. Res.* 94, 8549, eq. 1). */
export interface SeasonalFit {
  /** In the middle of the window, ppm per year. */
  growth: number;
  /** By their number of crests in a year. */
  waves: Map<number, Wave>;
  /** From the lowest to the highest of all waves together, ppm. */
  swing: number;
  /** When in the year all waves together are highest: 0 at New Year, 0.5 in July. */
  crest: number;
  /** What the fit leaves, root mean square, ppm. */
  scatter: number;
  /** What it leaves of each measurement, ppm. */
  residuals: Float64Array;
}

/** Periods shorter than two months cannot be told from longer ones in monthly means. */
const highestFrequency = 6;

const daysOfYear = 365;

/** Monthly means of CO2, ppm (parts per million of dry air, by volume); months without data are missing. */
export class CarbonDioxide extends Series {
  /** @param years the part of the record to look at, decimal years */
  constructor(private readonly years: Range) {
    super();
  }

  protected override read(): Samples {
    const lines = readFileSync(dependsOnFile(dataFile('co2-concentration.csv')), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const months = lines.flatMap((line) => {
      const [date = '', ppm = ''] = line.split(',');
      const [year = NaN, month = NaN] = date.split('-').map(Number);
      // A monthly mean stands for the middle of its month.
      const time = year + (month - 0.5) / 12;
      return isWithin(this.years, time) ? [{ time, value: Number(ppm) }] : [];
    });
    return {
      times: Float64Array.from(months, ({ time }) => time),
      values: Float64Array.from(months, ({ value }) => value),
    };
  }

  /** What a parabola leaves, ppm: growth has become faster, which would look like a very slow wave. */
  @cacheOnDisk
  override detrended(): Float64Array {
    const straightened = super.detrended();
    const { middle } = this.trend();
    return leastSquares(this.times, straightened, polynomial(2, middle)).residuals;
  }

  /**
   * Growth and seasonal cycle.
   * @param waves how many waves make up the cycle: 1 is a sine, 2 lets it fall faster than it rises
   */
  @cacheOnDisk
  seasonalFit(waves: number): SeasonalFit {
    const { middle } = this.trend();
    const seasons = harmonics(waves);
    const terms = [...polynomial(2, middle), ...seasons];
    const { coefficients, residuals } = leastSquares(this.times, this.values, terms);
    const [, growth = NaN] = coefficients;
    const pairs = Array.from({ length: waves }, (_, index) => coefficients.subarray(3 + 2 * index, 5 + 2 * index));
    const cycle = Array.from({ length: daysOfYear }, (_, day) =>
      sum(seasons.map((term, index) => (coefficients[index + 3] ?? NaN) * term(day / daysOfYear))),
    );
    const highest = Math.max(...cycle);
    return {
      growth,
      swing: highest - Math.min(...cycle),
      crest: cycle.indexOf(highest) / daysOfYear,
      waves: new Map(pairs.map(([cosine = NaN, sine = NaN], index) => [index + 1, toWave(cosine, sine, index + 1)])),
      scatter: rootMeanSquare(numbers(residuals)),
      residuals,
    };
  }

  /**
   * Lomb–Scargle periodogram of what the trend leaves.
   * @returns 2 × frequencies, row-major: waves per year, and power in units of the power of noise
   */
  @cacheOnDisk
  periodogram(): NdArray<Float64Array> {
    const spectrum = this.spectrum();
    const rows = Float64Array.of(...spectrum.frequencies, ...spectrum.power(this.detrended()));
    return ndarray(rows, [2, spectrum.frequencies.length]);
  }

  /** The period with the highest power, months. */
  @cacheOnDisk
  get mainPeriod(): number {
    const { data, shape } = this.periodogram();
    const power = data.subarray(shape[1]);
    const frequency = data[power.indexOf(Math.max(...power))];
    return 12 / (frequency ?? NaN);
  }

  /**
   * The highest power that the same values show in random order: what noise would reach (VanderPlas 2018,
   * *Astrophys. J. Suppl.* 236, 16, section 7.4.2.3).
   * @param shuffles how often they are shuffled
   * @returns one power for each shuffle, in units of the power of noise, ascending
   */
  @cacheOnDisk
  async noisePeaks(shuffles: number): Promise<Float64Array> {
    const spectrum = this.spectrum();
    const values = this.detrended().slice();
    const draw = drawIndices(1958);
    const peaks = new Float64Array(shuffles);
    for (let count = 0; count < shuffles; count++) {
      shuffle(values, draw);
      peaks[count] = Math.max(...spectrum.power(values));
      await setImmediate();
    }
    return peaks.sort();
  }

  /** Frequencies from one wave in the whole window up, ten to a peak's width: none falls between two. */
  private spectrum(): LombScargle {
    const { times } = this;
    const step = 1 / ((times.at(-1) ?? NaN) - (times[0] ?? NaN)) / 10;
    const count = Math.floor(highestFrequency / step) - 9;
    return new LombScargle(
      times,
      Float64Array.from({ length: count }, (_, index) => (index + 10) * step),
    );
  }
}

/** Turns a·cos + b·sin into height and place of the first crest. */
function toWave(cosine: number, sine: number, perYear: number): Wave {
  const turns = Math.atan2(sine, cosine) / (2 * Math.PI);
  return { amplitude: Math.hypot(cosine, sine), crest: (turns < 0 ? turns + 1 : turns) / perYear };
}
