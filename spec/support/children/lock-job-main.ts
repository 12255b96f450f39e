/** A process, and its threads, at a {@link LockJob}: synchronous and asynchronous rounds in turns. */
import { writeSync } from 'node:fs';
import { once as told } from 'node:events';
import { createInterface } from 'node:readline';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { makeLock, once, type LockJob } from './lock-job.js';

const job = (isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData) as LockJob;

async function work(): Promise<void> {
  const lock = makeLock(job);
  const rounds = job.rounds ?? 0;
  const id = `${process.pid}-${isMainThread ? 'main' : 'thread'}-${Math.random()}`;
  for (let round = 0; round < rounds; round += 2) {
    lock.run(() => {
      once(job, id);
    });
    await lock.runAsync(() => {
      once(job, id);
    });
  }
}

async function hold(lines: AsyncIterator<string>): Promise<void> {
  const held = makeLock(job).acquire();
  writeSync(1, 'held\n');
  await lines.next();
  held.release();
  writeSync(1, 'released\n');
}

if (isMainThread) {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  if (job.task === 'hold') {
    await hold(lines);
  } else {
    writeSync(1, 'ready\n');
    await lines.next();
    const threads = Array.from(
      { length: job.threads ?? 0 },
      () => new Worker(new URL(import.meta.url), { workerData: job }),
    );
    await Promise.all([work(), ...threads.map(async (thread) => told(thread, 'exit'))]);
  }
  input.close();
} else {
  await work();
}
