/** Memory that grows with its content. */

/** What is kept for the next pickle. */
const KEPT = 64 * 1024;

export class GrowingBytes {
  bytes = Buffer.allocUnsafeSlow(1024);
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
  take(): Buffer {
    const all = Buffer.allocUnsafe(this.length);
    this.bytes.copy(all, 0, 0, this.length);
    this.clear();
    return all;
  }

  /** Forgets all. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT) this.bytes = Buffer.allocUnsafeSlow(KEPT);
  }
}
