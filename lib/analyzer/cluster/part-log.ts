/**
 * What a part says while it is computed: a line of JSON for each event, appended to a file of its own, since several hosts
 * that append to one file over a network overwrite each other. Who follows reads what is new.
 */
import { appendFileSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { receiveError, sendError, type SentError } from '../precompute/precompute-messages.js';
import type { TagEvent } from '../precompute/precompute-tally.js';

/** What a part says. */
export type PartEvent =
  | { type: 'tag'; tag: string; event: TagEvent }
  /** Threads compute methods with other code than the plan was made with. */
  | { type: 'otherCode'; methods: readonly string[]; host: string }
  /** The analyzer or a method does not exist there: nothing was computed. */
  | { type: 'refused'; error: Error }
  /** All of it is heard. */
  | { type: 'done' };

/** The file of one try at a part. @param instance a name that no other try has */
export function partFile(folder: string, part: number, instance: string): string {
  return join(folder, `${part}.${instance}.jsonl`);
}

/** Opened for each line: closing is what makes it seen through a network file system. */
export function appendEvent(file: string, event: PartEvent): void {
  appendFileSync(file, `${JSON.stringify(event, sent)}\n`, { mode: 0o600 });
}

function sent(_key: string, value: unknown): unknown {
  return value instanceof Error ? { isError: true, ...sendError(value) } : value;
}

function received(_key: string, value: unknown): unknown {
  return (value as { isError?: unknown } | null)?.isError === true ? receiveError(value as SentError) : value;
}

/** Reads the files of parts, each line once. */
export class PartLogs {
  private readonly read = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** What is new. @param isWanted is nothing more to be heard of a part? */
  async *news(isWanted: (part: number) => boolean): AsyncGenerator<{ part: number; event: PartEvent }> {
    for (const name of await readdir(this.folder)) {
      const part = Number(/^(\d+)\..+\.jsonl$/.exec(name)?.[1]);
      if (Number.isNaN(part) || !isWanted(part)) continue;
      for (const line of await this.newLines(name)) {
        const event = eventIn(line);
        if (event !== undefined) yield { part, event };
      }
    }
  }

  /** Whole lines: the last one may be half written. */
  private async newLines(name: string): Promise<string[]> {
    const from = this.read.get(name) ?? 0;
    const file = await open(join(this.folder, name));
    try {
      const { size } = await file.stat();
      if (size <= from) return [];
      const bytes = Buffer.alloc(size - from);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      const end = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
      this.read.set(name, from + end);
      return bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
    } finally {
      await file.close();
    }
  }
}

/** `undefined` where a disk or a network has spoilt the line. */
function eventIn(line: string): PartEvent | undefined {
  try {
    return JSON.parse(line, received) as PartEvent;
  } catch {
    return undefined;
  }
}
