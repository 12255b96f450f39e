/** python-diskcache's `JSONDisk`: keys and values as JSON, compressed by zlib. */
import { isUint8Array } from 'node:util/types';
import { deflateSync, inflateSync } from 'node:zlib';
import { textBytes } from '../../base/text/text-bytes.js';
import { InvalidOptionError } from '../../base/errors.js';
import { load } from '../../base/packages/optional.js';
import { ENOVAL } from '../base/constants.js';
import { Disk, type DiskKey, type DiskOptions, type SqlValue, type StoredValue } from './disk.js';
import { DatabaseError } from '../base/errors.js';
import { bytesAsRead, rememberKey } from './keys-as-read.js';
import { nameOfConstant } from '../pickle/constants.js';
import { fromPythonJson, toPythonJson } from './python-json.js';

/** Settings of a {@link JSONDisk}. */
export interface JSONDiskOptions extends DiskOptions {
  /**
   * 0 (none) to 9 (smallest), or -1 (zlib's own choice). Keys are found only by caches of the same level.
   * @defaultValue 1
   */
  compressLevel?: number;
}

/** The part of pako that is used. */
interface Pako {
  deflate(data: Uint8Array, options: { level: number }): Uint8Array;
}

/**
 * Keys and values as JSON, compressed: a smaller database, which nothing but JSON can be in. Values are null, booleans,
 * numbers, strings, arrays and plain objects; anything else is refused.
 */
export class JSONDisk extends Disk {
  compressLevel: number;

  constructor(directory: string, options: JSONDiskOptions = {}) {
    super(directory, options);
    this.compressLevel = options.compressLevel ?? 1;
    if (!Number.isInteger(this.compressLevel) || this.compressLevel < -1 || this.compressLevel > 9) {
      throw new InvalidOptionError(
        `diskCompressLevel is ${String(this.compressLevel)}, but must be an integer from -1 to 9`,
      );
    }
  }

  override put(key: unknown): DiskKey {
    return super.put(bytesAsRead(key, this.form, (bytes) => this.unpack(bytes)) ?? this.pack(key));
  }

  override get(key: SqlValue, raw: boolean): unknown {
    const data = super.get(key, raw);
    // Keys of queues are written as they are.
    if (!isUint8Array(data)) return data;
    const read = this.unpack(data);
    rememberKey(read, { bytes: data, form: this.form }, (written) => this.pack(written));
    return read;
  }

  override store(value: unknown, key?: unknown): StoredValue {
    return super.store(deflateSync(toPythonJson(value), { level: this.compressLevel }), key);
  }

  override fetch(stored: StoredValue): unknown {
    const data = super.fetch(stored);
    if (data === ENOVAL) return ENOVAL;
    if (isUint8Array(data)) return this.unpack(data);
    throw new DatabaseError(
      `the cache in ${this.directory} holds a value that JSONDisk has not written: open it with Disk`,
    );
  }

  private get form(): string {
    return `json ${this.compressLevel}`;
  }

  private pack(key: unknown): Uint8Array {
    // A key is found by its bytes, and the zlib within Node.js compresses to others than Python's.
    return load<Pako>('pako').deflate(textBytes(toPythonJson(plainKey(key))), { level: this.compressLevel });
  }

  private unpack(data: Uint8Array): unknown {
    try {
      return fromPythonJson(inflateSync(data).toString());
    } catch (cause) {
      throw new DatabaseError(
        `the cache in ${this.directory} holds what is no compressed JSON: open it with Disk, or use read`,
        {
          cause,
        },
      );
    }
  }
}

/** A constant among the parts of a key is a list to Python's `json`. */
function plainKey(key: unknown): unknown {
  if (!Array.isArray(key) || !key.some((part) => nameOfConstant(part) !== undefined)) return key;
  return key.map((part: unknown) => {
    const name = nameOfConstant(part);
    return name === undefined ? part : [name];
  });
}
