/**
 * The opcodes of one pickle in the making, and what `pickletools.optimize` makes of them: objects are put into the
 * memo only if they are fetched from it, numbered anew, and the frames of protocol 4 are drawn again.
 */
import { textBytes } from '../../../base/text/text-bytes.js';
import { GrowingBytes } from './growing-bytes.js';
import { Op } from '../opcodes.js';

/** A frame is closed at the first opcode that finds it this long; an opcode beyond this stands outside of frames. */
const FRAME_TARGET = 64 * 1024;
/** Content shorter than this gets no frame. */
const FRAME_MIN = 4;

/** PROTO and FRAME with their arguments. */
const HEADER_BYTES = 11;

export class OpList {
  /** Behind room for a header. */
  private readonly content = new GrowingBytes();
  /** Where each opcode ends; those of the memo and large ones have no bytes here. */
  private ends: number[] = [];
  /** What the memo is asked by each opcode: n + 1 puts object n, -n - 1 fetches it, 0 does neither. */
  private memoOps: number[] = [];
  /** How many opcodes there are: the lists above may be longer. */
  private count = 0;
  private readonly fetched = new Set<number>();
  /** Parts of large opcodes, by the number of the opcode. */
  private readonly large = new Map<number, readonly Uint8Array[]>();

  /** Begins a pickle; what is there of another is gone. */
  begin(): void {
    this.content.clear();
    this.content.reserve(HEADER_BYTES);
    if (this.count > FRAME_TARGET) [this.ends, this.memoOps] = [[], []];
    this.count = 0;
    this.fetched.clear();
    this.large.clear();
  }

  /** An opcode without an argument. */
  add(op: number): void {
    const at = this.content.reserve(1);
    this.content.bytes[at] = op;
    this.end();
  }

  /** An opcode and an integer, little-endian in 1, 2 or 4 bytes. */
  addInteger(op: number, bytes: 1 | 2 | 4, value: number): void {
    const at = this.content.reserve(1 + bytes);
    const target = this.content.bytes;
    target[at] = op;
    for (let place = 0; place < bytes; place++) target[at + 1 + place] = value >> (place * 8);
    this.end();
  }

  /** An opcode and a float, big-endian. */
  addFloat(op: number, value: number): void {
    const at = this.content.reserve(9);
    this.content.bytes[at] = op;
    this.content.bytes.writeDoubleBE(value, at + 1);
    this.end();
  }

