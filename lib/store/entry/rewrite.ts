/** Another record for data that stays where it is. */
import * as fs from 'node:fs';
import { textBytes } from '../../base/text/text-bytes.js';
import { discardFile, removeFile, temporaryName } from '../../base/files/files.js';
import { runNow } from '../../base/run/flow.js';
import { stampedAnew } from '../../base/files/file-stamps.js';
import { writeNewFile } from '../../base/files/new-file.js';
import { readText } from '../record/read-text.js';
import { formatRecord, type EntryRecord } from '../record/record.js';
import { replaceFile } from '../disk/write-file.js';

/** Replaces a record. File system errors are thrown, with the old record in place. */
export function rewriteRecord(stem: string, record: EntryRecord): void {
  runNow(replaceFile(`${stem}.json`, [textBytes(formatRecord(record))], { durable: true }, () => true));
}

/**
 * Notes in the record where the data lies now, after its checksum was found right, and what its input files look like,
 * after their content was found to be the same: a copied folder, for example. Where all is as it says, nothing is written.
 * @param stat of the data; absent where that is what the record says, or is not known
 */
export function restamp(stem: string, record: EntryRecord, stat?: fs.BigIntStats): void {
  const trace = stampedAnew(record.trace);
  if (stat === undefined && trace === undefined) return;
  const path = `${stem}.json`;
  const temporary = temporaryName(path);
  const before = formatRecord(record);
  const stamped = {
    ...(stat === undefined ? record : whereItLies(record, stat)),
    ...(trace !== undefined && { trace }),
  };
  try {
    writeNewFile(temporary, formatRecord(stamped));
    // A writer may have replaced the entry meanwhile; its record must not make way for the one before it.
    if (readText(path) === before) fs.renameSync(temporary, path);
    else removeFile(temporary);
  } catch {
    // A folder that cannot be written costs the next load a checksum, nothing more.
    discardFile(temporary);
  }
}

function whereItLies(record: EntryRecord, { mtimeNs, ino }: fs.BigIntStats): EntryRecord {
  // Data that has come back is no longer pruned.
  const { pruned: _, ...kept } = record;
  return { ...kept, mtimeNs: String(mtimeNs), inode: String(ino) };
}
