/** Removing entries: what a record says is ours, never what merely looks like it. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isErrno, removeEmptyFolders, removeFile } from '../base/files.js';
import { readText } from './find.js';
import { checkFolder } from './folder.js';
import { parseRecord, type EntryRecord, type Identity } from './record.js';

/** A stored entry as a sweep over a folder finds it. */
export interface StoredEntry {
  /** Path without extension. */
  stem: string;
  record: EntryRecord;
}

/** Every entry in a tag's folder, whoever wrote it. Files that are no records of ours are passed over. */
export function* storedEntries(folder: string): Generator<StoredEntry> {
  if (!checkFolder(folder)) return;
  for (const entry of list(folder)) {
    if (entry.isDirectory()) {
      for (const shard of list(join(folder, entry.name))) {
        if (!shard.isDirectory()) continue;
        const path = join(folder, entry.name, shard.name);
        for (const file of list(path)) yield* entryAt(path, file);
      }
    } else {
      yield* entryAt(folder, entry);
    }
  }
}

function* entryAt(folder: string, file: fs.Dirent): Generator<StoredEntry> {
  if (!file.isFile() || !file.name.endsWith('.json')) return;
  const path = join(folder, file.name);
  const record = parseRecord(readText(path) ?? '');
  if (record !== undefined) yield { stem: path.slice(0, -'.json'.length), record };
}

function list(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Removes the entries that `matches` picks, then the folders they leave empty. The answer is how many there were. */
export function clearEntries(folder: string, matches: (identity: Identity) => boolean): number {
  let count = 0;
  const folders = new Set<string>();
  for (const { stem, record } of storedEntries(folder)) {
    if (!matches(record.identity)) continue;
    removeEntry(stem, record);
    folders.add(dirname(stem));
    count++;
  }
  for (const each of folders) if (each !== folder) removeEmptyFolders(each, `${folder}/`);
  if (count > 0) removeIfOnlyMarked(folder);
  return count;
}

/** The record goes first: from then on there is no entry, whatever happens to its data. */
export function removeEntry(stem: string, record: EntryRecord): void {
  removeFile(`${stem}.json`);
  if (record.file !== undefined) removeFile(join(dirname(stem), record.file));
}

/** A tag folder that holds nothing but its mark goes too. */
function removeIfOnlyMarked(folder: string): void {
  const names = list(folder).map((entry) => entry.name);
  if (names.length === 1 && names[0] === 'CACHEDIR.TAG') removeFile(join(folder, 'CACHEDIR.TAG'));
  if (names.length <= 1) removeEmptyFolders(folder, folder);
}