  /** An opcode, the length of a text in one byte, and the text, if it is ASCII and shorter than 128. @returns whether it is */
  addAscii(op: number, text: string): boolean {
    const { length } = text;
    if (length > 127) return false;
    const start = this.content.length;
    let at = this.content.reserve(2 + length);
    const target = this.content.bytes;
    target[at++] = op;
    target[at++] = length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) {
        this.content.length = start;
        return false;
      }
      target[at++] = code;
    }
    this.end();
    return true;
  }

  /** An opcode whose argument is a line of ASCII. */
  addLine(op: number, line: string): void {
    this.addBytes(op, Buffer.alloc(0), textBytes(`${line}\n`, 'latin1'));
  }

  /** An opcode, its length field, and a payload, which must not change until `finish`. */
  addBytes(op: number, size: Uint8Array, payload: Uint8Array): void {
    const total = 1 + size.length + payload.length;
    if (total > FRAME_TARGET) {
      this.large.set(this.count, [Uint8Array.of(op), size, payload]);
    } else {
      const at = this.content.reserve(total);
      this.content.bytes[at] = op;
      this.content.bytes.set(size, at + 1);
      this.content.bytes.set(payload, at + 1 + size.length);
    }
    this.end();
  }

  /** Puts the object on top of the stack into the memo. */
  put(id: number): void {
    this.end(id + 1);
  }

  /** Fetches an object from the memo. */
  get(id: number): void {
    this.fetched.add(id);
    this.end(-id - 1);
  }

  /** The pickle, header included. */
  finish(protocol: number): Buffer {
    const isPlain = this.fetched.size === 0 && this.large.size === 0;
    return isPlain && this.content.length - HEADER_BYTES < FRAME_TARGET ? this.whole(protocol) : this.pieces(protocol);
  }

  /** Where nothing is fetched nor large, all is there as it is to be. */
  private whole(protocol: number): Buffer {
    const { bytes, length } = this.content;
    const size = length - HEADER_BYTES;
    const isFramed = protocol >= 4 && size >= FRAME_MIN;
    let start = HEADER_BYTES;
    if (isFramed) {
      start -= 9;
      bytes[start] = Op.FRAME;
      bytes.writeUInt32LE(size, start + 1);
      bytes.writeUInt32LE(0, start + 5);
    }
    if (protocol >= 2) {
      start -= 2;
      bytes[start] = Op.PROTO;
      bytes[start + 1] = protocol;
    }
    const pickle = Buffer.allocUnsafe(length - start);
    bytes.copy(pickle, 0, start, length);
    return pickle;
  }

  private pieces(protocol: number): Buffer {
    const output = new FramedOutput(protocol);
    const numbers = new Map<number, number>();
    let start = HEADER_BYTES;
    for (let index = 0; index < this.count; index++) {
      const end = this.ends[index] as number;
      const memoOp = this.memoOps[index] as number;
      if (end > start) {
        output.add(this.content.bytes, start, end);
      } else if (memoOp < 0) {
        output.addAll(getOp(protocol, numbers.get(-memoOp - 1) as number));
      } else if (memoOp === 0) {
        output.addOutside(this.large.get(index) as readonly Uint8Array[]);
      } else if (this.fetched.has(memoOp - 1)) {
        output.addAll(putOp(protocol, numbers.size));
        numbers.set(memoOp - 1, numbers.size);
      }
      start = end;
    }
    return output.finish();
  }

  private end(memoOp = 0): void {
    this.ends[this.count] = this.content.length;
    this.memoOps[this.count++] = memoOp;
  }
}

/** Collects opcodes, in frames from protocol 4 on. */
class FramedOutput {
  private readonly chunks: Uint8Array[] = [];
  private readonly framed: boolean;
  private readonly frame = new GrowingBytes();

  constructor(protocol: number) {
    if (protocol >= 2) this.chunks.push(Uint8Array.of(Op.PROTO, protocol));
    this.framed = protocol >= 4;
  }

  /** One opcode. */
  add(source: Buffer, start: number, end: number): void {
    if (this.framed && this.frame.length >= FRAME_TARGET) this.commit();
    const at = this.frame.reserve(end - start);
    const { bytes } = this.frame;
    // Most are shorter than what a call of copy costs.
    if (end - start > 32) source.copy(bytes, at, start, end);
    else for (let from = start, to = at; from < end; from++, to++) bytes[to] = source[from] as number;
  }

  addAll(op: Buffer): void {
    this.add(op, 0, op.length);
  }

  /** One large opcode. */
  addOutside(parts: readonly Uint8Array[]): void {
    this.commit();
    this.chunks.push(...parts);
  }

  finish(): Buffer {
    this.commit();
    return Buffer.concat(this.chunks);
  }

  private commit(): void {
    const frame = this.frame.take();
    if (this.framed && frame.length >= FRAME_MIN) {
      const header = Buffer.alloc(9, Op.FRAME);
      header.writeBigUInt64LE(BigInt(frame.length), 1);
      this.chunks.push(header);
    }
    this.chunks.push(frame);
  }
}

function putOp(protocol: number, number: number): Buffer {
  if (protocol >= 4) return Buffer.of(Op.MEMOIZE);
  return memoOp(protocol, number, { line: Op.PUT, short: Op.BINPUT, long: Op.LONG_BINPUT });
}

function getOp(protocol: number, number: number): Buffer {
  return memoOp(protocol, number, { line: Op.GET, short: Op.BINGET, long: Op.LONG_BINGET });
}

function memoOp(protocol: number, number: number, ops: { line: number; short: number; long: number }): Buffer {
  if (protocol === 0) return textBytes(`${String.fromCharCode(ops.line)}${number}\n`, 'latin1');
  if (number < 256) return Buffer.of(ops.short, number);
  const op = Buffer.alloc(5, ops.long);
  op.writeUInt32LE(number, 1);
  return op;
}
