/** Removing entries: what a record says is ours, never what merely looks like it. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno, removeEmptyFolders, removeFile } from '../../base/files/files.js';
import { claims } from '../claim/claim.js';
import { readRecordText } from '../record/read-text.js';
import { checkFolder, markFolder } from '../disk/folder.js';
import { settleAll } from '../entry/leftovers.js';
import { isVersionStem } from '../entry/versions.js';
import { filesOf } from '../record/files-of.js';
import type { Identity } from '../record/identity.js';
import { parseRecord, type EntryRecord } from '../record/record.js';
import type { StoredEntry } from '../record/stored-entry.js';
import { throwDiskErrors } from '../entry/disk-errors.js';

/**
 * Every entry in a tag's folder, whichever process wrote it; earlier versions are none. Files that are no records of ours
 * are passed over; where a file is in the place of the folder, nothing is stored.
 * @throws StowageError `STOWAGE_DISK` where the folder, or a record in it, cannot be read
 */
export function storedEntries(folder: string): Generator<StoredEntry> {
  return entriesIn(folder, (stem) => !isVersionStem(stem));
}

/** The earlier versions of the entries, likewise. */
export function storedVersions(folder: string): Generator<StoredEntry> {
  return entriesIn(folder, isVersionStem);
}

function* entriesIn(folder: string, isMeant: (stem: string) => boolean): Generator<StoredEntry> {
  const files = filesIn(folder);
  const nextEntry = (): StoredEntry | undefined => {
    for (let next = files.next(); next.done !== true; next = files.next()) {
      const entry = isMeant(stemAt(next.value)) ? entryAt(next.value) : undefined;
      if (entry !== undefined) return entry;
    }
    return undefined;
  };
  for (
    let entry = throwDiskErrors(folder, 'read', nextEntry);
    entry !== undefined;
    entry = throwDiskErrors(folder, 'read', nextEntry)
  ) {
    yield entry;
  }
}

/** Every file that may belong to an entry: in the tag's folder, and in the folders of methods whose calls have keys. */
function* filesIn(folder: string): Generator<string> {
  if (!checkFolder(folder)) return;
  for (const entry of list(folder)) {
    if (entry.isDirectory()) {
      for (const shard of list(join(folder, entry.name))) {
        if (!shard.isDirectory()) continue;
        const path = join(folder, entry.name, shard.name);
        for (const file of list(path)) if (file.isFile()) yield join(path, file.name);
      }
    } else if (entry.isFile()) {
      yield join(folder, entry.name);
    }
  }
}

/** The files in a tag's folder that may be records, those of earlier versions included. */
export function* recordFilesIn(folder: string): Generator<string> {
  for (const path of filesIn(folder)) if (path.endsWith('.json')) yield path;
}

function entryAt(path: string): StoredEntry | undefined {
  if (!path.endsWith('.json')) return undefined;
  const record = parseRecord(readRecordText(path) ?? '');
  return record === undefined ? undefined : { stem: stemAt(path), record };
}

function stemAt(path: string): string {
  return path.slice(0, -'.json'.length);
}

function list(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/**
 * Removes the entries that `matches` picks, with their versions, the claims on such entries that no process holds any more, then the folders they
 * leave empty. The answer is how many entries there were.
 */
export function clearEntries(folder: string, matches: (identity: Identity) => boolean): number {
  // What a dead writer had all but stored would be finished later, and be back.
  settleAll(folder);
  let count = 0;
  const folders = new Set<string>();
  for (const path of filesIn(folder)) {
    if (claims.clear(path, matches)) folders.add(dirname(path));
    const entry = entryAt(path);
    if (entry === undefined || !matches(entry.record.identity)) continue;
    removeEntry(entry.stem, entry.record);
    folders.add(dirname(path));
    if (!isVersionStem(entry.stem)) count++;
  }
  tidyFolders(folder, folders);
  return count;
}

/** Removes what removing entries has left empty: their folders, and the tag's own where only its mark is left. */
export function tidyFolders(folder: string, emptied: ReadonlySet<string>): void {
  for (const each of emptied) if (each !== folder) removeEmptyFolders(each, `${folder}/`);
  if (emptied.size > 0) removeIfOnlyMarked(folder);
}

/** The record goes first: from then on there is no entry, whatever happens to its data. */
export function removeEntry(stem: string, record: EntryRecord): void {
  removeFile(`${stem}.json`);
  for (const path of filesOf(stem, record)) removeFile(path);
}

/** A tag folder that holds nothing but its mark goes too. */
function removeIfOnlyMarked(folder: string): void {
  const names = list(folder).map((entry) => entry.name);
  if (names.length > 1) return;
  const wasMarked = names[0] === 'CACHEDIR.TAG' && removeFile(join(folder, 'CACHEDIR.TAG'));
  removeEmptyFolders(folder, folder);
  // A writer has just begun to store there.
  if (wasMarked && fs.existsSync(folder)) markFolder(folder);
}
