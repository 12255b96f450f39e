/** Reading data files: whole, in the two pieces that a codec wants, or in blocks for their checksum alone. */
import * as fs from 'node:fs';
import { FormatError } from '../../base/errors.js';
import { readInto } from '../../base/files/files.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { Xxh3 } from '../../base/packages/xxh3.js';
import type { Codec } from '../../codec/shared/codec.js';

/** A data file in two pieces of memory. */
export interface Parts {
  head: Uint8Array;
  body: Uint8Array<ArrayBuffer>;
}

/** A file of up to this many bytes is read at once, and its body copied. */
const FIRST_BYTES = 1 << 14;

/**
 * Reads a data file whole, or says why it is not of the codec's format. The head goes into a buffer of its own, so that
 * the body starts at offset 0 of the one that the value keeps.
 */
export function* readParts(codec: Codec, fd: number, size: number): Flow<Parts | FormatError> {
  let head = new Uint8Array(0);
  let offset: number | undefined = 0;
  if (codec.bodyOffset !== undefined) {
    offset = undefined;
    for (let length = FIRST_BYTES; offset === undefined; length *= 4) {
      head = new Uint8Array(Math.min(length, size));
      yield* perform(readInto(fd, head, 0));
      try {
        offset = codec.bodyOffset(head, size);
      } catch (error) {
        if (error instanceof FormatError) return error;
        throw error;
      }
      if (offset === undefined && length >= size) {
        return new FormatError(`the file ends inside its header, after ${String(size)} bytes`);
      }
    }
  }
  if (head.length === size && size > 0) return { head: head.subarray(0, offset), body: head.slice(offset) };
  // Every byte is read, or it is no file of its record: what was in that memory before is not seen.
  const body = new Uint8Array(Buffer.allocUnsafeSlow(size - offset).buffer);
  const count = yield* perform(readInto(fd, body, offset));
  if (count < body.length) body.fill(0, count);
  return { head: head.subarray(0, offset), body };
}

/** How much of a file is in memory at a time. */
const BLOCK_BYTES = 1 << 20;

/** Checksum of a file of any size. */
export function* checksumOfFile(fd: number): Flow<string> {
  const sum = new Xxh3(fs.fstatSync(fd).size);
  const block = new Uint8Array(BLOCK_BYTES);
  for (let position = 0; ;) {
    const count = yield* perform(readInto(fd, block, position));
    sum.update(block.subarray(0, count));
    position += count;
    if (count < block.length) return sum.checksum();
  }
}
