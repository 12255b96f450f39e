/** Finding an entry among what lies on disk: the record decides, never the name alone. */
import * as fs from 'node:fs';
import type { Place } from '../disk/place.js';
import { sameIdentity, type Identity } from '../record/identity.js';
import { filesOf } from '../record/files-of.js';
import { readRecord } from '../record/read-text.js';
import { isSameOwner } from '../record/same-owner.js';
import { isOfNewerFormat, parseRecord, readIdentity, type EntryRecord } from '../record/record.js';

/**
 * What is at a place for an identity. `damaged` is ours, but its record cannot be trusted; `newer` is intact, and of a
 * format that only a later version knows.
 */
export type Found = { /** The records that were read, under either name. */ records: Records } & (
  | { kind: 'entry'; stem: string; record: EntryRecord }
  | {
      kind: 'damaged';
      stem: string;
      /** Of its earlier versions, where they were looked for. */
      generation?: number;
    }
  | { kind: 'newer'; stem: string }
  | {
      kind: 'absent';
      /** Is there a record under the plain name, another's? */
      isTaken: boolean;
    }
);

interface Records {
  plain?: fs.BigIntStats;
  alternative?: fs.BigIntStats;
}

const NAMES = ['plain', 'alternative'] as const;

/** Looks for the entry under both names it can have. */
export function findEntry(place: Place, identity: Identity): Found {
  let newer: string | undefined;
  const records: Records = {};
  for (const name of NAMES) {
    const stem = place[name];
    const read = readRecord(`${stem}.json`);
    if (read === undefined) continue;
    const { text } = read;
    records[name] = read.stat;
    const record = parseRecord(text);
    if (record !== undefined) {
      if (sameIdentity(record.identity, identity) && isSameOwner(record.package, place.owner))
        return { kind: 'entry', stem, record, records };
    } else {
      const shown = readIdentity(text);
      if (shown === undefined || !sameIdentity(shown, identity)) continue;
      if (!isOfNewerFormat(text)) return { kind: 'damaged', stem, records };
      newer ??= stem;
    }
  }
  if (newer !== undefined) return { kind: 'newer', stem: newer, records };
  return { kind: 'absent', isTaken: records.plain !== undefined, records };
}

/**
 * The entry whose value has a digest, where projects have entries of one identity side by side; otherwise the one that is
 * found first.
 */
export function findEntryWith(place: Place, identity: Identity, digest: string): Found {
  const first = findEntry(place, identity);
  if (first.kind !== 'entry' || first.record.digest === digest || first.stem === place.alternative) return first;
  const second = findEntry({ ...place, plain: place.alternative }, identity);
  return second.kind === 'entry' && second.record.digest === digest ? second : first;
}

/**
 * The name, without extension, that the entry has or would get. The plain name is taken if a file is there that is
 * not ours: a record of another identity, or data without a record, which another program may have put there.
 */
export function stemOf(place: Place, found: Found, extension: string | undefined): string {
  const hasForeignData = (stem: string, own: readonly string[] = []): boolean =>
    extension !== undefined && !own.includes(`${stem}.${extension}`) && fs.existsSync(`${stem}.${extension}`);
  switch (found.kind) {
    case 'entry':
      // What its last codec did not write, another program did.
      return hasForeignData(found.stem, filesOf(found.stem, found.record)) ? place.alternative : found.stem;
    case 'damaged':
      return found.stem;
    case 'newer':
      return place.alternative;
    case 'absent':
      return found.isTaken || hasForeignData(place.plain) ? place.alternative : place.plain;
  }
}
