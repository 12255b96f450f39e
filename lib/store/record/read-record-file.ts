/** Reading record files by the ten thousand. */
import * as fs from 'node:fs';
import { isErrno } from '../../base/files/files.js';

/** A record file as it lies there. */
export interface RecordFile {
  text: string;
  bytes: number;
  /** When it was last read by a program that says so, in seconds since the epoch; see {@link readRecordFile}. */
  readAt: number;
  /** Which file it was, and when it was changed, before it was read. */
  stamp: FileStamp;
}

/** What changes with whatever is done to a file: nobody can set the moment of a change (`ctime`). */
export interface FileStamp {
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  ino: number;
}

const flags = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;
// Not everywhere, and of the owner's files alone.
const noTrace = (fs.constants as { O_NOATIME?: number }).O_NOATIME ?? 0;

/** A record is some kilobytes, and the longest trace makes it some megabytes. */
const LARGEST_RECORD = 1 << 28;

/** Most records fit; it is used again for each. */
const room = Buffer.allocUnsafeSlow(1 << 16);

/**
 * Reads a record without leaving a trace of it where the system lets us (Linux, own files): the file's access time stays
 * that of the last call that looked at it. `undefined` where there is no such file, or none that can be a record.
 */
export function readRecordFile(path: string): RecordFile | undefined {
  let fd: number;
  try {
    fd = openQuietly(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].some((code) => isErrno(error, code))) return undefined;
    throw error;
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile() || stat.size > LARGEST_RECORD) return undefined;
    const memory = stat.size < room.length ? room : Buffer.allocUnsafe(stat.size + 1);
    let bytes = 0;
    for (let count = -1; count !== 0 && bytes < memory.length; bytes += count) {
      count = fs.readSync(fd, memory, bytes, memory.length - bytes, null);
      // One read gets all of a small file: another, to see its end, would be for nothing.
      if (bytes + count === stat.size) return told(memory.toString('utf8', 0, stat.size), stat.size, stat);
    }
    return told(memory.toString('utf8', 0, bytes), bytes, stat);
  } finally {
    fs.closeSync(fd);
  }
}

function told(text: string, bytes: number, stat: fs.Stats): RecordFile {
  return { text, bytes, readAt: stat.atimeMs / 1000, stamp: stampOf(stat) };
}

function stampOf({ size, mtimeMs, ctimeMs, ino }: fs.Stats): FileStamp {
  return { size, mtimeMs, ctimeMs, ino };
}

function openQuietly(path: string): number {
  try {
    return fs.openSync(path, flags | noTrace);
  } catch (error) {
    if (noTrace === 0 || !isErrno(error, 'EPERM')) throw error;
    return fs.openSync(path, flags);
  }
}
