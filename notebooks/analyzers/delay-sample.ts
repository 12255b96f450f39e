/** How late flights are: some of them, picked by one of their columns. */
import { mean, quantile } from 'simple-statistics';
import { cacheOnDisk, parameter } from 'stowage';
import { bootstrap, type Interval } from '../numerics/bootstrap.js';
import { numbers } from '../numerics/numbers.js';
import { isWithin, type Range } from '../windows.js';
import type { Column, FlightTable } from './flight-table.js';

/** Which flights: those whose column is within the range, in the column's unit. */
export interface Selection extends Range {
  column: Column;
}

/** What can be asked of a sample of delays, minutes. */
const statistics = {
  mean: (delays: Float64Array) => mean(numbers(delays)),
  median: (delays: Float64Array) => quantile(numbers(delays), 0.5),
  /** Nine flights out of ten are less late. */
  'ninth decile': (delays: Float64Array) => quantile(numbers(delays), 0.9),
};

export type Statistic = keyof typeof statistics;

/** The delays of the flights of a selection, or of all. */
export class DelaySample {
  /** Two selections are two results, wherever in a hierarchy the sample stands. */
  @parameter
  readonly selection: Selection | undefined;

  constructor(
    readonly table: FlightTable,
    selection?: Selection,
  ) {
    this.selection = selection;
  }

  /** A statistic of the delays and its 95 % bootstrap interval, minutes. */
  @cacheOnDisk
  async confidence(statistic: Statistic, resamples: number): Promise<Interval> {
    return bootstrap(await this.delays(), statistics[statistic], { resamples });
  }

  /** Minutes, one for each flight; cheaper to pick again than to load, so it is not cached. */
  protected async delays(): Promise<Float64Array> {
    const delays = await this.table.column('delay');
    const { selection } = this;
    if (selection === undefined) return delays;
    const picked = await this.table.column(selection.column);
    return delays.filter((_, index) => isWithin(selection, picked[index] ?? NaN));
  }
}
