/** Finding an entry among what lies on disk: the record decides, never the name alone. */
import * as fs from 'node:fs';
import { isErrno } from '../base/files.js';
import type { Place } from './place.js';
import { parseRecord, readIdentity, sameIdentity, type EntryRecord, type Identity } from './record.js';

/** What is at a place for an identity. `damaged` is ours, but its record cannot be trusted. */
export type Found =
  | { kind: 'entry'; stem: string; record: EntryRecord }
  | { kind: 'damaged'; stem: string }
  | { kind: 'absent' };

/** Looks for the entry under both names it can have. */
export function findEntry(place: Place, identity: Identity): Found {
  for (const stem of [place.plain, place.alternative]) {
    const text = readText(`${stem}.json`);
    if (text === undefined) continue;
    const record = parseRecord(text);
    if (record !== undefined) {
      if (sameIdentity(record.identity, identity)) return { kind: 'entry', stem, record };
    } else {
      const shown = readIdentity(text);
      if (shown !== undefined && sameIdentity(shown, identity)) return { kind: 'damaged', stem };
    }
  }
  return { kind: 'absent' };
}

/**
 * The name, without extension, that the entry has or would get. The plain name is taken if a file is there that is
 * not ours: a record of another identity, or data without a record, which another program may have put there.
 */
export function stemOf(place: Place, identity: Identity, extension: string | undefined): string {
  const found = findEntry(place, identity);
  if (found.kind !== 'absent') return found.stem;
  const taken = fs.existsSync(`${place.plain}.json`) || (extension !== undefined && fs.existsSync(`${place.plain}.${extension}`));
  return taken ? place.alternative : place.plain;
}

/** A record file's text; `undefined` where there is none. */
export function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR') || isErrno(error, 'EISDIR')) return undefined;
    throw error;
  }
}
