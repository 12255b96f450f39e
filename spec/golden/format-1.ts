/** The analyzer whose results are the golden files of format 1. Nothing here may change: it is what was written. */
import { createRequire } from 'node:module';
import type * as Arrow from 'apache-arrow';
import { cacheOnDisk } from 'stowage';

// The copy that the other specs have in the same process.
const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;

export class Golden {
  /** Part of the record, as the analyzer's state. */
  readonly threshold = 3;
  readonly ran: string[] = [];

  @cacheOnDisk
  array(): Float64Array {
    this.ran.push('array');
    return Float64Array.of(0, -0, NaN, Infinity, 1.5, Number.MIN_VALUE);
  }

  @cacheOnDisk
  keyed(n: number, name: string): Int16Array {
    this.ran.push(`keyed ${n} ${name}`);
    return Int16Array.of(n, -n, name.length);
  }

  @cacheOnDisk
  table(): Arrow.Table {
    this.ran.push('table');
    return arrow.tableFromArrays({ x: Float64Array.of(1, 2.5), name: ['tip', 'tilt'] });
  }

  @cacheOnDisk({ version: 2 })
  inline(): Record<string, unknown> {
    this.ran.push('inline');
    return { strehl: 0.87, modes: [1, null, true, 'tip'], nested: {} };
  }

  @cacheOnDisk
  async blob(): Promise<Map<unknown, unknown>> {
    await Promise.resolve();
    this.ran.push('blob');
    return new Map<unknown, unknown>([['when', new Date(0)], [-0, [NaN, undefined, 12n]], ['data', Float32Array.of(1.5)]]);
  }

  /** Uses two others: the trace. */
  @cacheOnDisk
  sum(): Float64Array {
    this.ran.push('sum');
    return Float64Array.of(this.array().length + this.keyed(7, 'seven').length);
  }

  /** Every result, by the way in which it is asked. */
  async results(): Promise<Record<string, unknown>> {
    return {
      array: this.array(),
      keyed: this.keyed(7, 'seven'),
      table: this.table(),
      inline: this.inline(),
      blob: await this.blob(),
      sum: this.sum(),
    };
  }
}
