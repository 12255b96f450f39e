/** Analyzers for precomputing in threads; every computation leaves a line in the file of its folder. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { Analyzer, cacheOnDisk } from 'stowage';

function note(folder: string, what: string): void {
  appendFileSync(join(folder, 'computed'), `${threadId} ${what}\n`);
}

/** What was computed, in the order of its beginning, and in how many threads. */
export function computedIn(folder: string): { what: string[]; threads: number } {
  const file = join(folder, 'computed');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return {
    what: lines.map((line) => line.replace(/^\d+ /, '')),
    threads: new Set(lines.map((line) => line.split(' ')[0])).size,
  };
}

class Slopes {
  constructor(
    private readonly tag: string,
    private readonly folder: string,
  ) {}

  @cacheOnDisk
  rms(): number {
    note(this.folder, `${this.tag} rms`);
    return this.tag.length;
  }

  @cacheOnDisk
  spectrum(n: number): Float64Array {
    note(this.folder, `${this.tag} spectrum ${n}`);
    return new Float64Array(n);
  }
}

export class Night extends Analyzer {
  readonly slopes: Slopes;
  readonly modes: Slopes[];

  constructor(
    tag: string,
    private readonly folder: string,
  ) {
    super(tag);
    if (tag.startsWith('closed')) throw new RangeError('the dome is closed');
    if (tag.startsWith('killing')) process.exit(4);
    this.slopes = new Slopes(tag, folder);
    this.modes = [new Slopes(`${tag} mode`, folder)];
  }

  @cacheOnDisk
  strehl(): number {
    note(this.folder, `${this.tag} strehl`);
    if (this.tag.startsWith('cloudy')) throw new TypeError(`no stars in ${this.tag}`);
    if (this.tag.startsWith('fatal')) process.exit(3);
    if (this.tag.startsWith('greedy')) fillMemory();
    return this.slopes.rms() / 10;
  }

  @cacheOnDisk
  async seeing(): Promise<number> {
    note(this.folder, `${this.tag} seeing`);
    await Promise.resolve();
    return 0.8;
  }

  /** Ends when somebody puts the file there. */
  @cacheOnDisk
  async waits(from: string): Promise<string> {
    note(this.folder, `${this.tag} waits`);
    while (!existsSync(join(this.folder, from))) await later(5);
    return from;
  }

  @cacheOnDisk
  unstorable(n: number): () => number {
    return () => n;
  }

  plain(): number {
    return 1;
  }
}

function fillMemory(): never {
  const all: number[][] = [];
  for (;;) all.push(new Array<number>(1e6).fill(1.5));
}

/** No Analyzer. */
export class Plain {
  readonly name = 'plain';

  constructor(readonly tag: string) {}

  @cacheOnDisk
  twice(): string {
    return this.tag + this.tag;
  }
}

export async function openPlain(tag: string): Promise<Plain> {
  await Promise.resolve();
  return new Plain(tag);
}

export const aNumber = 3;
