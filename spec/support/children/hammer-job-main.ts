/** A process, and its threads, at a {@link HammerJob}. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Hammer, type HammerJob, type HammerReport } from './hammer-job.js';

const job = (isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData) as HammerJob;

function work(): HammerReport {
  const hammer = new Hammer(job);
  for (let round = 0; job.rounds === 0 || round < job.rounds; round++) hammer.round();
  hammer.close();
  return hammer.report;
}

if (isMainThread) {
  const input = createInterface({ input: process.stdin });
  writeSync(1, 'ready\n');
  await once(input, 'line');
  input.close();
  const threads = Array.from({ length: job.threads ?? 0 }, (_, number) => {
    return new Worker(new URL(import.meta.url), { workerData: { ...job, worker: job.worker + 100 * (number + 1) } });
  });
  const reports = threads.map(async (thread) => ((await once(thread, 'message')) as [HammerReport])[0]);
  const own = work();
  process.stdout.write(`${JSON.stringify([own, ...(await Promise.all(reports))])}\n`);
} else {
  parentPort?.postMessage(work());
}
