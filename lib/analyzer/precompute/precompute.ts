/** Computing ahead: many tags, many threads. */
import { availableParallelism } from 'node:os';
import { functionName } from '../../base/language/brand.js';
import { InvalidOptionError, ReadonlyError, StowageError } from '../../base/errors.js';
import { v8Codec } from '../../codec/v8/v8.js';
import { checkPrefix, checkTag, tmpdirOf } from '../../key/names/folder-name.js';
import { settings } from '../../method/state/options.js';
import type { Analyzer } from '../single/analyzer.js';
import { AnalyzerSet } from '../set/analyzer-set.js';
import { moduleUrl } from './load-analyzer.js';
import { partMeant, partOf, type PartOption } from './part.js';
import type { Job } from './precompute-messages.js';
import { PrecomputeRun } from './precompute-run.js';
import { PrecomputeTally } from './precompute-tally.js';
import type { PrecomputeProgress, PrecomputeReport } from './report.js';
import { isWorker } from './precompute-thread.js';
import type { Scheduler, WorkOptions } from './scheduler.js';

/**
 * A cached getter or method: `'strehl'` of the analyzer itself, `'slopes.rms'` and `'modes[3].psd'` of a part by its
 * instance path, as `explainAll` shows it, without `root`; with its arguments where it needs some.
 */
export type MethodToCompute = string | { method: string; args: readonly unknown[] };

/** What to compute, of whatever tag. */
export interface PrecomputeSelection {
  /**
   * The module that exports the analyzer: a URL, `import.meta.url` in that module itself, or the path of a file. Each
   * thread imports it: it must not run anything but definitions, and no notebook's cell can be it.
   */
  module: string | URL;
  /**
   * Name of the export: a class whose constructor takes the tag, or a function that takes the tag and returns an analyzer.
   * @defaultValue the name of the set's class; without a set, `'default'`
   */
  analyzer?: string;
  /** What to compute. @defaultValue every cached getter, and every cached method that needs no arguments */
  methods?: readonly MethodToCompute[];
}

/** What to compute, of which tags, and where: plain data. */
export interface PrecomputePlan extends PrecomputeSelection {
  tags: readonly string[];
  /** Further arguments of the class's constructor, or of the function. */
  args?: readonly unknown[];
  /** The folder in which the tags' folders lie. @defaultValue what the analyzer says */
  tmpdir?: string | URL;
  /** What stands before the tag in the folder's name. @defaultValue what the analyzer says */
  prefix?: string;
}

/** Options of {@link precompute}. */
export interface PrecomputeOptions {
  /** How many threads compute. @defaultValue one for each processor but one, and one at least; `on` others, as those say */
  jobs?: number;
  /**
   * Who computes: `slurm({ … })` or `redis({ … })`, several hosts that share the folder of tags. The report is the same.
   * Asked again after this process was killed, it goes on with what was begun.
   * @defaultValue threads of this process
   */
  on?: Scheduler;
  /**
   * Only one of several parts of the tags, on each of several hosts, or in each task of an array job. Together the parts
   * are all tags, and each tag is in one of them, by its place in the list of tags: all must be given the same.
   * @defaultValue all tags
   */
  part?: PartOption;
  /** Bytes of JavaScript objects, 10 MB or more, at which a thread ends; arrays' elements do not count. @defaultValue Node's own */
  heapLimit?: number;
  /** Is told of each call that is done. What it throws is a warning. */
  onProgress?: (progress: PrecomputeProgress) => void;
  /** Ends the run at once. Stored results stay, and are found when it is run again. */
  signal?: AbortSignal;
}

/**
 * Computes the results of every tag of a set that are not stored yet, on several threads: over night, or on the machine
 * with the most processors. Each result is computed once, also where other processes compute at the same time; stored
 * results are only looked at, so that a run that was broken off goes on where it was. A tag that fails does not stop
 * the others. A thread that dies, by `process.exit` or for lack of memory, costs the call it was at.
 *
 * ```ts
 * // night.ts exports class Night
 * const nights = new AnalyzerSet(Night, 'LBTISX2024*');
 * const report = await precompute(nights, { module: new URL('./night.js', import.meta.url), methods: ['slopes.rms'] });
 * for (const { tag, error } of report.failures) console.error(tag, error.message);
 * ```
 *
 * @returns how many were computed and found, and what failed
 * @throws InvalidOptionError where the module, the analyzer, a method or such a part is not there, before anything is computed
 * @throws UncacheableValueError where an argument cannot be sent to a thread as it is
 * @throws ReadonlyError where nothing may be written
 * @throws the reason of the signal, where that is aborted
 */
