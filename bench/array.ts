/** Storing and loading one array: the cases `array-8mb` and `array-1gib`. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, clearCache, forget, getDiskCacher, setTag, setTmpdir } from 'stowage';
import { requireEqual, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { bytesOf, halves, isHalves } from './halves.js';
import { timeTasks } from './measure.js';
import { python } from './python.js';

const transfer = 2 ** 30;

class Camera {
  constructor(readonly pixels: () => Float64Array) {}

  // What makes the pixels is code in a field, and another one where nothing may be computed.
  @cacheOnDisk({ onCodeChange: 'ignore' })
  frame(): Float64Array {
    return this.pixels();
  }
}

/**
 * Writes a file as the entry's data is written: beside it, synced, renamed, and the folder synced.
 * @param record written beside it in the same way
 */
function plainStore(path: string, bytes: Uint8Array, record?: Uint8Array): void {
  const write = (to: string, from: Uint8Array): void => {
    const fd = fs.openSync(to, 'wx');
    for (let done = 0; done < from.length;) {
      done += fs.writeSync(fd, from, done, Math.min(from.length - done, transfer));
    }
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  };
  write(`${path}.tmp`, bytes);
  if (record !== undefined) write(`${path}.json.tmp`, record);
  fs.renameSync(`${path}.tmp`, path);
  if (record !== undefined) fs.renameSync(`${path}.json.tmp`, `${path}.json`);
  const folder = fs.openSync(join(path, '..'), 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}

function plainLoad(path: string): Float64Array {
  const fd = fs.openSync(path, 'r');
  const bytes = new Uint8Array(fs.fstatSync(fd).size);
  for (let done = 0; done < bytes.length;) {
    done += fs.readSync(fd, bytes, done, Math.min(bytes.length - done, transfer), done);
  }
  fs.closeSync(fd);
  return new Float64Array(bytes.buffer);
}

/** Compares storing, then loading, an array of float64. Files are in the page cache when they are loaded. */
export async function compareArray(size: string, count: number, rounds: number): Promise<Comparison[]> {
  const folder = benchFolder();
  const array = halves(count);
  if (python.has('numpy')) await python.ask('make', { count });

  const camera = new Camera(() => array);
  setTmpdir(camera, folder);
  setTag(camera, 'bench');
  const npy = join(folder, 'numpy.npy');
  const raw = join(folder, 'plain.bin');
  const memory = join(folder, 'joblib');
  const absent = { 'np.save': 'numpy', 'joblib.Memory': 'joblib' } as const;

  await checkResults();
  const stored = await timeTasks(
    [
      {
        contender: 'stowage',
        before: () => {
          clearCache(camera);
        },
        work: () => void camera.frame(),
      },
      {
        contender: 'plain fs',
        note: 'bytes alone: no header, record or checksum',
        before: () => {
          fs.rmSync(raw, { force: true });
        },
        work: () => {
          plainStore(raw, bytesOf(array));
        },
      },
      {
        contender: 'plain fs, same fsyncs',
        note: 'with a second file of 2 kB, as the record is one',
        before: () => {
          fs.rmSync(raw, { force: true });
          fs.rmSync(`${raw}.json`, { force: true });
        },
        work: () => {
          plainStore(raw, bytesOf(array), new Uint8Array(2000));
        },
      },
      ...python.task('np.save', 'numpy', {
        note: 'fsync of file and folder added',
        before: () => {
          fs.rmSync(npy, { force: true });
        },
        work: () => python.ask('np_save', { path: npy, count }),
      }),
      ...python.task('joblib.Memory', 'joblib', {
        note: 'fsync of file and folder added',
        before: () => python.ask('joblib_forget', { folder: memory }),
        work: () => python.ask('joblib_store', { folder: memory, count }),
      }),
    ],
    rounds,
  );

  // Held until the clock has stopped, so that no round is charged for freeing the array of its own.
  const held: { result?: Float64Array } = {};
  const dropResult = (): void => {
    delete held.result;
  };
  const fromDisk = new Camera(() => {
    throw new Error('stowage computed what was stored');
  });
  setTmpdir(fromDisk, folder);
  setTag(fromDisk, 'bench');
  const loaded = await timeTasks(
    [
      {
        contender: 'stowage',
        before: () => {
          forget(fromDisk);
        },
        work: () => {
          held.result = fromDisk.frame();
        },
        after: () => {
          forget(fromDisk);
          dropResult();
        },
      },
      {
        contender: 'plain fs, readSync',
        work: () => {
          held.result = plainLoad(raw);
        },
        after: dropResult,
      },
      {
        contender: 'plain fs, readFileSync',
        work: () => {
          fs.readFileSync(raw);
        },
      },
      ...python.task('np.load', 'numpy', { work: () => python.ask('np_load', { path: npy }) }),
      ...python.task('joblib.Memory', 'joblib', { work: () => python.ask('joblib_load', { folder: memory, count }) }),
    ],
    rounds,
  );
  if (python.has('numpy')) await python.ask('drop', { count });
  if (python.has('joblib')) await python.ask('joblib_forget', { folder: memory });
  return [
    {
      title: `storing ${size}, until the disk has it`,
      subject: 'stowage',
      rows: [...stored, ...python.missing(absent)],
    },
    {
      title: `loading ${size}, from the page cache`,
      subject: 'stowage',
      rows: [...loaded, ...python.missing({ 'np.load': 'numpy', 'joblib.Memory': 'joblib' })],
    },
  ];

  async function checkResults(): Promise<void> {
    camera.frame();
    forget(camera);
    requireEqual('stowage', isHalves(camera.frame(), array), true);
    const file = getDiskCacher(camera, 'frame').dataFile();
    plainStore(raw, bytesOf(array));
    requireEqual('plain fs', isHalves(plainLoad(raw), array), true);
    if (python.has('numpy')) {
      requireEqual(
        'np.load of what stowage stored',
        (await python.ask('equal_file', { path: file, count })).result,
        true,
      );
      await python.ask('np_save', { path: npy, count });
      requireEqual('np.load', (await python.ask('equal_file', { path: npy, count })).result, true);
      requireEqual('stowage and np.save, byte by byte', fs.readFileSync(file ?? '').compare(fs.readFileSync(npy)), 0);
    }
    if (python.has('joblib')) {
      await python.ask('joblib_store', { folder: memory, count });
      requireEqual('joblib.Memory', (await python.ask('joblib_equal', { folder: memory, count })).result, true);
    }
    forget(camera);
  }
}
