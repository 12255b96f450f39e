/** Anything can lie where a file is expected: a named pipe without a writer, or a terminal, would be waited for without end. */
import * as fs from 'node:fs';
import { StowageError } from '../errors.js';
import { isErrno } from './files.js';

/** What lies at a path is a folder, a named pipe, a device or a socket, where only a file makes sense. */
export class NotAFileError extends StowageError {
  constructor(
    /** The path. */
    readonly path: string,
  ) {
    super('STOWAGE_NOT_A_FILE', `${path} is no regular file: it is not read`);
  }
}

export interface OpenOptions {
  /** What the file is opened for, as in open(2). It is never created. @defaultValue `O_RDONLY` */
  access?: number;
  /** May it be a symbolic link to a file? @defaultValue `true` */
  followsLinks?: boolean;
}

/** A file that is open, and its state at that moment. It is the caller's to close. */
export interface OpenFile {
  fd: number;
  stat: fs.BigIntStats;
}

// On Windows there are neither.
const {
  O_RDONLY,
  O_NONBLOCK = 0,
  O_NOCTTY = 0,
  O_NOFOLLOW = 0,
} = fs.constants as Partial<typeof fs.constants> & { O_RDONLY: number };

/**
 * Opens a file without waiting for anything.
 * @throws NotAFileError where it is no regular file
 * @throws the system's error where it cannot be opened: `ELOOP` for a link that is not followed
 */
export function openRegularFile(path: string, { access = O_RDONLY, followsLinks = true }: OpenOptions = {}): OpenFile {
  let fd: number;
  try {
    fd = fs.openSync(path, access | O_NONBLOCK | O_NOCTTY | (followsLinks ? 0 : O_NOFOLLOW));
  } catch (error) {
    // A socket, a device without a driver, and, opened to be written, a pipe without a reader or a folder.
    if (isErrno(error, 'ENXIO') || isErrno(error, 'ENODEV') || isErrno(error, 'EISDIR')) throw new NotAFileError(path);
    throw error;
  }
  try {
    const stat = fs.fstatSync(fd, { bigint: true });
    if (!stat.isFile()) throw new NotAFileError(path);
    return { fd, stat };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}
