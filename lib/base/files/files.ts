/** The few file operations that move data, as steps; callers do the small ones synchronously. */
import * as fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { codeOf } from '../thrown.js';
import type { Step } from '../run/flow.js';
import { writerMark } from './writer.js';

/** One system call moves at most 2^31 - 1 bytes on Linux, and libuv refuses more. */
const LARGEST_TRANSFER = 1 << 30;

const readAsync = promisify(fs.read);
const writeAsync = promisify(fs.write);
const fsyncAsync = promisify(fs.fsync);

/** Fills `target` from a file; the answer is how many bytes there were. */
export function readInto(fd: number, target: Uint8Array, position: number): Step<number> {
  return {
    sync() {
      let done = 0;
      while (done < target.length) {
        const length = Math.min(target.length - done, LARGEST_TRANSFER);
        const count = fs.readSync(fd, target, done, length, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    async async() {
      let done = 0;
      while (done < target.length) {
        const length = Math.min(target.length - done, LARGEST_TRANSFER);
        const { bytesRead } = await readAsync(fd, target, done, length, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    },
  };
}

/** So many bytes are sooner copied into one piece than written in several. */
const FEW_BYTES = 1 << 16;

/** Writes chunks one after the other, from the views as they are: no chunk is copied, save where there are few bytes. */
export function writeAll(fd: number, chunks: readonly Uint8Array[]): Step<void> {
  const isSmall = chunks.length > 1 && chunks.reduce((total, { length }) => total + length, 0) <= FEW_BYTES;
  const pieces = isSmall ? [Buffer.concat(chunks)] : chunks;
  return {
    sync() {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) {
          done += fs.writeSync(fd, piece, done, Math.min(piece.length - done, LARGEST_TRANSFER));
        }
      }
    },
    async async() {
      for (const piece of pieces) {
        for (let done = 0; done < piece.length;) {
          const { bytesWritten } = await writeAsync(fd, piece, done, Math.min(piece.length - done, LARGEST_TRANSFER));
          done += bytesWritten;
        }
      }
    },
  };
}

/** `node --permission` refuses fsync, whatever it allows to be written. */
export function isSyncRefused(): boolean {
  return (process.permission as unknown) !== undefined;
}

/** Waits until the bytes of a file that `createFile` made are on the disk. */
export function syncToDisk(fd: number): Step<void> {
  return {
    sync() {
      if (!isSyncRefused()) fs.fsyncSync(fd);
    },
    async async() {
      if (!isSyncRefused()) await fsyncAsync(fd);
    },
  };
}

/**
 * Waits until a folder's names are on the disk. Nothing is done where the file system cannot do this for folders, or
 * the process may not ask for it: a lost name is a miss, no wrong value.
 */
export function syncFolder(folder: string): void {
  if (isSyncRefused()) return;
  // What took the folder's place, a named pipe for example, is not waited for.
  const fd = fs.openSync(folder, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    fs.fsyncSync(fd);
  } catch (error) {
    if (!isErrno(error, 'EINVAL') && !isErrno(error, 'ENOTSUP') && !isErrno(error, 'EPERM')) throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** A name beside `path` that no other writer uses, on this host or another: the writer and chance are in it. */
export function temporaryName(path: string): string {
  return `${path}.${writerMark()}-${randomDigits()}.tmp`;
}

const DIGITS = 5;
let drawn = Buffer.alloc(0);
let used = 0;

/** Drawn for many names at once: each time the system is asked costs as much as a file. */
function randomDigits(): string {
  if (used === drawn.length) {
    drawn = randomBytes(256 * DIGITS);
    used = 0;
  }
  return drawn.toString('hex', used, (used += DIGITS));
}

/** Removes a file; that it is gone already is no fault. */
export function removeFile(path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}

/** Removes a file of our own making that is of no more use, and ignores the disk's refusal. */
export function discardFile(path: string): void {
  try {
    removeFile(path);
  } catch {
    // A read-only file system refuses even to remove a missing file; the caller has a better error, or a value.
  }
}

/** What the system says of a folder that is not empty, or that it does not let us remove. */
const STAYING = ['ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'EBUSY'];

/**
 * Removes a folder and its parents below `top`, as far as they are empty. A folder that cannot be removed does no harm.
 */
export function removeEmptyFolders(folder: string, top: string): void {
  for (let current = folder; current.startsWith(top); current = dirname(current)) {
    try {
      fs.rmdirSync(current);
    } catch (error) {
      if (isErrno(error, 'ENOENT')) continue;
      if (STAYING.some((code) => isErrno(error, code))) return;
      throw error;
    }
  }
}

/** Is it a system error of this code, `'ENOENT'` for example? */
export function isErrno(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}
