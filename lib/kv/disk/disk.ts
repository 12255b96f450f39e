/** Keys and values ↔ columns of the database and files beside it: python-diskcache's `Disk`. */
import { isUint8Array } from 'node:util/types';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { textBytes } from '../../base/text/text-bytes.js';
import { StowageError } from '../../base/errors.js';
import { isErrno } from '../../base/files/files.js';
import { adler32 } from './adler32.js';
import { ENOVAL, UNKNOWN } from '../base/constants.js';
import { DatabaseError } from '../base/errors.js';
import { bytesAsRead, rememberKey } from './keys-as-read.js';
import { fitsColumn, toColumn, toNumber } from '../base/numbers.js';
import { unpickle } from '../pickle/read/read.js';
import { pickleKey, pickleValue } from '../pickle/write/write.js';
import {
  readValueFile,
  removeValueFile,
  streamValueFile,
  valuePath,
  writeValueFile,
  writeValueStream,
} from './value-file.js';

/** What a column of the database can hold. Integers are bigints, and numbers are always floating-point. */
export type SqlValue = null | string | number | bigint | Uint8Array;

/** How a value is stored; the numbers are part of the format. */
export const Mode = { none: 0, raw: 1, binary: 2, text: 3, pickle: 4 } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** A key as columns. */
export interface DiskKey {
  key: SqlValue;
  /** Is the column the key itself, not an encoding of it? */
  raw: boolean;
}

/** A value as columns. */
export interface StoredValue {
  /** Length of the file in bytes; 0 where there is none. */
  size: number;
  /** One of {@link Mode}. */
  mode: number;
  /** Path of the file within the cache's folder. */
  filename: string | null;
  /** The value itself, where it has no file. */
  value: SqlValue;
}

/** Settings of a disk: those of the cache whose names begin with `disk`, without it. */
export interface DiskOptions {
  /** @defaultValue 0 */
  minFileSize?: number;
  /** @defaultValue 0 */
  pickleProtocol?: number;
  /** What derived classes need. */
  [setting: string]: unknown;
}

/** {@link Disk}, or a class derived from it. */
export type DiskClass = new (directory: string, options: DiskOptions) => Disk;

/** `sys.maxsize` of hashes: integers are taken modulo this. */
const HASH_MASK = 0xffff_ffffn;

/**
 * How keys and values are stored. Derive from it to store them otherwise: `put` and `get` are for keys, `store` and
 * `fetch` for values, and each pair must bring back exactly what it was given.
 *
 * What fits a column is stored as it is: strings, Buffers, numbers, integers of 64 bits. Everything else is pickled.
 * What takes `minFileSize` or more is stored in a file.
 */
export class Disk {
  /** The cache's folder. */
  readonly directory: string;
  /** Length from which on a value has a file of its own: of strings in UTF-16 units, of all else in bytes. */
  minFileSize: number;
  /** Python's pickle protocol, 0 to 5. */
  pickleProtocol: number;

  constructor(directory: string, options: DiskOptions = {}) {
    this.directory = directory;
    this.minFileSize = options.minFileSize ?? 0;
    this.pickleProtocol = options.pickleProtocol ?? 0;
  }

  /** A number from the key, 0 to 2^32 - 1, the same everywhere: python-diskcache chooses the shard by it. */
  hash(key: unknown): number {
    const { key: column } = this.put(key);
    if (typeof column === 'bigint') return Number(((column % HASH_MASK) + HASH_MASK) % HASH_MASK);
    if (typeof column === 'string') return adler32(textBytes(column));
    if (isUint8Array(column)) return adler32(column);
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(column ?? NaN);
    return adler32(bytes);
  }

  /** Key → columns. */
  put(key: unknown): DiskKey {
    if (isUint8Array(key)) return { key, raw: true };
    // To the database 0 and -0 are one key, as they are to a Map.
    if (key === 0) return { key: 0n, raw: true };
    const column = isInColumn(key) ? asColumn(key) : undefined;
    if (column !== undefined) return { key: column, raw: true };
    return { key: bytesAsRead(key, this.keyForm, unpickleKey) ?? pickleKey(key, this.pickleProtocol), raw: false };
  }

  /** Columns → key. */
  get(key: SqlValue, raw: boolean): unknown {
    if (raw) return fromColumn(key);
    if (isUint8Array(key)) {
      const read = unpickleKey(key);
      rememberKey(read, { bytes: key, form: this.keyForm }, (written) => pickleKey(written, this.pickleProtocol));
      return read;
    }
    throw new DatabaseError(
      `the cache in ${this.directory} holds the key ${inspect(key)} as pickled, which it is not: its tables are of another make`,
    );
  }

  /**
   * Value → columns, and a file where it is large.
   * @param key what it belongs to, or {@link UNKNOWN}
   */
  store(value: unknown, key: unknown = UNKNOWN): StoredValue {
    if (typeof value === 'string' && isWellFormed(value)) {
      if (value.length < this.minFileSize) return inRow(Mode.raw, value);
      // Python reads texts with all ends of lines made '\n': what has a '\r' is pickled, so that it gets all of it.
      if (!value.includes('\r')) return this.toFile(Mode.text, textBytes(value), key, value);
    } else if (Buffer.isBuffer(value)) {
      return value.length < this.minFileSize ? inRow(Mode.raw, value) : this.toFile(Mode.binary, value, key, value);
    } else if (isInColumn(value)) {
      return inRow(Mode.raw, asColumn(value));
    }
    const pickled = pickleValue(value, this.pickleProtocol);
    return pickled.length < this.minFileSize
      ? inRow(Mode.pickle, pickled)
      : this.toFile(Mode.pickle, pickled, key, value);
  }

