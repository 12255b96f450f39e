/** Removing single entries that the user has seen in a list: what has changed since is left alone. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { now } from '../../base/clock.js';
import { removeFile } from '../../base/files/files.js';
import { claims } from '../claim/claim.js';
import { removeEntry } from './clear.js';
import { readRecordText } from '../record/read-text.js';
import { isVersionStem, removeVersions } from '../entry/versions.js';
import { isAtItsPlace, placeUnder } from '../entry/leftovers.js';
import { parseRecord, readSeal, type EntryRecord } from '../record/record.js';
import { rewriteRecord } from '../entry/rewrite.js';
import { dataOfDamaged } from './verify-entry.js';

/** What it came to. `changed`: the entry is another one by now, or gone; `in use`: it is just being computed. */
export type Removal = 'removed' | 'changed' | 'in use';

/** An entry as it was seen. */
export interface SeenEntry {
  /** The tag's folder. */
  folder: string;
  /** Path without extension. */
  stem: string;
  /** The seal of its record; absent where the record was damaged. */
  seal?: string;
}

/**
 * Removes the data of an entry and keeps its record, so that what was computed from it holds. The record says so first:
 * data that is missing without a word would be damage. A value that lives in its record stays.
 */
export function pruneEntry(seen: SeenEntry): Removal {
  return whileClaimed(seen, (record, text) => {
    const { stem } = seen;
    if (record.file === undefined) return 'removed';
    const data = join(dirname(stem), record.file);
    const before = stateOf(data);
    if (record.pruned === undefined) {
      // A call that computes without a claim may have stored another result meanwhile.
      if (readRecordText(`${stem}.json`) !== text) return 'changed';
      rewriteRecord(stem, { ...record, pruned: now() });
    }
    if (before !== undefined && stateOf(data) === before) removeFile(data);
    return 'removed';
  });
}

/** Removes an entry, record and data, and its earlier versions: what was computed from it is computed again. */
export function forgetEntry(seen: SeenEntry): Removal {
  return whileClaimed(seen, (record) => {
    removeEntry(seen.stem, record);
    if (!isVersionStem(seen.stem)) removeVersions(placeUnder(seen.folder, record.identity), record);
    return 'removed';
  });
}

/** Removes a record that is damaged, and the data that can only be its own. */
export function forgetDamaged({ stem }: SeenEntry): Removal {
  const path = `${stem}.json`;
  const text = readRecordText(path);
  if (text === undefined || readSeal(text) !== undefined) return 'changed';
  const data = dataOfDamaged(stem, text);
  removeFile(path);
  if (data !== undefined && fs.lstatSync(data, { throwIfNoEntry: false })?.isFile() === true) removeFile(data);
  return 'removed';
}

/** With the right to compute it, no other call is storing it. */
function whileClaimed(seen: SeenEntry, act: (record: EntryRecord, text: string) => Removal): Removal {
  const { folder, stem, seal } = seen;
  const text = readRecordText(`${stem}.json`);
  // It has gone with its entry.
  if (text === undefined && isVersionStem(stem)) return 'removed';
  const record = text === undefined ? undefined : parseRecord(text);
  if (text === undefined || record === undefined || readSeal(text) !== seal || !isAtItsPlace(folder, stem, record))
    return 'changed';
  // No call waits for what is removed: one that wants it computes it.
  const claim = claims.draft(placeUnder(folder, record.identity), record.identity);
  if (claims.attempt(claim).kind === 'held') return 'in use';
  try {
    return act(record, text);
  } finally {
    claim.release();
  }
}

/** What tells a file from another one of its name. */
function stateOf(path: string): string | undefined {
  const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() === true ? [stat.ino, stat.mtimeNs, stat.size].join(' ') : undefined;
}
