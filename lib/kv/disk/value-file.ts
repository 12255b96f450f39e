/** The files of large values: written once under a unique name, read as a whole, removed. */
import { isUint8Array } from 'node:util/types';
import * as fs from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { InvalidOptionError } from '../../base/errors.js';
import { discardFile, isErrno, readInto, removeEmptyFolders, writeAll } from '../../base/files/files.js';
import { NotAFileError, openRegularFile, type OpenFile } from '../../base/files/open-regular-file.js';
import { DATABASE_NAME } from './database-name.js';
import { DatabaseError } from '../base/errors.js';

/** How often a folder is made anew that others remove because it is empty. */
const TRIES = 10;

/** What the system says where there is no file of a name, or a link. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ELOOP'];

/**
 * Where a value's file is; `undefined` where its name leads out of the cache's folder, through a link in it perhaps, or is
 * that of a database. The names are in the database, which may be damaged or of another's making: nothing but values is
 * read or removed for its sake.
 */
export function valuePath(directory: string, filename: unknown): string | undefined {
  if (typeof filename !== 'string' || filename.includes('\0') || isAbsolute(filename)) return undefined;
  const steps = normalize(filename).split(sep);
  const name = steps.pop() as string;
  if (name === '' || name === '.' || name === '..' || steps[0] === '..' || name.toLowerCase().startsWith(DATABASE_NAME))
    return undefined;
  let folder = directory;
  for (const step of steps) {
    folder = join(folder, step);
    if (isLink(folder)) return undefined;
  }
  return join(folder, name);
}

function isLink(path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    // What cannot be looked at cannot be opened either, and that error says why.
    return false;
  }
}

/** Writes a new file. */
export function writeValueFile(path: string, bytes: Uint8Array): void {
  const fd = inFolder(path, () => fs.openSync(path, 'wx'));
  try {
    writeAll(fd, [bytes]).sync();
  } finally {
    fs.closeSync(fd);
  }
}

/** Writes a new file from a stream and says how long it is. */
export async function writeValueStream(path: string, stream: AsyncIterable<Uint8Array>): Promise<number> {
  const fd = inFolder(path, () => fs.openSync(path, 'wx'));
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<unknown>) {
      if (!isUint8Array(chunk)) {
        throw new InvalidOptionError(
          'a stream that is stored must give bytes (Buffers or Uint8Arrays), not text or objects',
        );
      }
      await writeAll(fd, [chunk]).async();
      size += chunk.length;
    }
  } finally {
    fs.closeSync(fd);
  }
  return size;
}

/** Makes the file's folder, and again if another process removes it before the file is in it. */
function inFolder<T>(path: string, make: () => T): T {
  for (let count = 1; ; count++) {
    fs.mkdirSync(dirname(path), { recursive: true });
    try {
      return make();
    } catch (error) {
      if (!isErrno(error, 'ENOENT') || count === TRIES) throw error;
    }
  }
}

/** The bytes of a file; `undefined` where there is none, or another than was written: a link, or of another length. */
export function readValueFile(path: string, size: number): Buffer | undefined {
  return withFile(path, size, (fd) => {
    try {
      const bytes = Buffer.allocUnsafeSlow(size);
      return readInto(fd, bytes, 0).sync() === size ? bytes : undefined;
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** A stream over a file, open already: removing the file does not break it. `undefined` as above. */
export function streamValueFile(path: string, size: number): Readable | undefined {
  return withFile(path, size, (fd) => fs.createReadStream(path, { fd, autoClose: true }));
}

function withFile<T>(path: string, size: number, use: (fd: number) => T): T | undefined {
  let file: OpenFile;
  try {
    file = openRegularFile(path, { followsLinks: false });
  } catch (error) {
    if (error instanceof NotAFileError || NOT_THERE.some((code) => isErrno(error, code))) return undefined;
    throw new DatabaseError(`a value's file could not be read: ${String(error)}`, { cause: error });
  }
  if (Number(file.stat.size) === size) return use(file.fd);
  fs.closeSync(file.fd);
  return undefined;
}

/** Removes a file, and the folders above it that it leaves empty, up to the cache's own. Whatever stays is `check`'s. */
export function removeValueFile(path: string, top: string): void {
  discardFile(path);
  try {
    removeEmptyFolders(dirname(path), `${top}/`);
  } catch {
    // A folder that stays does no harm.
  }
}
