/** Sums over everything that is stored, taken by several threads where there is much. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { threadProgram } from '../../base/packages/home.js';
import { WRONG_STATES, type StoredState } from '../choose/catalog.js';
import { roughCountIn, type Share } from '../choose/entry-names.js';
import { nameOf } from '../choose/entry-meant.js';
import { Patterns } from '../choose/pattern.js';
import type { TagFolder } from '../choose/tag-folder.js';
import { factsOf, type EntryFacts } from './entry-facts.js';
import { rememberedBy, type MemoryPlace } from './memory.js';
import { addTo, newTally, sumOf, type Tally } from './tally.js';

/** What entries are summed by. */
const LEVELS = {
  folder: ({ folder }: EntryFacts) => folder.path,
  tag: ({ folder }: EntryFacts) => folder.tag,
  class: (entry: EntryFacts) => entry.class ?? UNKNOWN,
  method: ({ method }: EntryFacts) => method ?? UNKNOWN,
} as const;

export type Level = keyof typeof LEVELS;

/** Of entries whose record does not say, or whose method has a name of its own instead. */
const UNKNOWN = '-';

/** The entries to sum up. */
export interface TallyJob {
  folders: readonly TagFolder[];
  /** Which of their entries. */
  patterns: readonly string[];
  levels: readonly Level[];
  memory: MemoryPlace;
}

/** An entry with which something is wrong. */
export interface WrongEntry {
  /** `tag/entry`, as on a command line. */
  name: string;
  state: StoredState;
}

/** The sums, by level and name. */
export interface Tallied {
  sums: ReadonlyMap<Level, ReadonlyMap<string, Tally>>;
  wrong: readonly WrongEntry[];
}

/** From about how many records on a thread more is worth its start. */
const WORTH_THREADS = 5000;

/** The disk is the same for all: beyond these, more threads wait for each other. */
const MOST_THREADS = 4;

/** Sums over all that a job asks for. */
export async function tallyEntries(job: TallyJob): Promise<Tallied> {
  const threads = isWorthThreads(job.folders) ? Math.min(availableParallelism(), MOST_THREADS) : 1;
  const others = Array.from({ length: threads - 1 }, (_, i) => tallyElsewhere(job, { index: i + 1, of: threads }));
  return together([tallyShare(job, { index: 0, of: threads }), ...(await Promise.all(others))]);
}

/** Looks no further than it must: every folder is listed again by those who read it. */
function isWorthThreads(folders: readonly TagFolder[]): boolean {
  let records = 0;
  return folders.some(({ path }) => (records += roughCountIn(path)) >= WORTH_THREADS);
}

/** Sums over one share of the entries. */
export function tallyShare(job: TallyJob, share: Share): Tallied {
  const sums = new Map(job.levels.map((level) => [level, new Map<string, Tally>()]));
  const wrong: WrongEntry[] = [];
  const patterns = new Patterns(job.patterns, job.folders);
  const memory = rememberedBy(job.memory, job.folders, share);
  for (const folder of job.folders) {
    for (const entry of factsOf(folder, patterns, share, memory.of(folder.path))) {
      for (const [level, tallies] of sums) addTo(tallyOf(tallies, LEVELS[level](entry)), entry);
      if (WRONG_STATES.includes(entry.state)) wrong.push({ name: nameOf(entry), state: entry.state });
    }
  }
  memory.keep();
  return { sums, wrong };
}

async function tallyElsewhere(job: TallyJob, share: Share): Promise<Tallied> {
  const worker = new Worker(threadProgram('cli/tally/tally-worker'), { workerData: { job, share } });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  let tally = tallies.get(name);
  if (tally === undefined) tallies.set(name, (tally = newTally()));
  return tally;
}

function together(parts: readonly Tallied[]): Tallied {
  const sums = new Map<Level, Map<string, Tally>>();
  for (const level of parts.flatMap((part) => [...part.sums.keys()])) {
    const tallies = parts.map((part) => part.sums.get(level) ?? new Map<string, Tally>());
    const names = new Set(tallies.flatMap((each) => [...each.keys()]));
    const summed = [...names].map(
      (name) => [name, sumOf(tallies.map((each) => each.get(name) ?? newTally()))] as const,
    );
    sums.set(level, new Map(summed));
  }
  return { sums, wrong: parts.flatMap(({ wrong }) => wrong) };
}
