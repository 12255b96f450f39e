/** Has an entry changed since it was looked at? */
import * as fs from 'node:fs';
import { isErrno } from '../base/files.js';
import type { Place } from './place.js';

/**
 * A text that is another one after a record was written or removed under either of the names that an entry can have.
 * The records are opened, since network file systems ask their server then. What cannot be opened is as good as absent.
 */
export function recordStamp(place: Place): string {
  return [place.plain, place.alternative].map((stem) => stampOf(`${stem}.json`)).join(' ');
}

function stampOf(path: string): string {
  let fd: number;
  try {
    // Without waiting: a pipe that somebody put there would have no end.
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    return isErrno(error, 'ENOENT') ? '-' : '?';
  }
  try {
    const { ino, mtimeNs, size } = fs.fstatSync(fd, { bigint: true });
    return [ino, mtimeNs, size].join(':');
  } finally {
    fs.closeSync(fd);
  }
}
