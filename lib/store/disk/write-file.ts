/** The one way in which files are written: under a name of their own first, to the disk, then by a rename. */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { discardFile, syncFolder, syncToDisk, temporaryName, writeAll } from '../../base/files/files.js';
import { createFile, type Around } from '../../base/files/new-file.js';
import { perform, type Flow } from '../../base/run/flow.js';

export interface WriteOptions {
  /** Wait until the disk has it. */
  durable: boolean;
  /** The folder, where that has just been looked at. */
  around?: Around;
}

/** Writes a file that must not be there yet. @param look called when all is written; its answer is the flow's */
export function* writeFile<T = void>(
  path: string,
  chunks: readonly Uint8Array[],
  { durable, around }: WriteOptions,
  look?: (fd: number) => T,
): Flow<T> {
  const fd = createFile(path, durable, around);
  try {
    yield* perform(writeAll(fd, chunks));
    if (durable) yield* perform(syncToDisk(fd));
    return look?.(fd) as T;
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Puts a file in the place of another, at once and as a whole. File system errors are thrown, with nothing left behind.
 * @param mayReplace asked when all is written
 */
export function* replaceFile(
  path: string,
  chunks: readonly Uint8Array[],
  options: WriteOptions,
  mayReplace: () => boolean,
): Flow<void> {
  const temporary = temporaryName(path);
  try {
    yield* writeFile(temporary, chunks, options);
    if (!mayReplace()) {
      discardFile(temporary);
      return;
    }
    fs.renameSync(temporary, path);
  } catch (error) {
    discardFile(temporary);
    throw error;
  }
  if (options.durable) syncFolder(dirname(path));
}
