import type { Codec, Encoded, ValueNotes } from './codec.js';

/** A value as bytes of its own: each thawing gives a new copy. */
export class FrozenCopy {
  private readonly bytes: Buffer;
  private readonly notes: ValueNotes;
  private readonly offset: number;

  constructor(
    private readonly codec: Codec,
    encoded: Encoded,
  ) {
    const { chunks, ...notes } = encoded;
    this.bytes = Buffer.concat(chunks);
    this.notes = notes;
    this.offset = codec.bodyOffset?.(this.bytes, this.bytes.length) ?? 0;
  }

  thaw(): unknown {
    return this.codec.decode(
      new Uint8Array(this.bytes.subarray(this.offset)),
      this.notes,
      this.bytes.subarray(0, this.offset),
    );
  }
}
