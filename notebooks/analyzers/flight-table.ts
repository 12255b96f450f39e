/** The flights that an analysis looks at. */
import { readFile } from 'node:fs/promises';
import { makeTable, tableFromIPC, type Float32, type Int16, type Table } from 'apache-arrow';
import { cacheOnDisk, dependsOnFile } from 'stowage';
import { dataFile } from '../data-file.js';
import { isWithin, type Range } from '../windows.js';

/** delay: minutes, negative where early; distance: miles; time: local time of departure, hours. */
export type Column = 'delay' | 'distance' | 'time';

// Arrow asks for a type with an index signature, which an interface has not.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type Flights = { delay: Int16; distance: Int16; time: Float32 };

/** Domestic flights in the United States, early 2001. */
export class FlightTable {
  /** @param hours the departures to look at, local time, hours */
  constructor(private readonly hours: Range) {}

  /** The flights that leave within the hours; in Arrow, as they came, so that pandas opens the result as well. */
  @cacheOnDisk
  async departures(): Promise<Table<Flights>> {
    const all = tableFromIPC<Flights>(await readFile(dependsOnFile(dataFile('flights-200k.arrow'))));
    const [delay, distance, time] = [column(all, 'delay'), column(all, 'distance'), column(all, 'time')];
    const within = (_: number, index: number): boolean => isWithin(this.hours, time[index] ?? NaN);
    return makeTable({
      delay: Int16Array.from(delay.filter(within)),
      distance: Int16Array.from(distance.filter(within)),
      time: Float32Array.from(time.filter(within)),
    });
  }

  /** One column of {@link departures} as plain numbers, in its own unit. */
  async column(name: Column): Promise<Float64Array> {
    return column(await this.departures(), name);
  }
}

function column(table: Table<Flights>, name: Column): Float64Array {
  const values = table.getChild(name);
  if (values === null) throw new Error(`the table of flights has no column ${name}`);
  return Float64Array.from(values.toArray());
}
