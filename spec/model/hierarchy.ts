/** A hierarchy of analyzers that uses all that a result can be made of, cached or plain: the plain one is the oracle. */
import { readFileSync } from 'node:fs';
import { cacheOnDisk, dependsOnFile, parameter } from 'stowage';

/** The values of all that can change. */
export interface World {
  /** A path for each of the files. */
  files: readonly string[];
  /** A gain for each of the cameras. */
  gains: number[];
  /** Which cameras are of the other class. */
  fast: boolean[];
}

/** Methods of the root that a sequence asks for, each with a number. */
export const methods = ['total', 'safe', 'later', 'settled', 'counted', 'bare'] as const;
export type MethodOfNight = (typeof methods)[number];

export type Night = Record<MethodOfNight, (n: number) => unknown> & { cameras: Camera[] };

/** @param note is called by each method that runs */
export function hierarchyOf(world: World, isCached: boolean, note: (method: string) => void): Night {
  class Slow implements Camera {
    constructor(
      readonly file: string,
      public gain: number,
    ) {}

    level(): number {
      note('level');
      const text = readFileSync(dependsOnFile(this.file), 'utf8');
      if (text === 'bad') throw new Error('a bad file');
      return Number(text) * this.gain;
    }

    gained(n: number): number {
      note('gained');
      if (this.gain < 0) throw new Error('a negative gain');
      return this.gain + n;
    }

    async levelLater(): Promise<number> {
      note('levelLater');
      await Promise.resolve();
      return this.level() + 1;
    }

    kind(): string {
      note('kind');
      return 'slow';
    }
  }

  class Fast extends Slow {
    override kind(): string {
      note('kind');
      return 'fast';
    }
  }

  class Telescope {
    constructor(readonly camera: Slow) {}

    image(n: number): Float64Array {
      note('image');
      return Float64Array.of(this.camera.level(), this.camera.gained(n), n);
    }

    guarded(): number {
      note('guarded');
      try {
        return this.camera.level();
      } catch {
        return -1;
      }
    }
  }

  class Root {
    readonly cameras = world.files.map(
      (file, at) => new (world.fast[at] === true ? Fast : Slow)(file, world.gains[at] ?? 0),
    );
    readonly telescopes = this.cameras.map((camera) => new Telescope(camera));

    total(n: number): Record<string, unknown> {
      note('total');
      return { images: this.telescopes.map((each) => each.image(n)), kinds: this.cameras.map((each) => each.kind()) };
    }

    safe(n: number): number {
      note('safe');
      try {
        return (this.telescopes[0]?.image(n)[0] ?? 0) + n;
      } catch {
        return this.telescopes.reduce((sum, each) => sum + each.guarded(), n);
      }
    }

    async later(n: number): Promise<number[]> {
      note('later');
      return [n, ...(await Promise.all(this.cameras.map((each) => each.levelLater())))];
    }

    async settled(n: number): Promise<string[]> {
      note('settled');
      const settled = await Promise.allSettled(this.cameras.map((each) => each.levelLater()));
      return settled.map(({ status }) => `${status} ${n}`);
    }

    counted(...all: unknown[]): number {
      note('counted');
      return all.length + this.telescopes.reduce((sum, each) => sum + each.guarded(), 0);
    }

    bare(n: number): number | undefined {
      note('bare');
      return n > 1 ? undefined : this.cameras[0]?.gained(n);
    }
  }

  if (isCached) {
    parameter(Slow.prototype, 'gain');
    for (const name of ['level', 'gained', 'levelLater', 'kind'] as const) cacheOnDisk(Slow.prototype, name);
    cacheOnDisk(Fast.prototype, 'kind');
    for (const name of ['image', 'guarded'] as const) cacheOnDisk(Telescope.prototype, name);
    for (const name of methods) cacheOnDisk(Root.prototype, name);
  }
  return new Root();
}

export interface Camera {
  gain: number;
}
