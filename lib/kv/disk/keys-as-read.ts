/**
 * Python has keys that JavaScript cannot write: 1.0 beside 1, lists beside tuples, one string twice. What was read of a
 * cache is found again by the bytes that it was read from.
 */
import { isDeepStrictEqual } from 'node:util';

interface AsRead {
  readonly bytes: Uint8Array;
  /** How the disk writes keys: bytes of another way would not be found. */
  readonly form: string;
}

const known = new WeakMap<object, AsRead>();

/**
 * Remembers what a key was read from, where it would be written otherwise.
 * @param write what a disk makes of such a key; may throw
 */
export function rememberKey(key: unknown, { bytes, form }: AsRead, write: (key: unknown) => Uint8Array): void {
  if (typeof key !== 'object' || key === null) return;
  try {
    if (Buffer.compare(write(key), bytes) === 0) return;
  } catch {
    // What cannot be written at all was read nevertheless.
  }
  known.set(key, { bytes, form });
}

/**
 * The bytes that a key was read from, unless it has been changed since.
 * @param read makes a key of bytes
 */
export function bytesAsRead(key: unknown, form: string, read: (bytes: Uint8Array) => unknown): Uint8Array | undefined {
  const asRead = typeof key === 'object' && key !== null ? known.get(key) : undefined;
  return asRead?.form === form && isDeepStrictEqual(read(asRead.bytes), key) ? asRead.bytes : undefined;
}
