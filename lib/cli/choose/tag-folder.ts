/** The folders of tags in a folder of tags. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../base/thrown.js';
import { isErrno } from '../../base/files/files.js';
import { compareNames } from '../../base/text/order.js';
import { checkFolder, isMarked } from '../../store/disk/folder.js';
import { parseSummary } from '../../store/record/record.js';
import { recordNamesIn, type RecordName } from './entry-names.js';
import { CommandError } from '../terminal/errors.js';
import { readRecordFile } from '../../store/record/read-record-file.js';

/** A folder that holds the entries of a tag. */
export interface TagFolder {
  path: string;
  /** Prefix and tag. */
  folderName: string;
  prefix: string;
  tag: string;
}

/**
 * The folders that Stowage has marked as its own, and those that hold an adopted file; in the order of their tags.
 * Links, and folders of other users where all share a folder, are passed over.
 * @param prefix only folders whose name begins with it
 */
export function tagFolders(tmpdir: string, prefix: string | undefined): TagFolder[] {
  const folders: TagFolder[] = [];
  for (const entry of foldersIn(tmpdir)) {
    const folder = entry.isDirectory() ? tagFolderAt(tmpdir, entry.name, prefix) : undefined;
    if (folder !== undefined) folders.push(folder);
  }
  return folders.sort(
    (one, other) => compareNames(one.tag, other.tag) || compareNames(one.folderName, other.folderName),
  );
}

function foldersIn(tmpdir: string): fs.Dirent[] {
  try {
    return fs.readdirSync(tmpdir, { withFileTypes: true });
  } catch (cause) {
    const why = isErrno(cause, 'ENOENT') ? 'does not exist' : `cannot be read (${messageOf(cause)})`;
    throw new CommandError(`the folder of tags ${tmpdir} ${why}: name another with --tmpdir or STOWAGE_TMPDIR`, {
      cause,
    });
  }
}

/** The folder of a tag, if it is one. */
export function tagFolderAt(tmpdir: string, folderName: string, prefix: string | undefined): TagFolder | undefined {
  const path = join(tmpdir, folderName);
  try {
    if ((prefix !== undefined && !isPrefix(prefix, folderName)) || !checkFolder(path)) return undefined;
    const marked = isMarked(path);
    const found = prefixIn(path, folderName, marked ? firstRecordsIn(path) : adoptedIn(path));
    if (found === undefined && !marked) return undefined;
    const known = prefix ?? found ?? (isPrefix('cache', folderName) ? 'cache' : '');
    return { path, folderName, prefix: known, tag: folderName.slice(known.length) };
  } catch {
    // Another user's folder, or a folder that cannot be read.
    return undefined;
  }
}

function isPrefix(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && name.length > prefix.length;
}

/** The first is mostly one that tells: then the others are not listed. */
function* firstRecordsIn(folder: string): Generator<Pick<RecordName, 'stem'>> {
  const names = fs.opendirSync(folder);
  try {
    for (let entry = names.readSync(); entry !== null; entry = names.readSync())
      if (entry.isFile() && entry.name.endsWith('.json')) yield { stem: join(folder, entry.name.slice(0, -5)) };
  } finally {
    names.closeSync();
  }
  yield* recordNamesIn(folder);
}

/** A folder without our mark is one of ours only by an adopted file, which has its record beside it. */
function* adoptedIn(folder: string): Generator<RecordName> {
  for (const record of recordNamesIn(folder, (name) => fs.existsSync(join(folder, `${name}.json`)))) {
    if (record.siblings.has(`${record.name}.npy`) || record.siblings.has(`${record.name}.arrow`)) yield record;
  }
}

/** Records to look at for the first that is one: a folder may be full of other JSON. */
const MOST_LOOKS = 20;

/** Where the prefix ends is told by the first entry. */
function prefixIn(folder: string, folderName: string, records: Iterable<Pick<RecordName, 'stem'>>): string | undefined {
  let looks = 0;
  for (const { stem } of records) {
    if (looks++ === MOST_LOOKS) return undefined;
    const identity = parseSummary(readRecordFile(`${stem}.json`)?.text ?? '')?.identity;
    if (identity !== undefined && identity.prefix + identity.tag === folderName) return identity.prefix;
  }
  return undefined;
}
