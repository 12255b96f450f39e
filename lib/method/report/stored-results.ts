/** What is stored for a part of a hierarchy, and how often it has answered calls of this process. */
import { storedEntries } from '../../store/maintain/clear.js';
import { tagFolder } from '../../store/disk/place.js';
import type { EntryRecord } from '../../store/record/record.js';
import { stateOf } from '../state/instance-state.js';
import { belongsTo, partsOf, type Part } from '../hierarchy/subtree.js';
import { entryName } from '../state/use-name.js';

export interface StoredResult {
  record: EntryRecord;
  /** Calls that were answered with it while it has been in memory, the one that loaded it from disk included. */
  hits: number;
}

/**
 * The entries of an object and everything below it, in the order of the disk. Reads the records alone.
 * @throws UnsafeFolderError where the folder of the tag is not to be trusted
 * @throws StowageError `STOWAGE_DISK` where it cannot be read
 */
export function storedResults(object: object, caller: string): StoredResult[] {
  const results: StoredResult[] = [];
  for (const part of partsOf(object, caller)) {
    const { tmpdir, prefix, tag } = part.root;
    if (tag === undefined) continue;
    const hits = hitsUnder(part);
    for (const { record } of storedEntries(tagFolder(tmpdir, prefix, tag))) {
      if (!belongsTo(part, record.identity)) continue;
      results.push({ record, hits: hits.get(entryName(tmpdir, record.identity)) ?? 0 });
    }
  }
  return results;
}

/** How often what is in memory was handed out, by the entry's name. */
function hitsUnder({ root }: Part): Map<string, number> {
  const hits = new Map<string, number>();
  for (const [, analyzer] of root.reach.analyzers()) {
    for (const memory of stateOf(analyzer)?.memories ?? []) {
      for (const slot of memory?.slots.values() ?? []) hits.set(slot.name, slot.hits);
    }
  }
  return hits;
}
