/** What a remote has of a tag: asked once, and again after a while where a result is missed. */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import type { Backend } from '../contract/backend.js';
import { readRecordName, type RecordName } from '../contract/layout.js';

export interface ListedRecord extends RecordName {
  /** Seconds since the epoch. */
  modifiedAt: number;
}

/** Which records are asked for. */
export interface SoughtRecord {
  /** What the names of the tag's records begin with. */
  prefix: string;
  identity: string;
  /** What stands for the code that calls. */
  own: string;
}

/** Seconds for which a list holds; longer for one that took long. */
const LIST_HOLDS = 60;
const TIMES_AS_LONG = 100;

/** Of so many tags, lists are kept. */
const MOST_LISTS = 100;

type Records = Map<string, ListedRecord[]>;

interface List {
  records: Promise<Records>;
  at: number;
  /** Seconds that asking took. */
  took: number;
}

export class Listing {
  private readonly lists = new Map<string, List>();

  constructor(private readonly backend: Backend) {}

  /**
   * The records of one identity, those that are to be tried first before the others.
   */
  async of({ prefix, identity, own }: SoughtRecord, signal: AbortSignal): Promise<ListedRecord[]> {
    const records = await this.listOf(prefix, signal);
    return inOrder(records.get(identity) ?? [], own);
  }

  /** The same, as it is at this moment. */
  async now({ prefix, identity, own }: SoughtRecord, signal: AbortSignal): Promise<ListedRecord[]> {
    const records = await recordsIn(this.backend, `${prefix}${identity}/`, signal);
    return inOrder(records.get(identity) ?? [], own);
  }

  /** Notes what this process has put there. */
  async note(prefix: string, record: ListedRecord): Promise<void> {
    // Where there is no list, or none came, the next one has it.
    const records = await this.lists.get(prefix)?.records.catch(() => undefined);
    const before = records?.get(record.identity)?.filter(({ name }) => name !== record.name) ?? [];
    records?.set(record.identity, [...before, record]);
  }

  private async listOf(prefix: string, signal: AbortSignal): Promise<Records> {
    const known = this.lists.get(prefix);
    if (known !== undefined && elapsedSince(known.at) < Math.max(LIST_HOLDS, known.took * TIMES_AS_LONG))
      return known.records;
    const start = stopwatch();
    const list: List = { records: recordsIn(this.backend, prefix, signal), at: start, took: 0 };
    this.lists.delete(prefix);
    this.lists.set(prefix, list);
    const [oldest = prefix] = this.lists.keys();
    if (this.lists.size > MOST_LISTS) this.lists.delete(oldest);
    try {
      const records = await list.records;
      list.took = elapsedSince(start);
      return records;
    } catch (error) {
      if (this.lists.get(prefix) === list) this.lists.delete(prefix);
      throw error;
    }
  }
}

/** All records of a tag, by what they are results of. */
export async function recordsIn(backend: Backend, prefix: string, signal?: AbortSignal): Promise<Records> {
  const records: Records = new Map();
  for await (const { name, modifiedAt } of backend.list(prefix, signal && { signal })) {
    const read = readRecordName(name);
    if (read === undefined) continue;
    const others = records.get(read.identity);
    const listed = { ...read, modifiedAt };
    if (others === undefined) records.set(read.identity, [listed]);
    else others.push(listed);
  }
  return records;
}

/** Those of the latest generation alone: what was invalidated holds no longer. Own code first, then the youngest. */
export function inOrder(records: readonly ListedRecord[], own?: string): ListedRecord[] {
  const generation = Math.max(...records.map((record) => record.generation));
  return records
    .filter((record) => record.generation === generation)
    .sort((one, other) => Number(other.own === own) - Number(one.own === own) || other.modifiedAt - one.modifiedAt);
}
