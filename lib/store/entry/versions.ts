/**
 * Earlier versions of an entry: results of other code, each under a name of its own beside the entry, which are used again
 * when that code is back. The entry's record says which there are, and which of them hold: those of its generation.
 */
import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { discardFile, removeFile } from '../../base/files/files.js';
import { filesOf } from '../record/files-of.js';
import { identityText, sameIdentity, type Identity } from '../record/identity.js';
import { lineOf } from '../record/line.js';
import { readRecordText } from '../record/read-text.js';
import { isSameOwner } from '../record/same-owner.js';
import { parseRecord, type EntryRecord } from '../record/record.js';
import type { StoredEntry } from '../record/stored-entry.js';
import type { Place } from '../disk/place.js';

/** No other name of ours ends so: `~` is escaped in what users choose, and other digests have 16 digits. */
const ENDING = /~[0-9a-f]{12}$/;

/** The name of a version, without extension. It is no longer than the second name that an entry can have. */
export function versionStem({ plain }: Pick<Place, 'plain'>, identity: Identity, line: string): string {
  return `${plain}~${hash('sha256', `${identityText(identity)} ${line}`, 'hex').slice(0, 12)}`;
}

/** Is it the name of a version, by its looks? */
export function isVersionStem(stem: string): boolean {
  return ENDING.test(stem);
}

/** The name of the entry that a version belongs to. */
export function withoutVersion(stem: string): string {
  return stem.replace(ENDING, '');
}

/** The version of an entry that comes from some code, if it is there. */
export function versionAt(place: Place, identity: Identity, line: string): StoredEntry | undefined {
  const stem = versionStem(place, identity, line);
  const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
  if (record === undefined || lineOf(record) !== line) return undefined;
  const isOurs = sameIdentity(record.identity, identity) && isSameOwner(record.package, place.owner);
  return isOurs ? { stem, record } : undefined;
}

/**
 * The versions of an entry that hold, as they are asked for, the latest first.
 * @param present the entry's record
 * @param own code whose versions come before the others
 */
export function* versionsOf(
  place: Place,
  identity: Identity,
  { versions = [], generation, invalidated }: EntryRecord,
  own?: string,
): Generator<StoredEntry> {
  if (invalidated === true) return;
  const isOwn = (note: { own: string }): boolean => note.own === own;
  for (const { line } of [...versions.filter(isOwn), ...versions.filter((note) => !isOwn(note))]) {
    const version = versionAt(place, identity, line);
    // What was invalidated, by whatever program, leaves versions behind that hold no longer.
    if (version?.record.generation === generation) yield version;
  }
}

/** The one that a writer has made of what is there, and has not put another in its place. */
export function* ownVersion(place: Place, identity: Identity, present: EntryRecord): Generator<StoredEntry> {
  const version = versionAt(place, identity, lineOf(present));
  if (version?.record.generation === present.generation) yield version;
}

/** The versions of an entry whose record is damaged, and names none any more: those that lie there, the latest first. */
export function versionsFound(place: Place, identity: Identity): StoredEntry[] {
  const folder = dirname(place.plain);
  const found = fs.readdirSync(folder).flatMap((name): StoredEntry[] => {
    const stem = join(folder, name.replace(/\.json$/, ''));
    if (!name.endsWith('.json') || !isVersionStem(stem) || withoutVersion(stem) !== place.plain) return [];
    const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
    const version = record && versionAt(place, identity, lineOf(record));
    return version?.stem === stem ? [version] : [];
  });
  const generation = Math.max(...found.map(({ record }) => record.generation));
  // What was invalidated leaves versions of an earlier generation behind.
  return found
    .filter(({ record }) => record.generation === generation)
    .sort((one, other) => other.record.computedAt - one.record.computedAt);
}

/** Removes a version and its data, if it is there. */
export function removeVersion(stem: string): void {
  const text = readRecordText(`${stem}.json`);
  if (text === undefined) return;
  const record = parseRecord(text);
  removeFile(`${stem}.json`);
  if (record !== undefined) for (const path of filesOf(stem, record)) discardFile(path);
}

/** Removes all versions that an entry's record speaks of, and the one that a writer may have been about to make of it. */
export function removeVersions(place: Pick<Place, 'plain'>, present: EntryRecord): void {
  for (const line of [lineOf(present), ...(present.versions ?? []).map((note) => note.line)])
    removeVersion(versionStem(place, present.identity, line));
}

/** The record of a version, under the version's name. */
export function renamedFor(stem: string, record: EntryRecord, from: string): EntryRecord {
  const { versions: _, replaced: __, beside: ___, ...kept } = record;
  if (record.file === undefined) return kept;
  return { ...kept, file: basename(stem) + record.file.slice(basename(from).length) };
}
