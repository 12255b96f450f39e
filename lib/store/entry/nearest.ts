/** Which of several results that are refused is meant where one is spoken of: an entry, and its earlier versions. */
import * as fs from 'node:fs';
import type { EntryRecord } from '../record/record.js';
import type { StoredEntry } from '../record/stored-entry.js';

/** A result that may not be used, and why. */
export interface Refused {
  entry: StoredEntry;
  reason: string;
}

/** The one whose code differs least; of equals, the one that was used last. @param distance how many parts of its code differ */
export function nearest(refused: readonly Refused[], distance: (record: EntryRecord) => number): Refused | undefined {
  const [first, ...others] = refused;
  if (others.length === 0) return first;
  const judged = refused.map((each) => ({
    each,
    parts: distance(each.entry.record),
    usedAt: usedAt(each.entry.stem),
  }));
  judged.sort((one, other) => one.parts - other.parts || other.usedAt - one.usedAt);
  return judged[0]?.each;
}

/** Notes that a result was used which is one of several. A folder that cannot be written notes nothing. */
export function noteUsed(stem: string): void {
  const now = new Date();
  try {
    fs.utimesSync(`${stem}.json`, now, now);
  } catch {
    // Then another one may be spoken of.
  }
}

function usedAt(stem: string): number {
  return fs.statSync(`${stem}.json`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
