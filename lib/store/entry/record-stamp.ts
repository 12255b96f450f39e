/** Has an entry changed since it was looked at? */
import * as fs from 'node:fs';
import { isErrno } from '../../base/files/files.js';
import { openRegularFile } from '../../base/files/open-regular-file.js';
import type { Place } from '../disk/place.js';
import type { Found } from './find.js';

/**
 * A text that is another one after a record was written or removed under either of the names that an entry can have.
 * The records are opened, since network file systems ask their server then. What cannot be opened is as good as absent.
 */
export function recordStamp(place: Place): string {
  return [place.plain, place.alternative].map((stem) => stampAt(`${stem}.json`)).join(' ');
}

/** The same, of records that were read. */
export function stampOf({ plain, alternative }: Found['records']): string {
  return `${stampOfFile(plain)} ${stampOfFile(alternative)}`;
}

/** Is the record under the plain name of an entry, and under the name given, the one that was found there? */
export function isStillThere(place: Place, stem: string, { records }: Found): boolean {
  const isSame = (path: string, record: fs.BigIntStats | undefined): boolean =>
    stampOfFile(fs.statSync(`${path}.json`, { bigint: true, throwIfNoEntry: false })) === stampOfFile(record);
  return isSame(place.plain, records.plain) && (stem === place.plain || isSame(stem, records.alternative));
}

/** Tells a file from every other one that is or was at its path. */
function stampOfFile(stat: fs.BigIntStats | undefined): string {
  return stat === undefined ? '-' : [stat.ino, stat.mtimeNs, stat.size].join(':');
}

function stampAt(path: string): string {
  try {
    const { fd, stat } = openRegularFile(path);
    fs.closeSync(fd);
    return stampOfFile(stat);
  } catch (error) {
    return isErrno(error, 'ENOENT') ? stampOfFile(undefined) : '?';
  }
}
