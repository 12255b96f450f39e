/** The array of every case: element i is i / 2. The same as `make` of `peers.py`. */
export function halves(count: number): Float64Array<ArrayBuffer> {
  const array = new Float64Array(count);
  for (let i = 0; i < count; i++) array[i] = i * 0.5;
  return array;
}

/** Is it that array, to the bit? Compared block by block, as the bytes of 1 GiB at once would be another GiB. */
export function isHalves(found: unknown, expected: Float64Array): boolean {
  if (!(found instanceof Float64Array) || found.length !== expected.length) return false;
  return Buffer.compare(bytesOf(found), bytesOf(expected)) === 0;
}

/** The bytes of an array, not copied. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
