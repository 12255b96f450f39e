/** One growing buffer into which canonical bytes are written. */

/** A buffer that grew past this is not kept for the next key. */
const KEPT_CAPACITY = 1 << 20;

/** Little-endian, whatever the machine; lengths come before contents, so that no two sequences read alike. */
export class ByteWriter {
  length = 0;
  private buffer = Buffer.allocUnsafeSlow(1024);
  private view = new DataView(this.buffer.buffer);

  reset(): void {
    this.length = 0;
    if (this.buffer.length > KEPT_CAPACITY) this.resize(1024);
  }

  /** The bytes written since a position; they are overwritten by later writes. */
  since(start: number): Buffer {
    return this.buffer.subarray(start, this.length);
  }

  copySince(start: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buffer, start, this.length);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  /** A natural number below 2⁵³, seven bits a byte, least significant first. */
  count(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length++] = rest;
  }

  float64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  uint64(value: bigint): void {
    this.reserve(8);
    this.view.setBigUint64(this.length, value, true);
    this.length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Bytes that are given as text, one a character. */
  latin1(bytes: string): void {
    this.reserve(bytes.length);
    this.length += this.buffer.write(bytes, this.length, 'latin1');
  }

  /** A length in bytes and the text in an encoding that holds it exactly. */
  text(text: string, encoding: 'utf8' | 'utf16le'): void {
    if (encoding === 'utf8' && this.shortAscii(text)) return;
    const bytes = Buffer.byteLength(text, encoding);
    this.count(bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(text, this.length, encoding);
  }

  /** The same for a short text of ASCII characters; answers false for any other. */
  shortAscii(text: string): boolean {
    if (text.length >= 64) return false;
    this.reserve(text.length + 1);
    const { buffer, length } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      buffer[length + 1 + i] = code;
    }
    buffer[length] = text.length;
    this.length = length + 1 + text.length;
    return true;
  }

  /** Replaces what was written since a position. */
  replace(start: number, bytes: Uint8Array): void {
    this.length = start;
    this.raw(bytes);
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed > this.buffer.length) this.resize(Math.max(needed, this.buffer.length * 2));
  }

  private resize(capacity: number): void {
    const { buffer } = this;
    this.buffer = Buffer.allocUnsafeSlow(capacity);
    this.view = new DataView(this.buffer.buffer);
    buffer.copy(this.buffer, 0, 0, this.length);
  }
}
