/** A small hierarchy whose results are made of each other, and of a file. */
import { readFileSync } from 'node:fs';
import { cacheOnDisk, dependsOnFile } from 'stowage';

export class Camera {
  /** Which methods ran, in order. */
  readonly ran: string[] = [];

  constructor(private readonly darkFile = '') {}

  @cacheOnDisk
  frames(): Float64Array {
    this.ran.push('frames');
    return Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? NaN : i));
  }

  @cacheOnDisk
  total(): number {
    this.ran.push('total');
    return this.frames().reduce((sum, frame) => sum + (Number.isNaN(frame) ? 0 : frame), 0);
  }

  @cacheOnDisk
  binned(width: number): Float64Array {
    this.ran.push(`binned ${width}`);
    return this.frames().filter((_, i) => i % width === 0);
  }

  @cacheOnDisk
  dark(): number {
    this.ran.push('dark');
    return Number(readFileSync(dependsOnFile(this.darkFile), 'utf8'));
  }
}

export class Night {
  readonly camera: Camera;

  constructor(darkFile?: string) {
    this.camera = new Camera(darkFile);
  }

  @cacheOnDisk
  summary(): Map<string, number> {
    this.camera.ran.push('summary');
    return new Map([
      ['total', this.camera.total()],
      ['bins', this.camera.binned(10).length],
    ]);
  }
}

/** A night of whatever tag, for threads that make their own. */
export default function newNight(): Night {
  return new Night();
}
