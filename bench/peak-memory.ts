import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchCase, Row } from './case.js';
import { benchFolder } from './folder.js';
import { python } from './python.js';

const child = fileURLToPath(new URL('./peak-memory-child.js', import.meta.url));
const array = 2 ** 30;

/** What a child reports: the growth of its peak while it did one thing, all in bytes. */
export interface Peak {
  peak: number;
  arrayBuffers?: number;
  seconds: number;
}

export const peakMemory: BenchCase = {
  name: 'peak-memory',
  title: 'how far the peak of memory rises above what was there before, in units of the array (1 GiB)',
  async run() {
    const folder = benchFolder();
    const rows: Row[] = [];
    for (const what of ['store', 'store-async', 'load', 'load-async', 'plain-load']) {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', child, what, folder], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${child} ${what} failed: ${stderr}`);
      rows.push(rowOf(what.startsWith('plain') ? `plain fs, ${what}` : `stowage, ${what}`, JSON.parse(stdout) as Peak));
    }
    if (python.has('numpy')) {
      // Each in a Python of its own, since a peak never falls.
      for (const operation of ['peak_of_save', 'peak_of_load']) {
        python.close();
        const { seconds, result } = await python.ask(operation, {
          path: `${folder}/peak.npy`,
          ...(operation === 'peak_of_save' && { count: array / 8 }),
        });
        rows.push(rowOf(`NumPy, ${operation}`, { peak: (result as [number])[0], seconds }));
      }
    }
    return [
      { title: 'peak above before', subject: 'stowage, store', rows: [...rows, ...python.missing({ NumPy: 'numpy' })] },
    ];
  },
};

function rowOf(contender: string, { peak, arrayBuffers, seconds }: Peak): Row {
  const shown = [`peak +${inArrays(peak)}`];
  if (arrayBuffers !== undefined) shown.push(`buffers held +${inArrays(arrayBuffers)}`);
  return { contender, seconds: [seconds], note: shown.join(', ') };
}

function inArrays(bytes: number): string {
  return `${(bytes / array).toFixed(2)} arrays`;
}
