import { readFileSync, writeFileSync } from 'node:fs';
import { formatRecord, parseRecord, type EntryRecord } from '#lib/store/record/record.js';

/** Changes fields of the record in a file, which is whole again then. */
export function changeRecord(file: string, change: (record: EntryRecord) => Partial<EntryRecord>): void {
  const record = parseRecord(readFileSync(file, 'utf8'));
  if (record === undefined) throw new Error(`${file} is no record`);
  writeFileSync(file, formatRecord({ ...record, ...change(record) }));
}
