/** Photometry of a star in a row of pixels; how light becomes counts is in a file of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analyzer, cacheOnDisk, dependsOnFile, parameter } from 'stowage';
import { scale } from './detector.js';

export class Night extends Analyzer {
  /** Pixels of the aperture. */
  @parameter
  aperture = 3;

  /** What the detector wrote. */
  private get file(): string {
    return join(process.env.STOWAGE_TMPDIR ?? '.', 'counts.txt');
  }

  /** Counts of each pixel. */
  @cacheOnDisk
  counts(): Float64Array {
    return Float64Array.from(readFileSync(dependsOnFile(this.file), 'utf8').split(' '), Number);
  }

  /** Counts that the detector writes where there is no light. */
  @cacheOnDisk
  bias(): number {
    return Math.min(...this.counts());
  }

  /** Electrons of each pixel. */
  @cacheOnDisk
  electrons(): Float64Array {
    return this.counts().map(scale);
  }

  /** Electrons of the sky in each pixel. */
  @cacheOnDisk
  background(): number {
    const sorted = this.electrons().toSorted();
    return sorted[Math.floor(sorted.length / 2)] ?? NaN;
  }

  /** Electrons of a star that stands out by five times the noise of the sky in a pixel. */
  @cacheOnDisk
  limit(): number {
    return 5 * Math.sqrt(this.background());
  }

  /** Electrons of the brightest star. */
  @cacheOnDisk
  flux(): number {
    const electrons = this.electrons();
    const peak = electrons.indexOf(Math.max(...electrons));
    const within = electrons.subarray(Math.max(0, peak - this.aperture), peak + this.aperture + 1);
    return within.reduce((sum, value) => sum + value - this.background(), 0);
  }
}
