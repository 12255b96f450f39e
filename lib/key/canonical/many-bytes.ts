/** Bytes of buffers and arrays on their way into a key or digest. */
import { endianness } from 'node:os';
import { Xxh3 } from '../../base/packages/xxh3.js';
import type { ByteWriter } from './byte-writer.js';
import { Opaque, Tag } from './plan.js';

/** Up to this many bytes stand in the encoding themselves. */
const INLINE_BYTES = 4096;
/** Both sums read a block while it is in the cache. */
const BLOCK = 1 << 18;
const SEEDS = [0x73746f7761676531n, 0x73746f7761676532n] as const;
const BIG_ENDIAN = endianness() === 'BE';

/** Two 64-bit Xxh3 sums with different seeds over one stream of bytes: up to 11 GB/s. */
class DoubleSum {
  private readonly sums: readonly [Xxh3, Xxh3];
  length = 0;

  /** @param total how many bytes there will be, more or less */
  constructor(total: number) {
    this.sums = [new Xxh3(total, SEEDS[0]), new Xxh3(total, SEEDS[1])];
  }

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    const [one, other] = this.sums;
    for (let start = 0; start < bytes.length; start += BLOCK) {
      const block = bytes.subarray(start, start + BLOCK);
      one.update(block);
      other.update(block);
    }
  }

  writeTo(writer: ByteWriter): void {
    writer.byte(Tag.manyBytes);
    writer.count(this.length);
    for (const sum of this.sums) writer.uint64(sum.digest());
  }
}

/**
 * A stream of bytes as one item: all of them while they are few, two sums when they are many. What it becomes depends
 * on the bytes alone, not on how they were cut into chunks.
 */
export class ByteStream extends Opaque {
  constructor(
    private readonly total: number,
    private readonly chunks: () => Iterable<Uint8Array>,
  ) {
    super();
  }

  override writeTo(writer: ByteWriter): void {
    if (this.total > INLINE_BYTES) {
      const sum = new DoubleSum(this.total);
      for (const chunk of this.chunks()) sum.update(chunk);
      sum.writeTo(writer);
      return;
    }
    writer.byte(Tag.bytes);
    writer.count(this.total);
    for (const chunk of this.chunks()) writer.raw(chunk);
  }
}

/** Turns elements into little-endian order, in place: for blocks of our own, never for the caller's memory. */
export function toLittleEndian(block: Uint8Array, elementBytes: number): Uint8Array {
  if (BIG_ENDIAN && elementBytes > 1) {
    for (let start = 0; start < block.length; start += elementBytes) {
      block.subarray(start, start + elementBytes).reverse();
    }
  }
  return block;
}

/** May memory be hashed as it lies? */
export function liesLittleEndian(elementBytes: number): boolean {
  return !BIG_ENDIAN || elementBytes === 1;
}
