/** A process that calls a persisted function, or a function that a bucket wraps, once, and says what came of it. */
import { Bucket, persist } from 'stowage/memo';
import { eventually, Stage, waitUntil } from '../analyses/claim-night.js';
import { killAtStep } from './kill-at-step.js';
import { persistedPlain } from '../analyses/persisted-plain.js';

/** What the process is to do. */
export interface PersistJob {
  stage: string;
  folder: string;
  call: 'persisted' | 'persistedLater' | 'wrapped' | 'plain' | 'set';
  argument: number;
  /** How often it sets. @defaultValue once */
  times?: number;
  /** The process kills itself before this step on the disk. */
  killBefore?: number;
}

const job = JSON.parse(process.argv[2] ?? '') as PersistJob;
const stage = new Stage(job.stage);

function slow(x: number): [number, number] {
  stage.note('slow');
  waitUntil('the gate', () => stage.isOpen('gate'));
  return [x, process.pid];
}

async function slowly(x: number): Promise<[number, number]> {
  stage.note('slowly');
  await eventually('the gate', () => stage.isOpen('gate'));
  return [x, process.pid];
}

const calls: Record<PersistJob['call'], () => unknown> = {
  persisted: () => persist(slow, { cache: job.folder })(job.argument),
  persistedLater: () => persist(slowly, { cache: job.folder })(job.argument),
  wrapped: () => new Bucket(job.folder).wrap(slow)(job.argument),
  plain: () => [...persistedPlain(job.folder)(job.argument)],
  set: () => {
    const bucket = new Bucket(job.folder);
    for (let time = 0; time < (job.times ?? 1); time++) bucket.set('key', new Map([['x', job.argument]]));
    return job.argument;
  },
};

if (job.killBefore !== undefined) killAtStep(job.killBefore);
process.stdout.write(JSON.stringify(await calls[job.call]()));
