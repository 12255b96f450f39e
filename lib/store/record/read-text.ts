/** Small text files, read whole and without waiting, whatever lies in their place. */
import * as fs from 'node:fs';
import { isErrno } from '../../base/files/files.js';
import { NotAFileError, openRegularFile, type OpenFile } from '../../base/files/open-regular-file.js';

/** A record is some kilobytes, and the longest trace makes it some megabytes. */
export const LARGEST_RECORD = 1 << 28;

/** A record of more than this many bytes has its end looked at before it is read: the seal stands there. */
const LONG_TO_READ = 1 << 20;

/** A record of up to this many bytes, as most are, is read at once. */
const SMALL_RECORD = 1 << 16;

/** Of what is no record to its end, this much is enough to see whose it was. */
const BEGINNING_BYTES = 1 << 16;

/** The seal of a record, its quotes and the brace after it. */
const END_BYTES = 128;

/** A claim says whose it is and whom its owner waits for. */
const LARGEST_CLAIM = 1 << 20;

/** The text of a file; `undefined` where there is no file, but nothing or a folder, a pipe, a device. */
export function readText(path: string): string | undefined {
  return reading(path, ({ fd }) => fs.readFileSync(fd, 'utf8'));
}

/**
 * The text of a record. Of a file that is too large for one, or that lacks a record's end, only the beginning: it shows
 * the identity, and that it is damaged, and costs nothing. `undefined` as in {@link readText}.
 */
export function readRecordText(path: string): string | undefined {
  return readRecord(path)?.text;
}

/** The same, with what tells it from the file of another record. */
export function readRecord(path: string): { text: string; stat: fs.BigIntStats } | undefined {
  return reading(path, ({ fd, stat }) => {
    const size = Number(stat.size);
    if (size <= SMALL_RECORD) return { text: textAt(fd, 0, size), stat };
    const isRecord = size <= LONG_TO_READ || (size <= LARGEST_RECORD && endsLikeRecord(fd, size));
    return { text: isRecord ? fs.readFileSync(fd, 'utf8') : textAt(fd, 0, BEGINNING_BYTES), stat };
  });
}

/** The text of a claim, or, of what is none, the beginning. `undefined` as in {@link readText}. */
export function readClaimText(path: string): string | undefined {
  return reading(path, ({ fd, stat }) =>
    stat.size <= LARGEST_CLAIM ? fs.readFileSync(fd, 'utf8') : textAt(fd, 0, BEGINNING_BYTES),
  );
}

function endsLikeRecord(fd: number, size: number): boolean {
  return textAt(fd, size - END_BYTES, END_BYTES).endsWith('"\n}\n');
}

/** What is read is text before anything else is. */
const room = Buffer.allocUnsafeSlow(SMALL_RECORD);

function textAt(fd: number, position: number, length: number): string {
  return room.toString('utf8', 0, fs.readSync(fd, room, 0, length, position));
}

function reading<T>(path: string, read: (file: OpenFile) => T): T | undefined {
  let file: OpenFile;
  try {
    file = openRegularFile(path);
  } catch (error) {
    if (error instanceof NotAFileError || isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw error;
  }
  try {
    return read(file);
  } finally {
    fs.closeSync(file.fd);
  }
}
