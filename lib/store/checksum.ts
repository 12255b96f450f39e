/** Checksums: is this still what was written? They find accidents, not attacks. */
import { createHash } from 'node:crypto';
import { Xxh3 } from '../base/xxh3.js';

/** XXH3 of some chunks one after the other: `'xxh3:0123456789abcdef'`. */
export function checksumOf(chunks: readonly Uint8Array[]): string {
  const hash = new Xxh3();
  for (const chunk of chunks) hash.update(chunk);
  return hash.checksum();
}

/** The seal of a record: sha256 of its text, which needs no native module. */
export function sealOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
