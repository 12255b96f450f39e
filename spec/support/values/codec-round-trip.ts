/** What the store does with a codec, in memory: one file, its notes as JSON, and a body in a buffer of its own. */
import type { Codec, ValueNotes } from '#lib/codec/shared/codec.js';

/** A value as it lies on disk. */
export interface EncodedFile {
  bytes: Uint8Array;
  notes: ValueNotes;
}

export function encodeFile(codec: Codec, value: unknown): EncodedFile {
  const { chunks, ...notes } = codec.encode(value);
  return { bytes: Buffer.concat(chunks), notes: JSON.parse(JSON.stringify(notes)) as ValueNotes };
}

/** Without notes, the file is one that somebody else wrote. */
export function decodeFile(codec: Codec, bytes: Uint8Array, notes: ValueNotes = { type: '' }): unknown {
  const start = findBody(codec, bytes);
  const body = new Uint8Array(bytes.length - start);
  body.set(bytes.subarray(start));
  return codec.decode(body, notes, Uint8Array.from(bytes.subarray(0, start)));
}

export function roundTrip(codec: Codec, value: unknown): unknown {
  const { bytes, notes } = encodeFile(codec, value);
  return decodeFile(codec, bytes, notes);
}

/** Shows the codec a growing head until it knows. */
function findBody(codec: Codec, bytes: Uint8Array): number {
  if (codec.bodyOffset === undefined) return 0;
  for (let seen = 1; ; seen *= 2) {
    const head = Uint8Array.from(bytes.subarray(0, seen));
    const start = codec.bodyOffset(head, bytes.length);
    if (start !== undefined) return start;
    if (seen >= bytes.length) throw new Error(`${codec.name} asks for more than the whole file`);
  }
}
