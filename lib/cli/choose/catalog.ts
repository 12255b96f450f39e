/** The stored entries of some tags, as a list shows them. Records are read, data is not. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import {
  isOfNewerFormat,
  looksLikeRecord,
  parseSummary,
  readIdentity,
  type RecordSummary,
} from '../../store/record/record.js';
import type { Identity } from '../../store/record/identity.js';
import { recordNamesIn, type RecordName, type Share } from './entry-names.js';
import type { Patterns } from './pattern.js';
import { readRecordFile, type FileStamp, type RecordFile } from '../../store/record/read-record-file.js';
import type { TagFolder } from './tag-folder.js';

/**
 * - `'stored'`: record and data are there; whether the data is right, `stowage verify` says
 * - `'pruned'`: the data was removed and the record kept
 * - `'invalidated'`: said to be wrong by hand, and not computed again since
 * - `'damaged'`: the seal of the record is not that of its text
 * - `'missing data'`: there is no data file, and it was not pruned
 * - `'unreadable'`: of a format that only a later version knows, or not for this user to read
 * - `'foreign'`: the copy of another tag's entry, or of another call's
 */
export type StoredState = 'stored' | 'pruned' | 'invalidated' | 'damaged' | 'missing data' | 'unreadable' | 'foreign';

/** States in which something is wrong with an entry. */
export const WRONG_STATES: readonly StoredState[] = ['damaged', 'missing data'];

/** An entry as a list shows it. */
export interface CatalogEntry {
  folder: TagFolder;
  /** Path without extension. */
  stem: string;
  /** File name without extension; of a call with a key, that of its method's folder. */
  name: string;
  key?: string;
  /** It is an earlier version of the entry: the digest at the end of its name. */
  version?: string;
  state: StoredState;
  /** Bytes of its data file: none where the value lies in the record, or was pruned. */
  dataBytes: number;
  recordBytes: number;
  /**
   * Seconds since the epoch: when the record was last read by a call, as the file system knows it, or when the result was
   * computed, if that is later. Most systems note a reading once a day (`relatime`), some never (`noatime`).
   */
  lastUse: number;
  /** Whose result it is; of a damaged record, if it still shows. */
  identity?: Identity;
  /** What the record says; absent where it is damaged, or of a later format. */
  summary?: RecordSummary;
  /** The record's file as it was when it was read. */
  stamp?: FileStamp;
}

/** The entries of a tag's folder that patterns pick. Files that are no records of ours are passed over. */
export function* entriesOf(folder: TagFolder, patterns: Patterns, share?: Share): Generator<CatalogEntry> {
  const { fitsName, fits } = patterns.within(folder);
  for (const record of recordNamesIn(folder.path, fitsName, share)) {
    const entry = fits(record) ? entryAt(folder, record) : undefined;
    if (entry !== undefined) yield entry;
  }
}

/** The entry of a record's name; `undefined` where no record is there. */
export function entryAt(
  folder: TagFolder,
  { stem, name, key, version, siblings }: RecordName,
): CatalogEntry | undefined {
  const entry: CatalogEntry = { folder, stem, name, state: 'unreadable', dataBytes: 0, recordBytes: 0, lastUse: 0 };
  if (key !== undefined) entry.key = key;
  if (version !== undefined) entry.version = version;
  let file: RecordFile | undefined;
  try {
    file = readRecordFile(`${stem}.json`);
  } catch {
    // The others can be listed all the same.
    return entry;
  }
  if (file === undefined) return undefined;
  entry.recordBytes = file.bytes;
  entry.stamp = file.stamp;
  entry.lastUse = file.readAt;
  const summary = parseSummary(file.text);
  return summary === undefined ? withoutSummary(entry, file.text) : withSummary(entry, summary, siblings);
}

function withSummary(entry: CatalogEntry, summary: RecordSummary, siblings: ReadonlySet<string>): CatalogEntry {
  const { file, bytes, identity, computedAt } = summary;
  const hasData = file !== undefined && (siblings.has(file) || fs.existsSync(join(dirname(entry.stem), file)));
  entry.state = stateOf(entry, summary, hasData);
  if (hasData) entry.dataBytes = bytes;
  entry.lastUse = Math.max(entry.lastUse, computedAt);
  entry.identity = identity;
  entry.summary = summary;
  return entry;
}

function withoutSummary(entry: CatalogEntry, text: string): CatalogEntry | undefined {
  const state = stateOfText(text);
  if (state === undefined) return undefined;
  entry.state = state;
  const identity = readIdentity(text);
  if (identity !== undefined) entry.identity = identity;
  return entry;
}

function stateOfText(text: string): StoredState | undefined {
  if (isOfNewerFormat(text)) return 'unreadable';
  return looksLikeRecord(text) ? 'damaged' : undefined;
}

function stateOf(entry: CatalogEntry, summary: RecordSummary, hasData: boolean): StoredState {
  if (!isOf(entry, summary.identity)) return 'foreign';
  if (summary.file !== undefined && !hasData) return summary.pruned === undefined ? 'missing data' : 'pruned';
  return summary.invalidated === true ? 'invalidated' : 'stored';
}

/**
 * Does the name fit the identity? Of many entries only as far as that is cheap; a command that removes an entry looks
 * closer.
 */
function isOf({ folder, stem }: Pick<CatalogEntry, 'folder' | 'stem'>, { prefix, tag, key, name }: Identity): boolean {
  // A function cache is at home wherever it lies.
  if (name !== undefined) return dirname(stem) === folder.path;
  if (prefix + tag !== folder.folderName) return false;
  return key === undefined ? dirname(stem) === folder.path : stem.includes(`/${key.slice(0, 2)}/${key.slice(2)}`);
}
