/** `stowage precompute`: computes ahead. */
import { precomputeTags, type PrecomputeOptions } from '../../analyzer/precompute/precompute.js';
import { redis } from '../../analyzer/cluster/redis.js';
import { slurm } from '../../analyzer/cluster/slurm.js';
import { partMeant, type PartOption } from '../../analyzer/precompute/part.js';
import type { PrecomputeReport } from '../../analyzer/precompute/report.js';
import type { Scheduler } from '../../analyzer/precompute/scheduler.js';
import { humanSeconds } from '../../base/text/human.js';
import type { CommonOptions, Work } from '../terminal/command.js';
import { UsageError } from '../terminal/errors.js';
import { EXIT_CODE } from '../terminal/exit-code.js';
import { progressOf, type Progress } from '../terminal/progress.js';
import { tagsMeant } from '../choose/selection.js';
import type { Terminal } from '../terminal/terminal.js';

interface Options extends CommonOptions {
  analyzer?: string;
  methods?: string;
  jobs?: number;
  part?: PartOption;
  on?: string;
  parts?: number;
  cpus?: number;
  time?: number;
  partition?: string;
  sbatch?: string;
  queue?: string;
}

export const work: Work<Options> = async ([module = '', ...patterns], options, context) => {
  const { terminal } = context;
  const tags = tagsMeant(patterns, context);
  const { analyzer, methods, jobs, part, tmpdir, prefix } = options;
  const on = schedulerOf(options);
  const plan = {
    module,
    tags,
    ...(analyzer !== undefined && { analyzer }),
    ...(methods !== undefined && { methods: namesIn(methods) }),
    // Without an option, the analyzer's own setting holds.
    ...(tmpdir !== undefined && { tmpdir: context.tmpdir }),
    ...(prefix !== undefined && { prefix }),
  };
  const how = {
    ...(jobs !== undefined && { jobs }),
    ...(part !== undefined && { part: partMeant(part, terminal.io.env) }),
    ...(on !== undefined && { on }),
  };
  const progress = progressOf('computing', () => tags.length, terminal);
  const report = await terminal.io.interruptible(async (signal) => run(plan, how, signal, progress));
  progress.end();
  if (report === undefined) {
    terminal.note('interrupted: what is stored stays, and is found when it is run again');
    return EXIT_CODE.interrupted;
  }
  tell(report, terminal);
  return report.failures.length === 0 ? EXIT_CODE.fine : EXIT_CODE.found;
};

/** Which options say how a scheduler computes. */
const OPTIONS_OF = { slurm: ['parts', 'cpus', 'time', 'partition', 'sbatch'], redis: ['parts', 'queue'] };

/** @throws UsageError where there is no such scheduler, or an option is another one's */
function schedulerOf({ on, parts, cpus, time, partition, sbatch, queue }: Options): Scheduler | undefined {
  const options = { parts, cpus, time, partition, sbatch, queue };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const name = on !== undefined && /^rediss?:/.test(on) ? 'redis' : on;
  if (name === undefined) {
    const [first] = given.map(([option]) => option);
    if (first !== undefined) throw new UsageError(`--${first} says how others compute: name them with --on slurm`);
    return undefined;
  }
  if (name !== 'slurm' && name !== 'redis')
    throw new UsageError(`there is no scheduler '${name}': write --on slurm or --on redis://host:6379`);
  const wrong = given.map(([option]) => option).find((option) => !OPTIONS_OF[name].includes(option));
  if (wrong !== undefined)
    throw new UsageError(`--${wrong} is an option of --on ${name === 'redis' ? 'slurm' : 'redis://host:6379'}`);
  if (name === 'redis') return redis({ ...Object.fromEntries(given), url: on as string });
  return slurm({
    ...Object.fromEntries(given),
    ...(sbatch !== undefined && { sbatch: sbatch.split(' ').filter(Boolean) }),
  });
}

/** @throws UsageError where one is empty */
function namesIn(methods: string): string[] {
  const names = methods.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw new UsageError(`--methods '${methods}' names nothing between commas: write strehl,slopes.rms`);
  return names;
}

/** @returns what it came to; `undefined` where it was interrupted */
async function run(
  plan: Parameters<typeof precomputeTags>[0],
  how: PrecomputeOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<PrecomputeReport | undefined> {
  try {
    return await precomputeTags(plan, {
      ...how,
      signal,
      onProgress: ({ done, total }) => {
        progress.moveTo(done, total);
      },
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function tell({ computed, found, failures, seconds, part, otherCode }: PrecomputeReport, terminal: Terminal): void {
  const failed = failures.map(({ tag, method, error }) => ({ tag, method, error: error.message }));
  if (terminal.isJson) {
    terminal.json({
      computed,
      found,
      seconds,
      failures: failed,
      ...(part !== undefined && { part }),
      ...(otherCode !== undefined && { otherCode }),
    });
    return;
  }
  for (const { method, where } of otherCode ?? [])
    terminal.note(`${method} was computed with other code than it had when this was asked for, on ${where.join(', ')}`);
  if (part !== undefined) {
    const { index, count, tags, total, list } = part;
    terminal.line(`part ${index} of ${count}: ${tags} of ${total} tags (list ${list})`);
  }
  for (const { tag, method, error } of failed)
    terminal.note(`${tag}${method === undefined ? '' : ` ${method}`}: ${error}`);
  terminal.line(
    `${String(computed)} computed, ${String(found)} found, ${String(failures.length)} failed in ${humanSeconds(seconds)}`,
  );
}