export async function precompute<A extends Analyzer, Args extends readonly unknown[]>(
  set: AnalyzerSet<A, Args>,
  selection: PrecomputeSelection,
  options: PrecomputeOptions = {},
): Promise<PrecomputeReport> {
  if (!(set instanceof AnalyzerSet))
    throw new InvalidOptionError('precompute needs an AnalyzerSet; precomputeTags takes tags');
  const { Class, tags, args, tmpdir, prefix } = set;
  return precomputeTags({ analyzer: functionName(Class), ...selection, tags, args, tmpdir, prefix }, options);
}

/** The same for tags as they come, and for analyzers of any class: everything it takes is plain data. */
export async function precomputeTags(
  { module, analyzer = 'default', methods, tags, args = [], tmpdir, prefix }: PrecomputePlan,
  { jobs, on, part, heapLimit, onProgress, signal }: PrecomputeOptions = {},
): Promise<PrecomputeReport> {
  if (isWorker()) {
    throw new InvalidOptionError(
      `${String(module)} precomputes as soon as it is imported, and each thread imports it: put the analyzer in a module of its own`,
    );
  }
  if (settings.readonly) throw new ReadonlyError('precompute');
  if (settings.off)
    throw new StowageError(
      'STOWAGE_OFF',
      'precompute stores results, and STOWAGE=off runs everything uncached: unset it',
    );
  if (jobs !== undefined && (!Number.isInteger(jobs) || jobs < 1))
    throw new InvalidOptionError(`jobs must be a whole number from 1, not ${String(jobs)}`);
  if (heapLimit !== undefined && !(heapLimit >= 10e6))
    throw new InvalidOptionError(`heapLimit must be 10 MB or more, not ${String(heapLimit)} bytes`);
  if (on !== undefined && typeof (on as Partial<Scheduler> | null)?.compute !== 'function')
    throw new InvalidOptionError('on must be what slurm({ … }) or redis({ … }) answers');
  if (on !== undefined && part !== undefined)
    throw new InvalidOptionError(
      'part is for what is started on each host: what computes on them makes its parts itself',
    );
  for (const tag of tags) checkTag(tag);
  const folder = tmpdir === undefined ? undefined : tmpdirOf(tmpdir);
  if (prefix !== undefined) checkPrefix(prefix);
  const calls = methods?.map(toCall);
  if (calls?.length === 0)
    throw new InvalidOptionError('methods is empty: name what to compute, or leave it out to compute all');
  const job: Job = {
    module: moduleUrl(module),
    analyzer,
    args: encoded(args),
    ...(calls !== undefined && { calls }),
    ...(folder !== undefined && { tmpdir: folder }),
    ...(prefix !== undefined && { prefix }),
  };
  const all = [...new Set(tags)];
  const share = part === undefined ? undefined : partOf(all, partMeant(part, process.env));
  const own = share?.tags ?? all;
  signal?.throwIfAborted();
  const report =
    on === undefined || own.length === 0
      ? await computeHere(job, own, { jobs, heapLimit, onProgress, signal })
      : await on.compute(
          { job, tags: own, usual: await new PrecomputeRun(job, own, { jobs: 1, heapLimit, signal }).look() },
          {
            ...(jobs !== undefined && { jobs }),
            ...(heapLimit !== undefined && { heapLimit }),
            ...(onProgress !== undefined && { onProgress }),
            ...(signal !== undefined && { signal }),
          },
        );
  return share === undefined ? report : { ...report, part: share.report };
}

async function computeHere(
  job: Job,
  tags: readonly string[],
  {
    jobs = Math.max(1, availableParallelism() - 1),
    heapLimit,
    onProgress,
    signal,
  }: { [K in keyof WorkOptions]-?: WorkOptions[K] | undefined },
): Promise<PrecomputeReport> {
  const tally = new PrecomputeTally(Math.min(jobs, tags.length), onProgress);
  if (tags.length === 0) return tally.report();
  const run = new PrecomputeRun(
    job,
    tags,
    { jobs, heapLimit, signal },
    {
      usual: ({ names }) => {
        tally.expect(tags.length, names);
      },
      event: (tag, event) => {
        tally.note(tag, event);
      },
    },
  );
  await run.run();
  return tally.report();
}

function toCall(call: unknown): { method: string; args: Uint8Array } {
  const { method, args = [] } = (typeof call === 'string' ? { method: call } : call) as {
    method?: unknown;
    args?: unknown;
  };
  if (typeof method === 'string' && method !== '' && Array.isArray(args)) return { method, args: encoded(args) };
  throw new InvalidOptionError("each of methods is a name, 'slopes.rms', or { method: 'slopes.rms', args: [3] }");
}

/** Structured cloning would lose prototypes without a word. */
function encoded(args: readonly unknown[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(v8Codec.encode([...args]).chunks));
}
