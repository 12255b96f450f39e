/** Slurm's queue, by its commands: parts are tasks of array jobs that have the name of their run. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchedulerError } from '../../base/errors.js';
import { isErrno } from '../../base/files/files.js';
import { threadProgram } from '../../base/packages/home.js';
import { warnOnce } from '../../base/warn.js';
import { ownFlags } from './own-flags.js';
import type { PartQueue } from './part-queue.js';
import type { RunFolder } from './run-folder.js';

export interface SlurmRequest {
  cpus: number;
  /** Seconds. */
  time?: number;
  partition?: string;
  sbatch?: readonly string[];
}

/** What is asked of a run. */
type SlurmRun = Pick<RunFolder, 'path' | 'logs'> & { plan: { name: string } };

interface Answer {
  isGood: boolean;
  out: string;
  /** What it complained of. */
  words: string;
}

export class SlurmQueue implements PartQueue {
  constructor(private readonly request: SlurmRequest) {}

  async submit(run: SlurmRun, parts: readonly number[]): Promise<string> {
    const { isGood, out, words } = await ask('sbatch', this.argumentsFor(run, parts));
    if (isGood) {
      await this.cancelTwins(run, out);
      return out;
    }
    // What answers too late may have been heard all the same.
    const present = await this.present(run);
    if (present !== undefined && parts.some((part) => present.has(part))) return '';
    const advice = /array/i.test(words)
      ? `; an array of ${parts.length} tasks may be more than it allows: ask for fewer parts`
      : '';
    throw new SchedulerError(`Slurm refuses the array: ${words}${advice}`);
  }

  /**
   * A driver that is killed while it submits may be heard all the same, after another has taken the queue for empty: of the tasks
   * of a part, those that were submitted first stay.
   */
  private async cancelTwins(run: SlurmRun, submitted: string): Promise<void> {
    const own = Number.parseInt(submitted, 10);
    const { out } = await ask('squeue', ['--noheader', '--array', `--name=${run.plan.name}`, '--format=%F %K']);
    const tasks = out.split('\n').map((line) => line.split(' ').map(Number) as [job: number, part: number]);
    const earlier = new Set(tasks.flatMap(([job, part]) => (job < own ? [part] : [])));
    const twins = tasks.flatMap(([job, part]) => (job === own && earlier.has(part) ? [`${job}_${part}`] : []));
    // One that stays finds what the other computes, or waits for it.
    if (twins.length > 0) await ask('scancel', twins);
  }

  async present(run: SlurmRun): Promise<ReadonlySet<number> | undefined> {
    const query = ['--noheader', '--array', `--name=${run.plan.name}`, '--format=%K'];
    const { isGood, out, words } = await ask('squeue', query);
    if (isGood) return new Set(out.split(/\s+/).map(Number));
    warnOnce('STOWAGE_SCHEDULER', run.path, `Slurm does not say what is in its queue, and is asked again: ${words}`);
    return undefined;
  }

  async cancel(run: SlurmRun): Promise<void> {
    const { isGood, words } = await ask('scancel', [`--name=${run.plan.name}`]);
    if (!isGood) throw new SchedulerError(`Slurm does not cancel the jobs ${run.plan.name}: ${words}`);
  }

  lastWords(run: SlurmRun, part: number): string {
    const newest = fs
      .readdirSync(run.logs)
      .filter((name) => name.startsWith(`${part}.`))
      .map((name) => join(run.logs, name))
      .sort((one, other) => fs.statSync(one).mtimeMs - fs.statSync(other).mtimeMs)
      .at(-1);
    if (newest === undefined) return '';
    const line = fs.readFileSync(newest, 'utf8').trim().split('\n').at(-1) ?? '';
    return ` (${newest}${line === '' ? '' : `: ${line}`})`;
  }

  private argumentsFor(run: SlurmRun, parts: readonly number[]): string[] {
    const { cpus, time, partition, sbatch = [] } = this.request;
    return [
      // What vanishes is submitted again by who follows, at once; a requeued task waits for two minutes.
      '--no-requeue',
      `--cpus-per-task=${cpus}`,
      ...(time === undefined ? [] : [`--time=${clockTime(time)}`]),
      ...(partition === undefined ? [] : [`--partition=${partition}`]),
      ...sbatch,
      '--parsable',
      `--array=${ranges(parts)}`,
      `--job-name=${run.plan.name}`,
      `--output=${join(run.logs, '').replaceAll('%', '%%')}%a.%A.log`,
      '--open-mode=append',
      scriptOf(run),
    ];
  }
}

/** The script of a task, written where it is not there yet. */
function scriptOf(run: SlurmRun): string {
  const script = join(run.path, 'part.sh');
  const program = fileURLToPath(threadProgram('analyzer/cluster/part-worker'));
  const command = [process.execPath, ...ownFlags(), program, run.path].map(quoted).join(' ');
  fs.writeFileSync(script, `#!/bin/sh\nexec ${command}\n`, { mode: 0o700 });
  return script;
}

/** As one word of a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `1-3,7` of numbers in their order. */
function ranges(numbers: readonly number[]): string {
  const found: [first: number, last: number][] = [];
  for (const number of numbers) {
    const current = found.at(-1);
    if (current?.[1] === number - 1) current[1] = number;
    else found.push([number, number]);
  }
  return found.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

/** `1-02:30:00`: days, hours, minutes, seconds. */
function clockTime(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  const two = (amount: number): string => String(Math.floor(amount)).padStart(2, '0');
  return `${Math.floor(whole / 86_400)}-${two((whole % 86_400) / 3600)}:${two((whole % 3600) / 60)}:${two(whole % 60)}`;
}

/** Settings of the user's by which a command would wait, or say less. */
const UNWANTED = /^(SBATCH_WAIT$|SBATCH_ARRAY_INX$|SQUEUE_|SCANCEL_)/;

/** Runs one of Slurm's commands. @throws SchedulerError where there is no such command */
function ask(command: string, args: readonly string[]): Promise<Answer> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNWANTED.test(name)));
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, maxBuffer: 1 << 28 }, (error, out, words) => {
      if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES')) {
        reject(
          new SchedulerError(`there is no program ${command} here: slurm needs Slurm's commands in the PATH`, {
            cause: error,
          }),
        );
        return;
      }
      resolve({ isGood: error === null, out: out.trim(), words: words.trim() || (error?.message ?? '') });
    });
  });
}
