/** Two who store one entry at once, without a claim, may each get one of its two files into place. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { readRecordText } from '../record/read-text.js';
import { parseRecord } from '../record/record.js';

/**
 * Do the record and the data of an entry belong together? A writer that has just stored it and finds that they do not stores it
 * again: the last of all who write looks last, so what stays is whole. What was removed meanwhile is no matter.
 * @param stem the entry's path without extension
 */
export function isWhole(stem: string): boolean {
  const record = parseRecord(readRecordText(`${stem}.json`) ?? '');
  if (record?.file === undefined) return true;
  const stat = fs.lstatSync(join(dirname(stem), record.file), { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && String(stat.ino) === record.inode && String(stat.mtimeNs) === record.mtimeNs;
}
