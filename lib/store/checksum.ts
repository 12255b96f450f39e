/** Checksums: is this still what was written? They find accidents, not attacks. */
import { createHash } from 'node:crypto';
import type * as Xxhash from '@node-rs/xxhash';
import { load } from '../base/optional.js';

/** XXH3 (64 bits) of some chunks one after the other, at the speed of memory: `'xxh3:0123456789abcdef'`. */
export function checksumOf(chunks: readonly Uint8Array[]): string {
  const hash = load<typeof Xxhash>('@node-rs/xxhash').xxh3.Xxh3.withSeed(0n);
  for (const chunk of chunks) hash.update(chunk);
  return `xxh3:${hash.digest().toString(16).padStart(16, '0')}`;
}

/** The seal of a record: sha256 of its text, which needs no native module. */
export function sealOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
