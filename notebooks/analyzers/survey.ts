/** Everything that is analysed over one window: the root, which is tagged. */
import { quantileSorted } from 'simple-statistics';
import { cacheOnDisk, parameter } from 'stowage';
import { numbers } from '../numerics/numbers.js';
import type { Window } from '../windows.js';
import { CarbonDioxide } from './carbon-dioxide.js';
import { Earthquakes } from './earthquakes.js';
import { FlightDelays } from './flight-delays.js';

/** A number with its unit, `''` where it has none. */
export interface Finding {
  value: number;
  unit: string;
  /** 95 % interval, where it was computed. */
  low?: number;
  high?: number;
}

export class Survey {
  /** How many samples each bootstrap draws. */
  @parameter
  readonly resamples: number;

  readonly carbonDioxide: CarbonDioxide;
  readonly flights: FlightDelays;
  readonly regions: Map<string, Earthquakes>;

  constructor(window: Window, resamples: number) {
    this.resamples = resamples;
    this.carbonDioxide = new CarbonDioxide(window.years);
    this.flights = new FlightDelays(window.hours);
    this.regions = new Map([
      ['California', new Earthquakes({ networks: ['ci', 'nc'], completeness: 1.4 }, window.instants)],
      ['World', new Earthquakes({ networks: ['us'], completeness: 4.5 }, window.instants)],
    ]);
  }

  /** What an analyst would write down, in order. */
  @cacheOnDisk
  async findings(): Promise<Map<string, Finding>> {
    const { carbonDioxide, flights, regions, resamples } = this;
    const findings = new Map<string, Finding>();
    findings.set('growth of CO2', { value: carbonDioxide.trend().slope, unit: 'ppm/year' });
    findings.set('main period of CO2', { value: carbonDioxide.mainPeriod, unit: 'months' });
    const spectrum = carbonDioxide.periodogram();
    const power = Math.max(...spectrum.data.subarray(spectrum.shape[1]));
    findings.set('power at that period', { value: power, unit: 'power of noise' });
    const peaks = numbers(await carbonDioxide.noisePeaks(resamples));
    findings.set('reached by 1 noise in 100', { value: quantileSorted(peaks, 0.99), unit: 'power of noise' });
    const { swing, crest } = carbonDioxide.seasonalFit(2);
    findings.set('seasonal swing of CO2', { value: swing, unit: 'ppm' });
    findings.set('crest of the seasons', { value: 12 * crest, unit: 'months after New Year' });
    const { estimate, low, high } = await flights.confidence('mean', resamples);
    findings.set('mean delay', { value: estimate, low, high, unit: 'minutes' });
    for (const [name, region] of regions) {
      const { b } = await region.gutenbergRichter(resamples);
      findings.set(`b-value of ${name}`, { value: b.estimate, low: b.low, high: b.high, unit: '' });
    }
    return findings;
  }
}
