/** Stand-in for the pickle writer. */
import { v8Codec } from '../../codec/v8.js';

export function pickleValue(value: unknown, _protocol: number): Buffer {
  return Buffer.concat(v8Codec.encode(value).chunks);
}

export function pickleKey(key: unknown, protocol: number): Buffer {
  return pickleValue(key, protocol);
}
