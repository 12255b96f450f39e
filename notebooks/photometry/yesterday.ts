/** The analysis as it was yesterday; today's is beside it. Run by itself, it analyses a night. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analyzer, cacheOnDisk, dependsOnFile, parameter } from 'stowage';

export class Night extends Analyzer {
  /** Pixels of the aperture. */
  @parameter
  aperture = 3;

  /** What the detector wrote. */
  private get file(): string {
    return join(process.env.STOWAGE_TMPDIR ?? '.', 'counts.txt');
  }

  /** Counts of each pixel, in electrons. */
  @cacheOnDisk
  counts(): Float64Array {
    return Float64Array.from(readFileSync(dependsOnFile(this.file), 'utf8').split(' '), Number);
  }

  /** Electrons of the sky in each pixel. */
  @cacheOnDisk
  background(): number {
    const counts = this.counts();
    return counts.reduce((sum, count) => sum + count, 0) / counts.length;
  }

  /** Electrons of the brightest star. */
  @cacheOnDisk
  flux(): number {
    const counts = this.counts();
    const peak = counts.indexOf(Math.max(...counts));
    const within = counts.subarray(Math.max(0, peak - this.aperture), peak + this.aperture + 1);
    return within.reduce((sum, count) => sum + count - this.background(), 0);
  }

  /** Electrons of a star that stands out by five times the noise of the sky in a pixel. */
  @cacheOnDisk
  limit(): number {
    return 5 * Math.sqrt(this.background());
  }

  /** Electrons that the detector reads where there is no light. */
  @cacheOnDisk
  bias(): number {
    return Math.min(...this.counts());
  }
}

if (process.argv[2] !== undefined) {
  const night = Night.get(process.argv[2]);
  console.log(
    `background ${night.background().toFixed(1)}, flux ${night.flux().toFixed(1)}, limit ${night.limit().toFixed(1)}, bias ${night.bias()}`,
  );
}
