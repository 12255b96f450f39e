import type { EntryRecord } from './record.js';

/** The files beside a record that are its entry's. */
export function filesOf({ file, beside = [] }: EntryRecord): string[] {
  return file === undefined ? beside : [file, ...beside];
}
