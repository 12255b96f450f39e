/** Delays of all flights, and of those of each part of the day and of each range of distance. */
import ndarray, { type NdArray } from 'ndarray';
import { tableFromArrays, type Table } from 'apache-arrow';
import { cacheOnDisk } from 'stowage';
import { density2d } from '../numerics/density.js';
import type { Interval } from '../numerics/bootstrap.js';
import { isWithin, type Range } from '../windows.js';
import { DelaySample, type Statistic } from './delay-sample.js';
import { FlightTable, type Column } from './flight-table.js';

/** Parts of the day by the hour at which they begin and end. */
const partsOfDay: Readonly<Record<string, Range>> = {
  morning: { from: 5, to: 9 },
  forenoon: { from: 9, to: 12 },
  afternoon: { from: 12, to: 17 },
  evening: { from: 17, to: 22 },
};

/** Where a range of distance ends and the next one begins, miles. */
const milestones = [0, 500, 1000, Infinity];

export class FlightDelays extends DelaySample {
  /** By part of the day. */
  readonly hours: Map<string, DelaySample>;
  /** By range of distance, the nearest first. */
  readonly distances: readonly DelaySample[];

  /** @param window departures to look at, local time, hours */
  constructor(window: Range) {
    const table = new FlightTable(window);
    super(table);
    const parts = Object.entries(partsOfDay).filter(([, { from }]) => isWithin(window, from));
    this.hours = new Map(
      parts.map(([name, { from, to }]) => [name, new DelaySample(table, { column: 'time', from, to })]),
    );
    this.distances = milestones
      .slice(1)
      .map((to, index) => new DelaySample(table, { column: 'distance', from: milestones[index] ?? 0, to }));
  }

  /**
   * Where two columns fall together.
   * @param bins cells along each axis, each of which spans the column's range
   * @returns bins × bins, row-major, a row for each cell of x: the probability of the cell; it sums to 1
   */
  @cacheOnDisk
  async density(x: Column, y: Column, bins: number): Promise<NdArray<Float64Array>> {
    const grid = density2d(await this.table.column(x), await this.table.column(y), bins);
    return ndarray(grid, [bins, bins]);
  }

  /** A row for each part of the day and each range of distance: number of flights, and a statistic in minutes. */
  @cacheOnDisk
  async comparison(statistic: Statistic, resamples: number): Promise<Table> {
    const names: string[] = [];
    const intervals: Interval[] = [];
    const members = [...this.hours, ...this.distances.map((sample) => [milesOf(sample), sample] as const)];
    for (const [name, sample] of members) {
      names.push(name);
      intervals.push(await sample.confidence(statistic, resamples));
    }
    return tableFromArrays({
      flights: names,
      count: Int32Array.from(intervals, ({ size }) => size),
      estimate: Float64Array.from(intervals, ({ estimate }) => estimate),
      low: Float64Array.from(intervals, ({ low }) => low),
      high: Float64Array.from(intervals, ({ high }) => high),
    });
  }
}

function milesOf({ selection }: DelaySample): string {
  return selection === undefined ? 'all' : `${selection.from} to ${selection.to} miles`;
}
