/** An analyzer for computing on several hosts: every computation leaves a line in a file that the environment names. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { Analyzer, cacheOnDisk } from 'stowage';

/** The variable that names the folder of the notes. */
export const NOTES = 'SPEC_NOTES';

function note(what: string): void {
  appendFileSync(join(process.env[NOTES] ?? '', 'computed'), `${process.pid} ${hostname()} ${what}\n`);
}

/** What was computed, in the order of its beginning, and in which processes. */
export function notesIn(folder: string): { what: string[]; pids: number[] } {
  const file = join(folder, 'computed');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return {
    what: lines.map((line) => line.split(' ').slice(2).join(' ')),
    pids: lines.map((line) => Number(line.split(' ')[0])),
  };
}

export class Night extends Analyzer {
  constructor(tag = '') {
    super(tag);
  }

  @cacheOnDisk
  rms(): number {
    note(this.tag);
    if (this.tag.startsWith('cloudy')) throw new TypeError(`no stars in ${this.tag}`);
    return this.tag.length;
  }

  /** Ends when the file `open` is in the folder of the notes. */
  @cacheOnDisk
  async gated(): Promise<string> {
    note(`${this.tag} begun`);
    while (!existsSync(join(process.env[NOTES] ?? '', 'open'))) await later(10);
    note(this.tag);
    return this.tag;
  }

  /** Takes a while, and is noted once it is all but stored. */
  @cacheOnDisk
  async unhurried(): Promise<string> {
    note(`${this.tag} begun`);
    await later(100);
    note(this.tag);
    return this.tag;
  }
}
