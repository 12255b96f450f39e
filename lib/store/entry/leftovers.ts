/**
 * What writers leave behind that were killed: temporary files, and data whose record was about to get its name. The next
 * writer or reader finishes what only lacked that last step, and removes the rest. Files of writers that live, or that
 * cannot be seen from here and may live, and files of other programs are left alone.
 */
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { now } from '../../base/clock.js';
import { discardFile, isErrno, syncFolder } from '../../base/files/files.js';
import { run } from '../../base/run/flow.js';
import { NotAFileError, openRegularFile, type OpenFile } from '../../base/files/open-regular-file.js';
import { finalNameOf, isLeftBehind } from '../../base/files/writer.js';
import { findEntry } from './find.js';
import { lineOf } from '../record/line.js';
import { readRecordText } from '../record/read-text.js';
import { isVersionStem, versionStem } from './versions.js';
import { entryFolder } from '../disk/folder.js';
import { entryFolders, namesIn } from '../disk/list-files.js';
import type { Identity } from '../record/identity.js';
import { placeIn, placeOf, type Place } from '../disk/place.js';
import { checksumOfFile } from '../disk/read-data.js';
import { parseRecord, type EntryRecord } from '../record/record.js';

/** After how many seconds a process looks at a folder again that it writes to. */
const LOOK_AGAIN_AFTER = 3600;
const lookedAt = new Map<string, number>();

/**
 * Settles a folder when this process first misses something there, or writes: one listing, whatever comes later. Never
 * throws.
 * @returns whether anything changed
 */
export function settleOnce(folder: string, directory: string): boolean {
  const last = lookedAt.get(directory);
  if (last !== undefined && now() - last < LOOK_AGAIN_AFTER) return false;
  if (lookedAt.size > 10_000) lookedAt.clear();
  lookedAt.set(directory, now());
  return settleIn(folder, directory, () => true);
}

/** Settles one folder of a tag. Never throws. */
export function settleFolder(folder: string, directory: string): void {
  settleIn(folder, directory, () => true);
}

/** Settles all folders of a tag. Never throws. */
export function settleAll(folder: string): void {
  for (const directory of entryFolders(folder)) settleFolder(folder, directory);
}

/**
 * Settles what belongs to one name of an entry. Never throws.
 * @param stem the entry's path without extension
 * @returns whether anything changed
 */
export function settleEntry(folder: string, stem: string): boolean {
  const start = `${basename(stem)}.`;
  return settleIn(folder, dirname(stem), (name) => name.startsWith(start));
}

/** Does a writer that lives hold a record of the entry ready? */
export function isBeingWritten(stem: string): boolean {
  const [directory, start] = [dirname(stem), `${basename(stem)}.json.`];
  return namesIn(directory).some(
    (name) => name.startsWith(start) && finalNameOf(name) !== undefined && !isLeftover(directory, name),
  );
}

function settleIn(folder: string, directory: string, concerns: (name: string) => boolean): boolean {
  let changed = false;
  try {
    const left = namesIn(directory).filter(
      (name) => name.endsWith('.tmp') && concerns(name) && isLeftover(directory, name),
    );
    if (left.length === 0 || entryFolder(folder, directory) === undefined) return false;
    for (const name of left) {
      if (finalNameOf(name)?.endsWith('.json') === true) settleRecord(folder, join(directory, name));
      discardFile(join(directory, name));
      changed = true;
    }
  } catch {
    // A folder that cannot be read or written has its fault reported by the call that stores there.
  }
  return changed;
}

/** Is it a temporary file that no writer is going to finish? */
export function isLeftover(directory: string, name: string): boolean {
  if (finalNameOf(name) === undefined) return false;
  const stat = fs.lstatSync(join(directory, name), { throwIfNoEntry: false });
  return stat?.isFile() === true && isLeftBehind(name, stat.mtimeMs / 1000);
}

/**
 * Gives a record its name whose data has its own already: the commit had begun, so the result had passed all checks.
 * Where that may not be, the data goes, unless the record that stands has it.
 */
function settleRecord(folder: string, temporary: string): void {
  const final = finalNameOf(temporary) ?? temporary;
  const stem = final.slice(0, -'.json'.length);
  const record = parseRecord(readRecordText(temporary) ?? '');
  if (isVersionStem(stem)) {
    settleVersion(stem, record);
    return;
  }
  if (record?.file === undefined || !isAtItsPlace(folder, stem, record) || !isDescribed(stem, record, record.file))
    return;
  const standing = findEntry(placeUnder(folder, record.identity), record.identity);
  const mayStand =
    standing.kind === 'entry'
      ? standing.stem === stem && isSupersededBy(standing.record, record)
      : standing.kind === 'absent' && readRecordText(final) === undefined;
  if (mayStand) {
    fs.renameSync(temporary, final);
    syncFolder(dirname(final));
  } else if (standing.kind === 'entry' && (standing.stem !== stem || standing.record.file !== record.file)) {
    discardFile(join(dirname(stem), record.file));
  }
}

/** What was to be kept has its old name still: of its second one nothing is needed, unless a record stands that has it. */
function settleVersion(stem: string, record: EntryRecord | undefined): void {
  if (record?.file?.startsWith(`${basename(stem)}.`) !== true) return;
  const standing = parseRecord(readRecordText(`${stem}.json`) ?? '');
  if (standing?.file !== record.file && !isBeingWritten(stem)) discardFile(join(dirname(stem), record.file));
}

/** Is a record under one of the two names that its identity gives, or under that of an earlier version? */
export function isAtItsPlace(
  folder: string,
  stem: string,
  record: Pick<EntryRecord, 'identity' | 'code' | 'codeSeen'>,
): boolean {
  const place = placeUnder(folder, record.identity);
  if (place.folder !== folder) return false;
  if (isVersionStem(stem)) return versionStem(place, record.identity, lineOf(record)) === stem;
  return place.plain === stem || place.alternative === stem;
}

/** Where an entry belongs that lies in a folder; that of a function cache is at home wherever it lies. */
export function placeUnder(folder: string, identity: Identity): Place {
  return identity.name === undefined ? placeOf(dirname(folder), identity) : placeIn(folder, identity);
}

/** Is the data beside it exactly the file that a record describes? */
function isDescribed(stem: string, record: EntryRecord, name: string): boolean {
  if (!name.startsWith(`${basename(stem)}.`)) return false;
  const path = join(dirname(stem), name);
  let file: OpenFile;
  try {
    file = openRegularFile(path, { followsLinks: false });
  } catch (error) {
    if (error instanceof NotAFileError || isErrno(error, 'ENOENT') || isErrno(error, 'ELOOP')) return false;
    throw error;
  }
  const { fd, stat } = file;
  try {
    return (
      stat.size === BigInt(record.bytes) &&
      String(stat.ino) === record.inode &&
      String(stat.mtimeNs) === record.mtimeNs &&
      run(checksumOfFile(fd)) === record.checksum
    );
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Has the data of a standing record been replaced by another's, so that it holds no longer? Not where the entry was
 * invalidated after the other was computed: that must stay so.
 */
function isSupersededBy(standing: EntryRecord, record: EntryRecord): boolean {
  return standing.file === record.file && standing.generation === record.generation;
}
