/** Has an entry changed since it was looked at? */
import * as fs from 'node:fs';
import { isErrno } from '../../base/files/files.js';
import { openRegularFile } from '../../base/files/open-regular-file.js';
import { stampOf } from '../record/read-text.js';
import type { Place } from '../disk/place.js';

/**
 * A text that is another one after a record was written or removed under either of the names that an entry can have.
 * The records are opened, since network file systems ask their server then. What cannot be opened is as good as absent.
 */
export function recordStamp(place: Place): string {
  return stampOfBoth(...[place.plain, place.alternative].map((stem) => stampAt(`${stem}.json`)));
}

/** The same, of records that have just been read. */
export function stampOfBoth(plain = ABSENT, alternative = ABSENT): string {
  return `${plain} ${alternative}`;
}

/** Is the record under a name of an entry the one that it was? @param stamp of both names */
export function isStillThere({ plain }: Place, stem: string, stamp: string): boolean {
  const stat = fs.statSync(`${stem}.json`, { bigint: true, throwIfNoEntry: false });
  return (stat === undefined ? ABSENT : stampOf(stat)) === stamp.split(' ')[stem === plain ? 0 : 1];
}

const ABSENT = '-';

function stampAt(path: string): string | undefined {
  try {
    const { fd, stat } = openRegularFile(path);
    fs.closeSync(fd);
    return stampOf(stat);
  } catch (error) {
    return isErrno(error, 'ENOENT') ? undefined : '?';
  }
}
