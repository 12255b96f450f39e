/** A folder of tags for the window: pictures, tables, upstream results, results that are stale, damaged or of other code. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays } from 'apache-arrow';
import ndarray from 'ndarray';
import { cacheOnDisk, dependsOnFile, invalidate } from 'stowage';
import { tagIn } from '../support/analyses/analysis.js';
import { serve } from '#lib/ui/server/serve.js';

/** What does harm where a page takes a text for HTML. */
export const HOSTILE = '<img src=x onerror="document.title=1">';

const SIDE = 24;

class Camera {
  constructor(private readonly seed: number) {}

  @cacheOnDisk
  frames(): ndarray.NdArray<Float32Array> {
    const data = Float32Array.from({ length: SIDE * SIDE * 4 }, (_, i) => Math.sin(i / 40 + this.seed) * 100);
    return ndarray(data, [SIDE, SIDE, 4]);
  }

  @cacheOnDisk
  dark(): ndarray.NdArray<Float64Array> {
    return ndarray(
      Float64Array.from({ length: SIDE * SIDE }, (_, i) => Math.hypot(i % SIDE, i / SIDE)),
      [SIDE, SIDE],
    );
  }
}

export class Night {
  readonly camera: Camera;

  constructor(
    readonly seed: number,
    private readonly log: string,
  ) {
    this.camera = new Camera(seed);
  }

  @cacheOnDisk
  psf(): ndarray.NdArray<Float64Array> {
    const frames = this.camera.frames();
    const dark = this.camera.dark();
    return ndarray(
      dark.data.map((value, i) => Math.exp(-value / 8) + (frames.data[i] ?? 0) * 1e-4),
      [SIDE, SIDE],
    );
  }

  @cacheOnDisk
  profile(): Float64Array {
    return Float64Array.from(this.psf().data.slice(0, 200));
  }

  @cacheOnDisk
  encircled(_name: string, radius: number): number {
    return this.profile()
      .slice(0, radius)
      .reduce((sum, value) => sum + value, 0);
  }

  @cacheOnDisk
  stars(): unknown {
    return tableFromArrays({
      x: Float64Array.from({ length: 3000 }, (_, i) => i * i),
      [HOSTILE]: Array.from({ length: 3000 }, (_, i) => `<b>star ${i}</b>`),
    });
  }

  @cacheOnDisk
  remarks(): Map<string, string> {
    return new Map([[HOSTILE, HOSTILE]]);
  }

  @cacheOnDisk
  observed(): string[] {
    dependsOnFile(this.log);
    return readFileSync(this.log, 'utf8').split('\n');
  }
}

export const NIGHTS: readonly string[] = ['2024-03-01', '2024-03-02', '2024-03-03'];

/** Fills a folder. Of the first tags, results are invalidated, changed and damaged. */
export function fillLab(tmpdir: string, log: string, tags: readonly string[] = [...NIGHTS, HOSTILE]): void {
  writeFileSync(log, 'clear sky\n');
  for (const [i, tag] of tags.entries()) {
    const night = tagIn(tmpdir, new Night(i, log), tag);
    night.profile();
    night.stars();
    night.remarks();
    night.encircled(HOSTILE, 3);
    night.encircled('core', 10 + i);
    if (i < 2) night.observed();
    if (i === 0) invalidate(night.camera, 'dark');
    if (i === 1) damage(join(tmpdir, `cache${tag}`));
  }
  writeFileSync(log, 'clouds came in\n');
}

function damage(folder: string): void {
  const name = readdirSync(folder).find((each) => each.includes('stars') && each.endsWith('.json')) ?? '';
  const text = readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, name), text.replace('"seconds": ', '"seconds": 9'));
}

/** A window that is served until it is ended. */
export interface Served {
  address: string;
  origin: string;
  token: string;
  end: () => Promise<void>;
}

export async function serveWindow(folder: string): Promise<Served> {
  const ending = new AbortController();
  let served: Promise<void> = Promise.resolve();
  const address = await new Promise<string>((resolve, reject) => {
    served = serve({ folder, prefix: undefined, port: 0, signal: ending.signal, onReady: resolve });
    served.catch(reject);
  });
  const { origin, hash } = new URL(address);
  return {
    address,
    origin,
    token: hash.slice('#token='.length),
    end: async () => {
      ending.abort();
      await served;
    },
  };
}
