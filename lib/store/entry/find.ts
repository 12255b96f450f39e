/** Finding an entry among what lies on disk: the record decides, never the name alone. */
import * as fs from 'node:fs';
import type { Place } from '../disk/place.js';
import { sameIdentity, type Identity } from '../record/identity.js';
import { filesOf } from '../record/files-of.js';
import { readRecord } from '../record/read-text.js';
import { stampOfBoth } from './record-stamp.js';
import { isSameOwner } from '../record/same-owner.js';
import { isOfNewerFormat, parseRecord, readIdentity, type EntryRecord } from '../record/record.js';

/**
 * What is at a place for an identity. `damaged` is ours, but its record cannot be trusted; `newer` is intact, and of a
 * format that only a later version knows.
 */
export type Found = { /** Of the records that were read, as `recordStamp` gives it. */ stamp: string } & (
  | { kind: 'entry'; stem: string; record: EntryRecord }
  | { kind: 'damaged'; stem: string }
  | { kind: 'newer'; stem: string }
  | {
      kind: 'absent';
      /** Is there a record under the plain name, another's? */
      isTaken: boolean;
    }
);

/** Looks for the entry under both names it can have. */
export function findEntry(place: Place, identity: Identity): Found {
  let newer: string | undefined;
  const stamps: (string | undefined)[] = [];
  const stamp = (): string => stampOfBoth(...stamps);
  for (const stem of [place.plain, place.alternative]) {
    const read = readRecord(`${stem}.json`);
    stamps.push(read?.stamp);
    if (read === undefined) continue;
    const { text } = read;
    const record = parseRecord(text);
    if (record !== undefined) {
      if (sameIdentity(record.identity, identity) && isSameOwner(record.package, place.owner))
        return { kind: 'entry', stem, record, stamp: stamp() };
    } else {
      const shown = readIdentity(text);
      if (shown === undefined || !sameIdentity(shown, identity)) continue;
      if (!isOfNewerFormat(text)) return { kind: 'damaged', stem, stamp: stamp() };
      newer ??= stem;
    }
  }
  if (newer !== undefined) return { kind: 'newer', stem: newer, stamp: stamp() };
  return { kind: 'absent', isTaken: stamps[0] !== undefined, stamp: stamp() };
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
