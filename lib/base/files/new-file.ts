/** Files and folders as they are made: for those whom the folder around them lets in. */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { isErrno, isSyncRefused } from './files.js';

/** What those whom a folder lets in are known by. */
export type Around = Pick<fs.Stats, 'mode' | 'gid'>;

/**
 * Makes a file that must not be there yet, for its owner and for those whom its folder lets in.
 * @param durable it will be waited for with `syncToDisk`; where that is refused, each write waits by itself
 * @param around its folder, where that has just been looked at
 */
export function createFile(path: string, durable: boolean, around?: Around): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_SYNC } = fs.constants;
  const fd = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | (durable && isSyncRefused() ? O_SYNC : 0), 0o600);
  shareAs(dirname(path), path, 0o666, around);
  return fd;
}

/** Makes a small file that must not be there yet, with what it holds. */
export function writeNewFile(path: string, text: string): void {
  const fd = createFile(path, false);
  try {
    fs.writeFileSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Gives a new private file or folder the group and permissions of the folder that it stands in: files are of use to a
 * group only if all of them are, whichever user wrote them, whatever her mask and settings. A folder with the sticky
 * bit that all may write to is shared by strangers: files made there stay private.
 * @param bits of the permissions that it is to have at most
 */
export function shareAs(folder: string, path: string, bits: number, around?: Around): void {
  try {
    const { mode, gid } = around ?? fs.statSync(folder);
    if ((mode & 0o077) === 0 || (mode & 0o1002) === 0o1002) return;
    if (fs.lstatSync(path).gid !== gid) giveTo(gid, path);
    fs.chmodSync(path, mode & bits);
  } catch {
    // A file system without permissions has none to give.
  }
}

/**
 * Without the bit that makes a folder hand on its group, a new file has its maker's group; a group that she is not in
 * cannot be given.
 */
function giveTo(gid: number, path: string): void {
  try {
    fs.chownSync(path, fs.lstatSync(path).uid, gid);
  } catch (error) {
    if (!isErrno(error, 'EPERM')) throw error;
  }
}
