/**
 * Reading LZ4 frames, as pandas and pyarrow compress the buffers of Feather files.
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
import { FormatError } from '../../base/errors.js';

const MAGIC = 0x184d2204;

/** Flags of the frame's descriptor. */
const FLAG = { version: 0b1100_0000, blockChecksum: 0b1_0000, contentSize: 0b1000, dictionary: 0b1 } as const;

/** The highest bit of a block's length: its bytes are as they were. */
const IS_PLAIN = 0x80000000;

/**
 * The content of a frame. Checksums are passed over: stored data has a checksum of its own.
 * @throws FormatError where it is no frame
 */
export function decodeLz4Frame(frame: Uint8Array): Uint8Array {
  const input = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  try {
    return decode(input);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError('an LZ4 frame is cut short or damaged', { cause });
  }
}

function decode(input: DataView): Uint8Array {
  const flags = input.getUint8(4);
  if (input.getUint32(0, true) !== MAGIC || (flags & FLAG.version) !== 0b0100_0000)
    throw new FormatError('not an LZ4 frame');
  if ((flags & FLAG.dictionary) !== 0) throw new FormatError('an LZ4 frame that needs a dictionary cannot be read');
  const hasSize = (flags & FLAG.contentSize) !== 0;
  const output = new Output(hasSize ? Number(input.getBigUint64(6, true)) : 4 * input.byteLength);
  const checksumBytes = (flags & FLAG.blockChecksum) === 0 ? 0 : 4;
  for (let at = hasSize ? 15 : 7; ;) {
    const word = input.getUint32(at, true);
    if (word === 0) return output.content();
    const start = at + 4;
    const end = start + (word & ~IS_PLAIN);
    if ((word & IS_PLAIN) !== 0) output.append(input, start, end);
    else decodeBlock(input, start, end, output);
    at = end + checksumBytes;
  }
}

/** A row of literals, each followed by a copy of bytes that are there already; the last row has no copy. */
function decodeBlock(input: DataView, start: number, end: number, output: Output): void {
  let at = start;
  const restOf = (length: number): number => {
    if (length < 15) return length;
    let [sum, byte] = [length, 255];
    while (byte === 255) sum += byte = input.getUint8(at++);
    return sum;
  };
  while (at < end) {
    const token = input.getUint8(at++);
    const literals = restOf(token >> 4);
    output.append(input, at, at + literals);
    at += literals;
    if (at >= end) break;
    const distance = input.getUint16(at, true);
    at += 2;
    output.repeat(distance, restOf(token & 15) + 4);
  }
  if (at !== end) throw new RangeError('a block does not end where it should');
}

/** What has been read, with room for more. */
class Output {
  private bytes: Uint8Array;
  private length = 0;

  /** @param room a guess: a frame may say anything */
  constructor(room: number) {
    this.bytes = new Uint8Array(Math.min(Math.max(room, 64), 1 << 26));
  }

  content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  append(input: DataView, start: number, end: number): void {
    if (end > input.byteLength) throw new RangeError('a literal is cut short');
    this.grow(end - start);
    this.bytes.set(new Uint8Array(input.buffer, input.byteOffset + start, end - start), this.length);
    this.length += end - start;
  }

  /** The copied piece may reach into the bytes that it writes. */
  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.length) throw new RangeError('a piece from before the beginning');
    this.grow(count);
    const { bytes } = this;
    for (const end = this.length + count; this.length < end; this.length++)
      bytes[this.length] = bytes[this.length - distance] ?? 0;
  }

  private grow(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
