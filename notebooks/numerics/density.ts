/**
 * Where two quantities fall together: a Gaussian kernel estimate on a grid (Wand 1994, *J. Comput. Graph. Statist.* 3,
 * 433) with the widths of Scott's rule (Scott 1992, *Multivariate Density Estimation*, eq. 6.42).
 */
import { sampleStandardDeviation } from 'simple-statistics';
import { numbers } from './numbers.js';

/** One axis of a grid of equal cells. */
interface Axis {
  /** The cell of each value. */
  cellOf: Int32Array;
  /** Weights of the kernel from its middle outwards, in cells. */
  kernel: Float64Array;
}

/**
 * Probability of each cell of a grid that spans both ranges.
 * @param bins cells along each axis
 * @returns bins × bins, row-major, a row for each cell of x; it sums to 1
 */
export function density2d(x: Float64Array, y: Float64Array, bins: number): Float64Array {
  const rows = axis(x, bins);
  const columns = axis(y, bins);
  const counts = new Float64Array(bins * bins);
  rows.cellOf.forEach((row, index) => {
    const cell = row * bins + (columns.cellOf[index] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1 / x.length;
  });
  return smooth(smooth(counts, columns.kernel, bins, 1), rows.kernel, bins, bins);
}

function axis(values: Float64Array, cells: number): Axis {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const width = (high - low) / cells;
  const bandwidth = sampleStandardDeviation(numbers(values)) * values.length ** (-1 / 6);
  const reach = Math.ceil((4 * bandwidth) / width);
  return {
    cellOf: Int32Array.from(values, (value) => Math.min(Math.floor((value - low) / width), cells - 1)),
    kernel: Float64Array.from({ length: reach + 1 }, (_, cell) => Math.exp(-(((cell * width) / bandwidth) ** 2) / 2)),
  };
}

/** Spreads each cell over its neighbours along one axis; what would leave the grid stays in it. */
function smooth(grid: Float64Array, kernel: Float64Array, bins: number, step: number): Float64Array {
  const smoothed = new Float64Array(grid.length);
  grid.forEach((mass, place) => {
    if (mass === 0) return;
    const position = Math.floor(place / step) % bins;
    const first = Math.max(0, position - kernel.length + 1);
    const last = Math.min(bins - 1, position + kernel.length - 1);
    let total = 0;
    for (let cell = first; cell <= last; cell++) total += kernel[Math.abs(cell - position)] ?? 0;
    for (let cell = first; cell <= last; cell++) {
      const target = place + (cell - position) * step;
      smoothed[target] = (smoothed[target] ?? 0) + (mass * (kernel[Math.abs(cell - position)] ?? 0)) / total;
    }
  });
  return smoothed;
}
