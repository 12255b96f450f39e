/** Texts as bytes, in memory of their own. */

/**
 * Not `Buffer.from(text)`: it writes short texts into a pool of the process, and when the stack ends while Node 20 renews
 * that pool, it writes to the new one and hands out the old, for all texts until the pool is renewed again.
 */
export function textBytes(text: string, encoding: BufferEncoding = 'utf8'): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text, encoding));
  const written = bytes.write(text, encoding);
  return written === bytes.length ? bytes : bytes.subarray(0, written);
}
