/** The files of an entry beside its record. */
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EntryRecord } from './record.js';

/**
 * Paths of the files that are an entry's: what its record names, and the data that it replaced where the writer died
 * before removing that.
 * @param stem the entry's path without extension
 */
export function filesOf(stem: string, record: EntryRecord): string[] {
  const { replaced } = record;
  const named = namedFilesOf(stem, record);
  if (replaced === undefined) return named;
  const path = join(dirname(stem), replaced.file);
  return isFile(path, replaced) && !named.includes(path) ? [...named, path] : named;
}

/** Paths of the files that a record names as its entry's. */
export function namedFilesOf(stem: string, { file, beside = [] }: EntryRecord): string[] {
  const names = file === undefined ? beside : [file, ...beside];
  return names.map((name) => join(dirname(stem), name));
}

/** Is it that very file? Another program may have put one of its own there since. */
function isFile(path: string, { inode, mtimeNs }: NonNullable<EntryRecord['replaced']>): boolean {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() === true && String(stat.ino) === inode && String(stat.mtimeNs) === mtimeNs;
}
