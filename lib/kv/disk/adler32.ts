/** Adler-32 (RFC 1950), which Node's zlib keeps to itself. */

const MODULUS = 65_521;

/** The checksum, 0 to 2^32 - 1. */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % MODULUS;
    high = (high + low) % MODULUS;
  }
  return high * 0x1_0000 + low;
}
