/** Computing on the nodes of a Slurm cluster: one array job, whose tasks are parts. */
import { InvalidOptionError } from '../../base/errors.js';
import { checked, text, time, type Check } from '../../base/text/check-options.js';
import type { Duration } from '../../base/text/duration.js';
import type { Scheduler } from '../precompute/scheduler.js';
import { count } from './check-count.js';
import { computeOnCluster } from './cluster-run.js';
import { SlurmQueue } from './slurm-queue.js';

/** Options of {@link slurm}. */
export interface SlurmOptions {
  /** Into how many parts the tags are taken, each a task of the array. @defaultValue a part a tag, 100 at most */
  parts?: number;
  /** Processors of a task, each of which a thread computes on. @defaultValue 1 */
  cpus?: number;
  /** How long a task may take. @defaultValue what the partition says */
  time?: number | Duration;
  /** @defaultValue Slurm's default */
  partition?: string;
  /** Further options of `sbatch`, a word each: `['--account=ao', '--mem=8G']`. @defaultValue none */
  sbatch?: readonly string[];
  /** How often the files are looked at in which the parts say what they do; the queue is asked every fifth time. @defaultValue 2 s */
  every?: number | Duration;
}

/** Options of `sbatch` that a run is made of. */
const OURS = [
  '--array',
  '-a',
  '--job-name',
  '-J',
  '--wait',
  '-W',
  '--wrap',
  '--parsable',
  '--output',
  '-o',
  '--error',
  '-e',
];

const words: Check = (value, option) => {
  const given: unknown[] = Array.isArray(value) ? value : [''];
  if (given.some((word) => typeof word !== 'string' || word === ''))
    throw new InvalidOptionError(`${option} must be a list of words, such as ['--account=ao', '--mem=8G']`);
  const ours = (given as string[]).find((word) => OURS.includes(word.replace(/=.*/s, '')));
  if (ours === undefined) return given;
  throw new InvalidOptionError(`${option} holds ${ours}, which precompute says itself: leave it out`);
};

const CHECKS: Record<keyof SlurmOptions, Check> = {
  parts: count,
  cpus: count,
  time,
  partition: text,
  sbatch: words,
  every: time,
};

/**
 * Has `precompute` compute on the nodes of a Slurm cluster, which share the folder of tags with this host and find Node.js,
 * the package and the module at the same paths. It submits one array job, follows it by files that its tasks write, and
 * submits again what vanished, three times at most. Killed and asked again, it goes on with the array that it submitted.
 *
 * ```ts
 * await precompute(nights, { module, methods: ['slopes.rms'] }, { on: slurm({ parts: 40, cpus: 4, time: { hours: 2 } }) });
 * ```
 *
 * @throws InvalidOptionError where an option is not what it must be
 */
export function slurm(options: SlurmOptions = {}): Scheduler {
  const {
    parts = 100,
    cpus = 1,
    every = 2,
    ...others
  } = checked(options, CHECKS, 'slurm') as {
    parts?: number;
    cpus?: number;
    time?: number;
    every?: number;
    partition?: string;
    sbatch?: string[];
  };
  return {
    compute: (work, how) =>
      computeOnCluster(work, how, new SlurmQueue({ cpus, ...others }), { parts, every, jobs: cpus }),
  };
}
