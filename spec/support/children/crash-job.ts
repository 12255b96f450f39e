/** An analyzer whose results tell whether they are whole, and processes that are killed while they store them. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cacheOnDisk } from 'stowage';
import { uncounted } from './uncounted.js';

/** The number that a run of {@link Crashing} puts into all its results, and whether to compute anew. */
export const run = { number: 0, refresh: false };

const refresh = (): boolean => run.refresh;

/** Every result is made of one number: whoever reads a part of another one's sees it. */
export class Crashing {
  computed = 0;

  @cacheOnDisk({ refresh })
  array(): Float64Array {
    return this.filled(2000 + (run.number % 7) * 1000);
  }

  /** Above what a load verifies by checksum. */
  @cacheOnDisk({ refresh, durable: false })
  large(): Float64Array {
    return this.filled(200_000 + (run.number % 3));
  }

  @cacheOnDisk({ refresh })
  blob(): Map<string, number> {
    const { number } = run;
    this.computed++;
    return new Map(Array.from({ length: 100 + (number % 5) }, (_, place) => [`${number} ${place}`, number]));
  }

  @cacheOnDisk({ refresh })
  small(): { number: number; twice: number } {
    this.computed++;
    return { number: run.number, twice: run.number * 2 };
  }

  /** Now an array, now a blob, now a small value. */
  @cacheOnDisk({ refresh })
  changing(): unknown {
    const { number } = run;
    return [() => this.filled(500), () => this.blobOf(number), () => this.inline(number)][number % 3]?.();
  }

  @cacheOnDisk({ refresh })
  of(which: number): Float64Array {
    return this.filled(300 + which);
  }

  private filled(length: number): Float64Array {
    this.computed++;
    return new Float64Array(length).fill(run.number);
  }

  private blobOf(number: number): Map<string, number> {
    this.computed++;
    return new Map(Array.from({ length: 50 }, (_, place) => [`${number} ${place}`, number]));
  }

  private inline(number: number): { number: number; twice: number } {
    this.computed++;
    return { number, twice: number * 2 };
  }
}

/** Every call, by name. */
export const calls: Readonly<Record<string, (analyzer: Crashing) => unknown>> = {
  array: (analyzer) => analyzer.array(),
  large: (analyzer) => analyzer.large(),
  blob: (analyzer) => analyzer.blob(),
  small: (analyzer) => analyzer.small(),
  changing: (analyzer) => analyzer.changing(),
  'of 1': (analyzer) => analyzer.of(1),
  'of 2': (analyzer) => analyzer.of(2),
};

/** The number that a result is made of; an error where it is made of two, or not whole. */
export function numberIn(name: string, value: unknown): number {
  const numbers = new Set<number>();
  let length = 0;
  if (value instanceof Float64Array) {
    for (const element of value) numbers.add(element);
    length = value.length;
  } else if (value instanceof Map) {
    for (const [key, number] of value as Map<string, number>) numbers.add(number).add(Number(key.split(' ')[0]));
    length = value.size;
  } else {
    const { number, twice } = value as { number: number; twice: number };
    numbers.add(number).add(twice / 2);
  }
  const [number = NaN, ...others] = numbers;
  const lengths: Readonly<Record<string, number>> = {
    array: 2000 + (number % 7) * 1000,
    large: 200_000 + (number % 3),
    blob: 100 + (number % 5),
    small: 0,
    replaced: 1000 + (number % 50),
    changing: [500, 50, 0][number % 3] ?? NaN,
    'of 1': 301,
    'of 2': 302,
  };
  if (others.length > 0 || length !== lengths[name]) {
    throw new Error(`${name} is made of ${[...numbers].join(', ')} and has ${length} elements`);
  }
  return number;
}

/** What the process of {@link crash} does. */
export interface CrashJob {
  tmpdir: string;
  number: number;
  calls: string[];
  /** Stores results of this number first. */
  before?: number;
  /** Kills itself before this of its steps that change the disk, counted from 0; for ever storing otherwise. */
  step?: number;
}

/** What such a process says before it begins to store. */
export interface Survey {
  /** Numbers of the results that were hits, by call. */
  hits: Record<string, number>;
  /** Events that must not be. */
  troubles: string[];
  /** Temporary files that lay there after the first result was stored. */
  leftovers: string[];
}

const script = fileURLToPath(new URL('crash-child.js', import.meta.url));

/** Runs a process that kills itself at a step; the answer is whether it came so far. */
export function crashAtStep(job: CrashJob): boolean {
  const { signal, status, stderr } = spawnSync(process.execPath, [script, JSON.stringify(job)], {
    encoding: 'utf8',
    timeout: 60_000,
    env: uncounted(),
  });
  if (signal === 'SIGKILL') return true;
  if (status === 0) return false;
  throw new Error(`the child ended with ${String(status ?? signal)}: ${stderr}`);
}

/** Runs a process that looks at what is there, stores without end, and is killed some milliseconds after it began to. */
export async function crashSometime(job: CrashJob, milliseconds: number): Promise<Survey> {
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: uncounted(),
  });
  let told = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    if (told.endsWith('\n')) setTimeout(() => child.kill('SIGKILL'), milliseconds);
  });
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => {
      resolve(end);
    });
  });
  if (signal !== 'SIGKILL') throw new Error(`the child ended with ${String(status ?? signal)}: ${complaints}`);
  return JSON.parse(told) as Survey;
}
