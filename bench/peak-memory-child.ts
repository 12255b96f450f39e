/** Stores or loads 1 GiB in a process of its own, and prints by how much its peak of memory rose. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, setTag, setTmpdir } from 'stowage';
import { checksumOf } from '#lib/store/record/checksum.js';
import { halves } from './halves.js';

class Camera {
  constructor(readonly pixels: Float64Array | undefined) {}

  @cacheOnDisk({ onStateChange: 'ignore' })
  frame(): Float64Array {
    return this.required();
  }

  @cacheOnDisk({ onStateChange: 'ignore' })
  async later(): Promise<Float64Array> {
    return Promise.resolve(this.required());
  }

  private required(): Float64Array {
    if (this.pixels === undefined) throw new Error('it was computed, not loaded');
    return this.pixels;
  }
}

/** In bytes. Linux hands `resourceUsage().maxRSS` down from the parent, so it would hide what happens here. */
function peakOfProcess(): number {
  const [, kibibytes] = /^VmHWM:\s*(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kibibytes === undefined)
    throw new Error('this system does not say what a process took at most: the case needs Linux');
  return Number(kibibytes) * 1024;
}

const [what = '', folder = ''] = process.argv.slice(2);
const count = 2 ** 27;
const camera = new Camera(what.startsWith('store') ? halves(count) : undefined);
setTmpdir(camera, folder);
setTag(camera, 'peak');
// The native hasher belongs to the process, not to the array.
checksumOf([new Uint8Array(1)]);

const works: Readonly<Record<string, () => unknown>> = {
  store: () => camera.frame(),
  'store-async': () => camera.later(),
  load: () => camera.frame(),
  'load-async': () => camera.later(),
  'plain-load': () => fs.readFileSync(join(folder, 'cachepeak', 'root.Camera.frame.npy')),
};

globalThis.gc?.();
const before = { peak: peakOfProcess(), buffers: process.memoryUsage().arrayBuffers };
const start = process.hrtime.bigint();
const result = await works[what]?.();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
if (!ArrayBuffer.isView(result) || result.byteLength < count * 8) throw new Error(`${what} gave no array of 1 GiB`);
const report = {
  peak: peakOfProcess() - before.peak,
  arrayBuffers: process.memoryUsage().arrayBuffers - before.buffers,
  seconds,
};
process.stdout.write(JSON.stringify(report));
