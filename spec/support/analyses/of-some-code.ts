/** Analyses of one name whose code differs by a number, as that of two branches does. */
import { cacheOnDisk, type CacheOnDiskOptions } from 'stowage';

export interface Optics {
  psf(): Float64Array;
  small(of: number): number;
}

/** A root; its class is that of all branches. */
export class Telescope {
  constructor(readonly optics: Optics) {}
}

/** What its methods return is made of the number, and so is their code. */
export function opticsOf(number: number, options: Pick<CacheOnDiskOptions, 'keepVersions' | 'lifetime'> = {}): Optics {
  class Made implements Optics {
    @cacheOnDisk({ name: 'psf', ...options })
    psf(): Float64Array {
      return Float64Array.of(number, 2, 3);
    }

    @cacheOnDisk({ name: 'small', ...options })
    small(of: number): number {
      return number * of;
    }
  }
  return new Made();
}
