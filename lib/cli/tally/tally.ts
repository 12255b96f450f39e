/** Sums over entries. */
import { WRONG_STATES } from '../choose/catalog.js';
import type { EntryFacts } from './entry-facts.js';

/** What some entries come to. */
export interface Tally {
  /** Entries, pruned ones included; copies of other tags' entries are none, nor are earlier versions. */
  entries: number;
  /** Earlier versions of entries. */
  versions: number;
  /** Of which only the record is left. */
  pruned: number;
  /** Of which something is wrong. */
  damaged: number;
  /** On disk: data and records. */
  bytes: number;
  /** Of which data. */
  dataBytes: number;
  /** What computing the entries took. */
  seconds: number;
  /** Seconds since the epoch; 0 where there are no entries. */
  lastUse: number;
}

export function newTally(): Tally {
  return { entries: 0, versions: 0, pruned: 0, damaged: 0, bytes: 0, dataBytes: 0, seconds: 0, lastUse: 0 };
}

export function addTo(tally: Tally, { state, version, dataBytes, recordBytes, seconds, lastUse }: EntryFacts): void {
  if (state === 'foreign') return;
  if (version === undefined) tally.entries++;
  else tally.versions++;
  if (state === 'pruned') tally.pruned++;
  if (WRONG_STATES.includes(state)) tally.damaged++;
  tally.bytes += dataBytes + recordBytes;
  tally.dataBytes += dataBytes;
  tally.seconds += seconds;
  tally.lastUse = Math.max(tally.lastUse, lastUse);
}

const COUNTS = ['entries', 'versions', 'pruned', 'damaged', 'bytes', 'dataBytes', 'seconds'] as const;

export function sumOf(tallies: Iterable<Tally>): Tally {
  const sum = newTally();
  for (const tally of tallies) {
    for (const count of COUNTS) sum[count] += tally[count];
    sum.lastUse = Math.max(sum.lastUse, tally.lastUse);
  }
  return sum;
}
