/**
 * The opcodes of one pickle in the making, and what `pickletools.optimize` makes of them: objects are put into the
 * memo only if they are fetched from it, numbered anew, and the frames of protocol 4 are drawn again.
 */
import { Op } from './opcodes.js';

/** A frame is closed at the first opcode that finds it this long; an opcode beyond this stands outside of frames. */
const FRAME_TARGET = 64 * 1024;
/** What is shorter than this gets no frame. */
const FRAME_MIN = 4;

/** What stands in the list in place of an opcode's bytes. */
type Special =
  | { readonly kind: 'put' | 'get'; readonly id: number }
  | { readonly kind: 'large'; readonly parts: readonly Uint8Array[] };

export class OpList {
  #bytes = Buffer.allocUnsafeSlow(512);
  #length = 0;
  /** Where each opcode ends. */
  readonly #ends: number[] = [];
  /** By the number of the opcode. */
  readonly #specials = new Map<number, Special>();
  readonly #fetched = new Set<number>();

  /** An opcode with its argument, which `write` puts at the place given. */
  add(op: number, argumentBytes = 0, write?: (bytes: Buffer, at: number) => void): void {
    const at = this.#reserve(1 + argumentBytes);
    this.#bytes[at] = op;
    write?.(this.#bytes, at + 1);
    this.#ends.push(this.#length);
  }

  /** An opcode with one byte for its argument. */
  addByte(op: number, byte: number): void {
    const at = this.#reserve(2);
    this.#bytes[at] = op;
    this.#bytes[at + 1] = byte;
    this.#ends.push(this.#length);
  }

  /** An opcode whose argument is a line of ASCII. */
  addLine(op: number, line: string): void {
    this.addBytes(op, Buffer.alloc(0), Buffer.from(`${line}\n`, 'latin1'));
  }

  /** An opcode, its length field, and a payload, which must not change until `finish`. */
  addBytes(op: number, size: Uint8Array, payload: Uint8Array): void {
    const total = 1 + size.length + payload.length;
    if (total > FRAME_TARGET) {
      this.#specials.set(this.#ends.length, { kind: 'large', parts: [Uint8Array.of(op), size, payload] });
    } else {
      const at = this.#reserve(total);
      this.#bytes[at] = op;
      this.#bytes.set(size, at + 1);
      this.#bytes.set(payload, at + 1 + size.length);
    }
    this.#ends.push(this.#length);
  }

  /** Puts the object on top of the stack into the memo. */
  put(id: number): void {
    this.#specials.set(this.#ends.length, { kind: 'put', id });
    this.#ends.push(this.#length);
  }

  /** Fetches an object from the memo. */
  get(id: number): void {
    this.#fetched.add(id);
    this.#specials.set(this.#ends.length, { kind: 'get', id });
    this.#ends.push(this.#length);
  }

  /** The pickle, header included. */
  finish(protocol: number): Buffer {
    const output = new FramedOutput(protocol);
    const numbers = new Map<number, number>();
    let start = 0;
    for (const [index, end] of this.#ends.entries()) {
      const special = this.#specials.get(index);
      if (special === undefined) output.add(this.#bytes, start, end);
      else if (special.kind === 'large') output.addOutside(special.parts);
      else if (special.kind === 'get') output.addAll(getOp(protocol, numbers.get(special.id) as number));
      else if (this.#fetched.has(special.id)) {
        output.addAll(putOp(protocol, numbers.size));
        numbers.set(special.id, numbers.size);
      }
      start = end;
    }
    return output.finish();
  }

  #reserve(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const longer = Buffer.allocUnsafeSlow(this.#length * 2);
      longer.set(this.#bytes.subarray(0, at));
      this.#bytes = longer;
    }
    return at;
  }
}

/** Collects opcodes, in frames from protocol 4 on. */
class FramedOutput {
  readonly #chunks: Uint8Array[] = [];
  readonly #framed: boolean;
  #frame: { source: Buffer; start: number; end: number }[] = [];
  #frameBytes = 0;

  constructor(protocol: number) {
    if (protocol >= 2) this.#chunks.push(Uint8Array.of(Op.PROTO, protocol));
    this.#framed = protocol >= 4;
  }

  addAll(op: Buffer): void {
    this.add(op, 0, op.length);
  }

  /** One opcode. */
  add(source: Buffer, start: number, end: number): void {
    if (this.#frameBytes >= FRAME_TARGET) this.#commit();
    const last = this.#frame.at(-1);
    if (last?.source === source && last.end === start) last.end = end;
    else this.#frame.push({ source, start, end });
    this.#frameBytes += end - start;
  }

  /** One large opcode. */
  addOutside(parts: readonly Uint8Array[]): void {
    this.#commit();
    this.#chunks.push(...parts);
  }

  finish(): Buffer {
    this.#commit();
    return Buffer.concat(this.#chunks);
  }

  #commit(): void {
    if (this.#framed && this.#frameBytes >= FRAME_MIN) {
      const header = Buffer.alloc(9, Op.FRAME);
      header.writeBigUInt64LE(BigInt(this.#frameBytes), 1);
      this.#chunks.push(header);
    }
    for (const { source, start, end } of this.#frame) this.#chunks.push(source.subarray(start, end));
    this.#frame = [];
    this.#frameBytes = 0;
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
