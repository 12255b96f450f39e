/** XXH3 (64 bits), at the speed of memory; the native module is loaded when the first sum is made. */
import type * as Xxhash from '@node-rs/xxhash';
import { load } from './optional.js';

/** One sum over bytes that come in pieces. */
export class Xxh3 {
  private readonly hash = load<typeof Xxhash>('@node-rs/xxhash').xxh3.Xxh3.withSeed(0n);

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  /** `'xxh3:0123456789abcdef'` */
  checksum(): string {
    return `xxh3:${this.hash.digest().toString(16).padStart(16, '0')}`;
  }
}
