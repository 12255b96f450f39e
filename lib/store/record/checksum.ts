/** Checksums: is this still what was written? They find accidents, not attacks. */
import { hash } from 'node:crypto';
import { Xxh3 } from '../../base/packages/xxh3.js';

/** XXH3 of some chunks one after the other: `'xxh3:0123456789abcdef'`. */
export function checksumOf(chunks: readonly Uint8Array[]): string {
  const sum = new Xxh3(chunks.reduce((total, chunk) => total + chunk.length, 0));
  for (const chunk of chunks) sum.update(chunk);
  return sum.checksum();
}

/** The seal of a record: sha256 of its text. */
export function sealOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex').slice(0, 32)}`;
}
