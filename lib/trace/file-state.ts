/** Files that a computation can declare: what they were, and whether they still are. */
import * as fs from 'node:fs';
import { now } from '../base/clock.js';
import { messageOf } from '../base/thrown.js';
import { fullPath, missingDataRoot } from '../base/files/data-roots.js';
import { isErrno } from '../base/files/files.js';
import { NotAFileError, openRegularFile } from '../base/files/open-regular-file.js';
import { Xxh3 } from '../base/packages/xxh3.js';
import { noteStamp } from '../base/files/file-stamps.js';

/** What a file was. */
export interface FileState {
  bytes: number;
  /** Modification time in nanoseconds, as a string: it exceeds 2^53. */
  mtimeNs: string;
  /** Inode; absent in records from before it was noted, as are the next two. */
  inode?: string;
  /** Time of the last change of content, name or permissions, in nanoseconds: unlike the other one, no program sets it. */
  ctimeNs?: string;
  /** When the content was last compared, in seconds since the epoch; absent where that was when the result was computed. */
  checkedAt?: number;
  /** Checksum of the content; `'absent'` where there is no such file. */
  checksum: string;
}

const absent: FileState = { bytes: 0, mtimeNs: '0', checksum: 'absent' };
const BLOCK_SIZE = 1 << 22;

/** A file's state now, its content included. @throws NotAFileError, or the system's error, where it cannot be read */
export function stateOfFile(path: string): FileState {
  try {
    const { fd, stat } = openRegularFile(path);
    try {
      const hash = new Xxh3(Number(stat.size));
      const block = new Uint8Array(Math.min(Number(stat.size), BLOCK_SIZE) + 1);
      for (let count = fs.readSync(fd, block); count > 0; count = fs.readSync(fd, block))
        hash.update(block.subarray(0, count));
      return { ...signsOf(stat), checksum: hash.checksum() };
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (isMissing(error)) return absent;
    throw error;
  }
}

function signsOf(stat: fs.BigIntStats): Required<Pick<FileState, 'bytes' | 'mtimeNs' | 'inode' | 'ctimeNs'>> {
  const { size, mtimeNs, ino, ctimeNs } = stat;
  return { bytes: Number(size), mtimeNs: String(mtimeNs), inode: String(ino), ctimeNs: String(ctimeNs) };
}

/** How long before it was looked at a file must have been left alone for its time to prove anything, in seconds. */
const SETTLED = 2;

/**
 * Why a file is not what it was; `undefined` where it is. Size, times and inode answer quickly, unless the file was changed
 * within two seconds of being looked at (the clock of a file system may tick that slowly); otherwise the content decides.
 * Where the content is the same, and the quick signs are others (a copied folder), that is noted for the record.
 * @param was as the record has it
 * @param computedAt seconds since the epoch
 */
export function changeOfFile(path: string, was: FileState, computedAt: number): string | undefined {
  const changed = `the file ${path} changed`;
  try {
    const stat = fs.statSync(path, { bigint: true });
    if (was.checksum === absent.checksum) return changed;
    if (isSettled(stat, was.checkedAt ?? computedAt) && hasSigns(stat, was)) return undefined;
    if (stat.size !== BigInt(was.bytes)) return changed;
    const state = stateOfFile(path);
    if (state.checksum !== was.checksum) return changed;
    const checkedAt = now();
    if (isSettled(stat, checkedAt)) noteStamp(was, { ...state, checkedAt });
    return undefined;
  } catch (error) {
    if (isMissing(error)) return was.checksum === absent.checksum ? undefined : changed;
    return error instanceof NotAFileError ? changed : `the file ${path} cannot be looked at: ${messageOf(error)}`;
  }
}

function hasSigns(stat: fs.BigIntStats, { bytes, mtimeNs, inode, ctimeNs }: FileState): boolean {
  const signs = signsOf(stat);
  return signs.bytes === bytes && signs.mtimeNs === mtimeNs && signs.inode === inode && signs.ctimeNs === ctimeNs;
}

function isSettled({ ctimeNs }: fs.BigIntStats, seenAt: number): boolean {
  return Number(ctimeNs / 1_000_000n) / 1000 < seenAt - SETTLED;
}

function isMissing(error: unknown): boolean {
  return isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR');
}

/** The same of a file as a record says it. @param tmpdir that the record tells its paths from */
export function changeOfTracedFile(
  item: FileState & { file: string },
  tmpdir: string,
  computedAt: number,
): string | undefined {
  const root = missingDataRoot(item.file);
  if (root === undefined) return changeOfFile(fullPath(item.file, tmpdir), item, computedAt);
  return `the file ${item.file} cannot be found: set its data root with setDataRoot('${root}', …) or STOWAGE_DATA_${root}`;
}
