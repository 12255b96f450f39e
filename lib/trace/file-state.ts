/** Files that a computation can declare: what they were, and whether they still are. */
import * as fs from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { isErrno } from '../base/files.js';
import { Xxh3 } from '../base/xxh3.js';

/** What a file was. */
export interface FileState {
  bytes: number;
  /** Modification time in nanoseconds, as a string: it exceeds 2^53. */
  mtimeNs: string;
  /** Checksum of the content; `'absent'` where there is no such file. */
  checksum: string;
}

const absent: FileState = { bytes: 0, mtimeNs: '0', checksum: 'absent' };
const blockSize = 1 << 22;

/** A file's state now, its content included. */
export function stateOfFile(path: string): FileState {
  let fd: number;
  try {
    fd = fs.openSync(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return absent;
    throw error;
  }
  try {
    const { size, mtimeNs } = fs.fstatSync(fd, { bigint: true });
    const hash = new Xxh3();
    const block = new Uint8Array(Math.min(Number(size), blockSize) + 1);
    for (let count = fs.readSync(fd, block); count > 0; count = fs.readSync(fd, block)) hash.update(block.subarray(0, count));
    return { bytes: Number(size), mtimeNs: String(mtimeNs), checksum: hash.checksum() };
  } finally {
    fs.closeSync(fd);
  }
}

/** How long before a computation a file must have been left alone for its time to prove anything, in seconds. */
const settled = 2;

/**
 * Is a file what it was? Size and time answer quickly, unless the file was written within two seconds of the computation
 * (the clock of a file system may tick that slowly); otherwise the content does.
 * @param computedAt seconds since the epoch
 */
export function isUnchanged(path: string, was: FileState, computedAt: number): boolean {
  try {
    const stat = fs.statSync(path, { bigint: true });
    const quick = Number(BigInt(was.mtimeNs) / 1_000_000n) / 1000 < computedAt - settled;
    if (quick && stat.size === BigInt(was.bytes) && String(stat.mtimeNs) === was.mtimeNs) return was.checksum !== 'absent';
    return stat.size === BigInt(was.bytes) && stateOfFile(path).checksum === was.checksum;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return was.checksum === 'absent';
    throw error;
  }
}

/** A path as a record says it: relative to the tmpdir where inside it, so that both can be moved together. */
export function storedPath(path: string, tmpdir: string): string {
  const inside = relative(tmpdir, path);
  return inside === '' || inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside) ? path : inside;
}

/** The path that a record's path means. */
export function fullPath(stored: string, tmpdir: string): string {
  return isAbsolute(stored) ? stored : join(tmpdir, stored);
}
