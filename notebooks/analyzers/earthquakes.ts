/** Earthquakes of a region: how many small ones there are for each large one, and how they follow each other. */
import { readFileSync } from 'node:fs';
import ndarray, { type NdArray } from 'ndarray';
import { mean } from 'simple-statistics';
import { cacheOnDisk, dependsOnFile, parameter } from 'stowage';
import { dataFile } from '../data-file.js';
import { bootstrap, type Interval } from '../numerics/bootstrap.js';
import { numbers } from '../numerics/numbers.js';
import { isWithin, type Range } from '../windows.js';

/** What this reads of the US Geological Survey's GeoJSON. */
interface Collection {
  features: { properties: { mag: number; time: number; type: string; net: string } }[];
}

/** A region, as a seismic network sees it. */
export interface Region {
  /** Codes of the networks that locate its earthquakes: `ci` is Southern California. */
  networks: readonly string[];
  /** Magnitude from which on no earthquake is missed. */
  completeness: number;
}

/** The law of Gutenberg and Richter (1944): log10 N(≥ M) = a − b M. */
export interface GutenbergRichter {
  b: Interval;
  /** Magnitudes from the completeness up, in steps of 0.1. */
  magnitudes: Float64Array;
  /** How many earthquakes are at least that strong. */
  atLeast: Int32Array;
}

/** Width of a class of magnitudes. */
const step = 0.1;

export class Earthquakes {
  /** Magnitude from which on the list is taken to be complete: change it, and every result is another one. */
  @parameter
  readonly completeness: number;

  @parameter
  readonly networks: readonly string[];

  /** @param window milliseconds since 1970, UTC */
  constructor(
    { networks, completeness }: Region,
    private readonly window: Range,
  ) {
    this.networks = networks;
    this.completeness = completeness;
  }

  /**
   * Earthquakes from the completeness up, in order of time; explosions are left out.
   * @returns n × 2, row-major: hours since the window's begin, and magnitude to 0.1
   */
  @cacheOnDisk
  get catalogue(): NdArray<Float64Array> {
    const { features } = JSON.parse(readFileSync(dependsOnFile(dataFile('earthquakes.json')), 'utf8')) as Collection;
    const rows = features
      .map(({ properties }) => ({ ...properties, mag: Math.round(properties.mag * 10) / 10 }))
      .filter(({ mag, net, time, type }) => {
        const counts = type === 'earthquake' && this.networks.includes(net) && isWithin(this.window, time);
        return counts && mag > this.completeness - step / 2;
      })
      .sort((one, other) => one.time - other.time)
      .flatMap(({ time, mag }) => [(time - this.window.from) / 3_600_000, mag]);
    return ndarray(Float64Array.from(rows), [rows.length / 2, 2]);
  }

  /**
   * The b-value by maximum likelihood (Aki 1965, *Bull. Earthq. Res. Inst.* 43, 237), corrected for classes of finite
   * width (Utsu 1966), with its 95 % bootstrap interval; no unit.
   */
  @cacheOnDisk
  async gutenbergRichter(resamples: number): Promise<GutenbergRichter> {
    const found = this.column(1);
    const threshold = this.completeness - step / 2;
    const b = await bootstrap(found, (drawn) => Math.LOG10E / (mean(numbers(drawn)) - threshold), { resamples });
    const classes = Math.round((Math.max(...found) - this.completeness) / step) + 1;
    const magnitudes = Float64Array.from({ length: classes }, (_, index) => this.completeness + index * step);
    const atLeast = Int32Array.from(magnitudes, (magnitude) => found.filter((m) => m > magnitude - step / 2).length);
    return { b, magnitudes, atLeast };
  }

  /** Time from each earthquake to the next, minutes. */
  @cacheOnDisk
  intervals(): Float64Array {
    const hours = this.column(0);
    return hours.subarray(1).map((hour, index) => 60 * (hour - (hours[index] ?? NaN)));
  }

  private column(place: 0 | 1): Float64Array {
    const { data } = this.catalogue;
    return data.filter((_, index) => index % 2 === place);
  }
}
