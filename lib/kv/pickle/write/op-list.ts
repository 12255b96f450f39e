/**
 * The opcodes of one pickle in the making, and what `pickletools.optimize` makes of them: objects are put into the
 * memo only if they are fetched from it, numbered anew, and the frames of protocol 4 are drawn again.
 */
import { Op } from '../opcodes.js';

/** A frame is closed at the first opcode that finds it this long; an opcode beyond this stands outside of frames. */
const FRAME_TARGET = 64 * 1024;
/** Content shorter than this gets no frame. */
const FRAME_MIN = 4;

/** Memory that grows with its content. */
class GrowingBytes {
  bytes = Buffer.allocUnsafeSlow(512);
  length = 0;

  /** Makes room at the end; answers where it begins. */
  reserve(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.bytes.length) {
      const longer = Buffer.allocUnsafeSlow(this.length * 2);
      this.bytes.copy(longer, 0, 0, at);
      this.bytes = longer;
    }
    return at;
  }

  /** A copy of all, which is gone from here. */
  take(): Uint8Array {
    const all = new Uint8Array(this.bytes.subarray(0, this.length));
    this.length = 0;
    return all;
  }
}

export class OpList {
  private readonly bytes = new GrowingBytes();
  /** Where each opcode ends; those of the memo and large ones have no bytes here. */
  private readonly ends: number[] = [];
  /** What the memo is asked by each opcode: n + 1 puts object n, -n - 1 fetches it, 0 does neither. */
  private readonly memoOps: number[] = [];
  private readonly fetched = new Set<number>();
  /** Parts of large opcodes, by the number of the opcode. */
  private readonly large = new Map<number, readonly Uint8Array[]>();

  /** An opcode with its argument, which `write` puts at the place given. */
  add(op: number, argumentBytes = 0, write?: (bytes: Buffer, at: number) => void): void {
    const at = this.bytes.reserve(1 + argumentBytes);
    this.bytes.bytes[at] = op;
    write?.(this.bytes.bytes, at + 1);
    this.end();
  }

  /** An opcode whose argument is a line of ASCII. */
  addLine(op: number, line: string): void {
    this.addBytes(op, Buffer.alloc(0), Buffer.from(`${line}\n`, 'latin1'));
  }

  /** An opcode, its length field, and a payload, which must not change until `finish`. */
  addBytes(op: number, size: Uint8Array, payload: Uint8Array): void {
    const total = 1 + size.length + payload.length;
    if (total > FRAME_TARGET) {
      this.large.set(this.ends.length, [Uint8Array.of(op), size, payload]);
    } else {
      const at = this.bytes.reserve(total);
      this.bytes.bytes[at] = op;
      this.bytes.bytes.set(size, at + 1);
      this.bytes.bytes.set(payload, at + 1 + size.length);
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
    const output = new FramedOutput(protocol);
    const numbers = new Map<number, number>();
    let start = 0;
    for (const [index, end] of this.ends.entries()) {
      const memoOp = this.memoOps[index] as number;
      if (end > start) {
        output.add(this.bytes.bytes, start, end);
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
    this.ends.push(this.bytes.length);
    this.memoOps.push(memoOp);
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
  if (protocol === 0) return Buffer.from(`${String.fromCharCode(ops.line)}${number}\n`, 'latin1');
  if (number < 256) return Buffer.of(ops.short, number);
  const op = Buffer.alloc(5, ops.long);
  op.writeUInt32LE(number, 1);
  return op;
}
