/** Stand-in for the pickle reader. */
import { v8Codec } from '../../codec/v8.js';

export function unpickle(bytes: Uint8Array): unknown {
  const copy = new Uint8Array(bytes);
  const offset = v8Codec.bodyOffset?.(copy, copy.length) ?? 0;
  return v8Codec.decode(copy.slice(offset), { type: '' }, copy);
}
