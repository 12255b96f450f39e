/** What processes and threads do that share a lock: the same here and in `lock-job-python.ts`. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from 'stowage/kv';
import { BoundedSemaphore, Lock, RLock, type CacheLock } from 'stowage/recipe';

/** Which lock, and where. */
export interface LockJob {
  directory: string;
  kind: 'Lock' | 'RLock' | 'BoundedSemaphore';
  key: string;
  /** Of the semaphore. */
  value?: number;
  expire?: number;
  /**
   * - `count` add 1 to the number in a file, so many times, by reading and writing it
   * - `enter` note in a folder that one is in, and how many are
   * - `hold` acquire, say so, and release when told
   */
  task: 'count' | 'enter' | 'hold';
  rounds?: number;
  /** File of `count`, folder of `enter`. */
  place?: string;
  /** Worker threads that do so too, each on its own. */
  threads?: number;
}

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Time for others to come in between, if they can. */
function dawdle(): void {
  Atomics.wait(cell, 0, 0, 1);
}

export function makeLock({ directory, kind, key, value, expire }: LockJob): CacheLock {
  const cache = new Cache(directory);
  if (kind === 'Lock') return new Lock(cache, key, { expire });
  if (kind === 'RLock') return new RLock(cache, key, { expire });
  return new BoundedSemaphore(cache, key, { value, expire });
}

/** One round of a job, with the lock held. */
export function once({ task, place = '' }: LockJob, id: string): void {
  if (task === 'count') {
    const count = Number(readFileSync(place, 'utf8'));
    dawdle();
    writeFileSync(place, String(count + 1));
  } else {
    mkdirSync(join(place, 'in', id));
    dawdle();
    mkdirSync(join(place, `together-${readdirSync(join(place, 'in')).length}`), { recursive: true });
    rmdirSync(join(place, 'in', id));
  }
}
