/** Keys and values ↔ columns of the database and files beside it: python-diskcache's `Disk`. */
import type { Readable } from 'node:stream';
import type { ENOVAL } from './constants.js';

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

export class Disk {
  readonly directory: string;
  minFileSize: number;
  pickleProtocol: number;

  constructor(directory: string, options: DiskOptions = {}) {
    this.directory = directory;
    this.minFileSize = options.minFileSize ?? 0;
    this.pickleProtocol = options.pickleProtocol ?? 0;
  }

  /** A number from the key, 0 to 2^32 - 1, that is the same everywhere: python-diskcache shards by it. */
  hash(_key: unknown): number {
    throw new Error('not yet');
  }

  /** Key → columns. */
  put(_key: unknown): DiskKey {
    throw new Error('not yet');
  }

  /** Columns → key. */
  get(_key: SqlValue, _raw: boolean): unknown {
    throw new Error('not yet');
  }

  /** Value → columns, and a file where it is large. */
  store(_value: unknown, _key: unknown): StoredValue {
    throw new Error('not yet');
  }

  /** Everything that a stream gives → a file. */
  storeStream(_stream: AsyncIterable<Uint8Array>, _key: unknown): Promise<StoredValue> {
    throw new Error('not yet');
  }

  /**
   * Columns → value.
   * @returns ENOVAL where the file is not there: the item was removed meanwhile
   */
  fetch(_stored: StoredValue): unknown {
    throw new Error('not yet');
  }

  /** Columns → stream of the bytes; ENOVAL where the file is not there. */
  read(_stored: StoredValue): Readable | typeof ENOVAL {
    throw new Error('not yet');
  }

  /** A new name for a file, within the folder. */
  filename(_key: unknown, _value: unknown): string {
    throw new Error('not yet');
  }

  /** Removes a file and the folders that it leaves empty. */
  remove(_filename: string): void {
    throw new Error('not yet');
  }
}
