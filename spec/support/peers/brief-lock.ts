/** A thread that holds the database of a cache, and lets go a while after it was asked to. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { lockDatabase } from './database-lock.js';

/** Milliseconds: long enough that the others have begun to wait, most of the time. */
const WHILE = 100;

/** A lock held by another thread. */
export interface BriefLock {
  /** Lets go soon, while this thread may be blocked. */
  releaseSoon(): void;
  /** Ends when the thread has. */
  ended: Promise<unknown>;
}

export async function lockBriefly(folder: string): Promise<BriefLock> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { folder, flag } });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  return {
    releaseSoon() {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    },
    ended,
  };
}

if (!isMainThread && parentPort !== null) {
  const { folder, flag } = workerData as { folder: string; flag: Int32Array };
  const lock = lockDatabase(folder);
  parentPort.postMessage('locked');
  Atomics.wait(flag, 0, 0);
  Atomics.wait(flag, 0, 1, WHILE);
  lock[Symbol.dispose]();
}
