/** The bytes of a pickle, read from front to back and never beyond their end. */
import { PickleError } from '../errors.js';
import { OP_NAMES } from '../opcodes.js';
import { decodeUtf8 } from '../text.js';

/** Texts up to this many bytes are read sooner character by character than by a decoder. */
const SHORT = 12;

export class PickleSource {
  private readonly pickle: Buffer;
  private at = 0;
  private opAt = 0;

  constructor(bytes: Uint8Array) {
    this.pickle = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.pickle.length - this.at;
  }

  /** The next opcode, which `place` tells until the one after it. */
  opcode(): number {
    const code = this.pickle[(this.opAt = this.at)];
    if (code === undefined) throw new PickleError('a STOP is missing: the pickle is cut short');
    this.at++;
    return code;
  }

  /** The opcode at hand, and where it is. */
  get place(): string {
    const code = this.pickle[this.opAt];
    const name = code === undefined ? 'the end' : (OP_NAMES.get(code) ?? `0x${code.toString(16).padStart(2, '0')}`);
    return `${name} at byte ${this.opAt} of the pickle`;
  }

  uint8(): number {
    return this.pickle[this.skip(1)] as number;
  }

  uint16(): number {
    const { pickle } = this;
    const at = this.skip(2);
    return (pickle[at] as number) | ((pickle[at + 1] as number) << 8);
  }

  int32(): number {
    return this.pickle.readInt32LE(this.skip(4));
  }

  uint32(): number {
    return this.pickle.readUInt32LE(this.skip(4));
  }

  uint64(): number {
    const at = this.skip(8);
    return this.pickle.readUInt32LE(at) + this.pickle.readUInt32LE(at + 4) * 2 ** 32;
  }

  float64(): number {
    return this.pickle.readDoubleBE(this.skip(8));
  }

  /** A view of the next bytes. */
  bytes(length: number): Buffer {
    const start = this.skip(length);
    return this.pickle.subarray(start, start + length);
  }

  /** A view of the bytes up to the next line feed, which is skipped. */
  line(): Buffer {
    const end = this.pickle.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleError('its line does not end: the pickle is cut short');
    const line = this.pickle.subarray(this.at, end);
    this.at = end + 1;
    return line;
  }

  /** The next bytes as text. */
  text(length: number): string {
    return (length <= SHORT ? this.ascii(length) : undefined) ?? this.decoded(this.bytes(length), decodeUtf8);
  }

  /** The next bytes as text, where they are ASCII; else they are still to be read. */
  private ascii(length: number): string | undefined {
    const { pickle } = this;
    const start = this.skip(length);
    let text = '';
    for (let at = start; at < this.at; at++) {
      const code = pickle[at] as number;
      if (code > 0x7f) {
        this.at = start;
        return undefined;
      }
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** What a decoder makes of bytes; an error where it makes nothing of them. */
  decoded<T>(bytes: Buffer, decode: (bytes: Buffer) => T | undefined): T {
    const value = decode(bytes);
    if (value === undefined)
      throw new PickleError(
        `${JSON.stringify(bytes.toString('latin1', 0, 40))} is not what may stand here: the pickle is damaged`,
      );
    return value;
  }

  private skip(length: number): number {
    if (length < 0) throw new PickleError(`a length of ${length}: the pickle is damaged`);
    if (length > this.left)
      throw new PickleError(`${length} bytes should follow, and ${this.left} do: the pickle is cut short or damaged`);
    const start = this.at;
    this.at += length;
    return start;
  }
}