  /** Everything that a stream gives → a file. */
  async storeStream(stream: AsyncIterable<Uint8Array>, key: unknown = UNKNOWN): Promise<StoredValue> {
    const filename = this.filename(key, UNKNOWN);
    try {
      const size = await writeValueStream(this.pathOf(filename), stream);
      return { size, mode: Mode.binary, filename, value: null };
    } catch (error) {
      this.removeHalf(filename, error);
      throw error;
    }
  }

  /**
   * Columns → value.
   * @returns ENOVAL where the file is not there, or not as long as it was
   */
  fetch({ size, mode, filename, value }: StoredValue): unknown {
    if (mode === Mode.raw) return fromColumn(value);
    const bytes = filename === null ? value : readValueFile(this.pathOf(filename), size);
    if (bytes === undefined) return ENOVAL;
    if (isUint8Array(bytes)) {
      if (mode === Mode.pickle) return unpickle(bytes);
      if (mode === Mode.binary) return toBuffer(bytes);
      if (mode === Mode.text) return toBuffer(bytes).toString();
    }
    throw new DatabaseError(
      `the cache in ${this.directory} holds a value of mode ${mode}, which this version does not know`,
    );
  }

  /**
   * Columns → stream of the bytes.
   * @returns ENOVAL as {@link fetch} does
   * @throws StowageError `STOWAGE_KV_NOT_BYTES` where the value is neither bytes nor text
   */
  read({ size, mode, filename, value }: StoredValue): Readable | typeof ENOVAL {
    if (mode === Mode.raw && (typeof value === 'string' || isUint8Array(value))) {
      return Readable.from([typeof value === 'string' ? textBytes(value) : Buffer.from(value)], { objectMode: false });
    }
    if ((mode === Mode.binary || mode === Mode.text) && filename !== null) {
      return streamValueFile(this.pathOf(filename), size) ?? ENOVAL;
    }
    throw new StowageError(
      'STOWAGE_KV_NOT_BYTES',
      `a value of the cache in ${this.directory} is neither bytes nor text, so it cannot be read as a stream: use get`,
    );
  }

  /** A new name for a file, within the folder: random, in folders of two levels. */
  filename(_key: unknown = UNKNOWN, _value: unknown = UNKNOWN): string {
    const name = randomBytes(16).toString('hex');
    return join(name.slice(0, 2), name.slice(2, 4), `${name.slice(4)}.val`);
  }

  /** Removes a file and the folders that it leaves empty. Never throws: what stays is found by `check`. */
  remove(filename: string): void {
    const path = valuePath(this.directory, filename);
    if (path !== undefined) removeValueFile(path, this.directory);
  }

  private get keyForm(): string {
    return `pickle ${this.pickleProtocol}`;
  }

  private pathOf(filename: string): string {
    const path = valuePath(this.directory, filename);
    if (path !== undefined) return path;
    throw new DatabaseError(
      `the cache in ${this.directory} names the file ${inspect(filename)}, which is no value's file within it: nothing was done with it`,
    );
  }

  private toFile(mode: Mode, bytes: Uint8Array, key: unknown, value: unknown): StoredValue {
    const filename = this.filename(key, value);
    try {
      writeValueFile(this.pathOf(filename), bytes);
    } catch (error) {
      this.removeHalf(filename, error);
      throw new DatabaseError(
        `a value's file in ${this.directory} could not be written, and nothing was stored: ${String(error)}`,
        {
          cause: error,
        },
      );
    }
    return { size: bytes.length, mode, filename, value: null };
  }

  /** Removes a file whose writing failed; a file that was there before is another writer's. */
  private removeHalf(filename: string, error: unknown): void {
    if (!isErrno(error, 'EEXIST')) this.remove(filename);
  }
}

function unpickleKey(bytes: Uint8Array): unknown {
  return unpickle(bytes, 'key');
}

function inRow(mode: Mode, value: SqlValue): StoredValue {
  return { size: 0, mode, filename: null, value };
}

/** Can a column hold it exactly? NaN becomes NULL there, and half of a surrogate pair U+FFFD. */
function isInColumn(value: unknown): value is string | number | bigint {
  if (typeof value === 'string') return isWellFormed(value);
  if (typeof value === 'number') return !Number.isNaN(value);
  return typeof value === 'bigint' && fitsColumn(value);
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function asColumn(value: string | number | bigint): SqlValue {
  return typeof value === 'number' ? toColumn(value) : value;
}

function fromColumn(column: SqlValue): string | number | bigint | Buffer {
  if (typeof column === 'bigint') return toNumber(column);
  // Of what Python stores so, NaN alone becomes NULL.
  if (column === null) return NaN;
  return isUint8Array(column) ? toBuffer(column) : column;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
