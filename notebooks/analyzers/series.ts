/** A quantity measured over the years. */
import ndarray, { type NdArray } from 'ndarray';
import { linearRegression } from 'simple-statistics';
import { cacheOnDisk } from 'stowage';

/** Measurements, one time for each value. */
export interface Samples {
  /** Decimal years. */
  times: Float64Array;
  /** In the unit of the series. */
  values: Float64Array;
}

/** A straight line: `level + slope × (time − middle)`. */
export interface Trend {
  /** Unit of the series per year. */
  slope: number;
  /** Unit of the series, at `middle`. */
  level: number;
  /** Decimal year half-way between the first measurement and the last. */
  middle: number;
}

/** Base of all series: subclasses say where the measurements come from, and refine what is made of them. */
export abstract class Series {
  protected abstract read(): Samples;

  /**
   * The measurements, cleaned.
   * @returns n × 2, column-major, so that each column is one run of memory: decimal years, and values in the unit
   */
  @cacheOnDisk
  get samples(): NdArray<Float64Array> {
    const { times, values } = this.read();
    const columns = new Float64Array(2 * times.length);
    columns.set(times);
    columns.set(values, times.length);
    return ndarray(columns, [times.length, 2], [1, times.length]);
  }

  /** Decimal years: a view of the first column. */
  get times(): Float64Array {
    const { data, shape } = this.samples;
    return data.subarray(0, shape[0]);
  }

  /** In the unit of the series: a view of the second column. */
  get values(): Float64Array {
    const { data, shape } = this.samples;
    return data.subarray(shape[0]);
  }

  /** The straight line through the values, by ordinary least squares. */
  @cacheOnDisk
  trend(): Trend {
    const { times, values } = this;
    const middle = ((times[0] ?? NaN) + (times.at(-1) ?? NaN)) / 2;
    const { m, b } = linearRegression(Array.from(times, (time, index) => [time - middle, values[index] ?? NaN]));
    return { slope: m, level: b, middle };
  }

  /** What the trend leaves, in the unit of the series. */
  @cacheOnDisk
  detrended(): Float64Array {
    const { slope, level, middle } = this.trend();
    const { times, values } = this;
    return values.map((value, index) => value - level - slope * ((times[index] ?? NaN) - middle));
  }
}
