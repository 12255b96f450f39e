/** Another record for data that stays where it is. */
import * as fs from 'node:fs';
import { discardFile, removeFile, temporaryName } from '../base/files.js';
import { formatRecord, type EntryRecord } from './record.js';

/** Replaces a record. File system errors are thrown, with the old record in place. */
export function rewriteRecord(stem: string, record: EntryRecord): void {
  const path = `${stem}.json`;
  const temporary = temporaryName(path);
  try {
    fs.writeFileSync(temporary, formatRecord(record), { flag: 'wx', mode: 0o600, flush: true });
    fs.renameSync(temporary, path);
  } catch (error) {
    discardFile(temporary);
    throw error;
  }
}

/** Notes in the record where the data lies now, after its checksum was found right: a copied folder, for example. */
export function restamp(stem: string, record: EntryRecord, stat: fs.BigIntStats): void {
  const path = `${stem}.json`;
  const temporary = temporaryName(path);
  const before = formatRecord(record);
  // Data that has come back is no longer pruned.
  const { pruned: _, ...kept } = record;
  const stamped = { ...kept, mtimeNs: String(stat.mtimeNs), inode: String(stat.ino) };
  try {
    fs.writeFileSync(temporary, formatRecord(stamped), { flag: 'wx', mode: 0o600 });
    // A writer may have replaced the entry meanwhile; its record must not make way for the one before it.
    if (fs.readFileSync(path, 'utf8') === before) fs.renameSync(temporary, path);
    else removeFile(temporary);
  } catch {
    // A folder that cannot be written costs the next load a checksum, nothing more.
    discardFile(temporary);
  }
}
