/** What tells one value from another, and whether a value is still what it was. */
import type { Codec } from '../../codec/shared/codec.js';
import { isBuiltIn } from '../../codec/registry.js';
import { valueDigest } from '../../key/canonical/canonical.js';
import { checksumOf } from '../record/checksum.js';

/**
 * Digest of a value: the same for what is the same to the bit and type. A codec of the user's own takes values that only
 * it understands; for those it is the checksum of what the codec makes of them.
 */
export function digestOf(value: unknown, codec: Codec): string {
  // However it is compressed, it is the same.
  const { plain = codec } = codec;
  return isBuiltIn(plain) ? valueDigest(value) : checksumOf(plain.encode(value).chunks);
}

/** Has a value still this digest? One that was made undigestible, by putting a function into it, has not. */
export function isStill(value: unknown, codec: Codec, digest: string): boolean {
  try {
    return digestOf(value, codec) === digest;
  } catch {
    return false;
  }
}
