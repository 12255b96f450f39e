/** What SQLite's errors mean for a cache. */
import { isError } from '../../base/thrown.js';
import { DatabaseError } from '../base/errors.js';

/** Another connection holds the database; what was asked for can be asked for again. */
export class BusyError extends Error {}

/** SQLite's primary result codes that users meet, what they say, and what to do. */
const CODES: Record<string, readonly [number: number, what: string]> = {
  SQLITE_PERM: [3, 'may not be opened: permission is missing'],
  SQLITE_READONLY: [8, 'may not be written: permission is missing, or the file system is read-only'],
  SQLITE_IOERR: [10, 'could not be read or written: the disk reports an error'],
  SQLITE_CORRUPT: [11, 'is damaged: what can be read should be copied to a new folder'],
  SQLITE_FULL: [13, 'has no room left on the disk: make room'],
  SQLITE_CANTOPEN: [14, 'could not be opened: is its folder still there, and yours to write?'],
  SQLITE_TOOBIG: [18, 'cannot hold a text or blob that large in a row: set diskMinFileSize lower'],
  SQLITE_CONSTRAINT: [19, 'refuses the row: its tables are of another make'],
  SQLITE_NOTADB: [26, 'is no SQLite database; nothing was changed: choose another folder'],
};

/** SQLITE_BUSY, SQLITE_LOCKED. */
const BUSY = /^SQLITE_(BUSY|LOCKED)/;
const BUSY_NUMBERS = [5, 6];

/** What either driver throws: better-sqlite3 names the code, `node:sqlite` numbers it. */
interface NativeError extends Error {
  code?: string;
  errcode?: number;
}

/** The error of a driver as one of ours. */
export function translateError(error: unknown, file: string): Error {
  if (!isError(error)) return new DatabaseError(`the database ${file} failed: ${String(error)}`);
  const { code = '', errcode } = error as NativeError;
  const number = errcode === undefined ? undefined : errcode & 0xff;
  if (BUSY.test(code) || (number !== undefined && BUSY_NUMBERS.includes(number))) {
    return new BusyError(error.message, { cause: error });
  }
  const known = Object.entries(CODES).find(([name, [its]]) => number === its || code.startsWith(name));
  const what = known?.[1][1] ?? 'could not do what it was asked';
  return new DatabaseError(`the database ${file} ${what} (${error.message})`, { cause: error });
}
