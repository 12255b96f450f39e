/** Any codec's file, compressed as a whole: `zstd -d`, `gunzip` and `brotli -d` give the file that the codec writes. */
import { FormatError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import type { Codec } from '../shared/codec.js';
import { EXTENSIONS, METHODS, wayOf, type Compression, type CompressionMethod } from './methods.js';

/** Between the names of the codec and of the method; in no codec's own name. */
const SIGN = '+';

/** `v8+zstd`, in files that end in `.zst`. */
export function pressed(inner: Codec, { method, level }: Compression): Codec {
  const way = wayOf(method);
  const missing = (): FormatError =>
    new FormatError(`it is compressed with ${method}, which this Node.js does not have: use 22.15 or later`);
  return {
    name: `${inner.name}${SIGN}${method}`,
    extension: EXTENSIONS[method],
    plain: inner,
    get sample() {
      return inner.sample;
    },
    accepts: (value) => way !== undefined && inner.accepts(value),
    encode(value) {
      if (way === undefined) throw missing();
      const { chunks, ...notes } = inner.encode(value);
      const file = Buffer.concat(chunks);
      return { ...notes, plainBytes: file.length, chunks: [way.compress(file, level)] };
    },
    decode(body, notes) {
      if (way === undefined) throw missing();
      let file: Uint8Array;
      try {
        file = way.decompress(body);
      } catch (cause) {
        throw new FormatError(`it cannot be decompressed with ${method}: ${messageOf(cause)}`, { cause });
      }
      return decodeFile(inner, file, notes);
    },
  };
}

/** Decodes a file that is in memory as a whole; the value gets memory of its own. */
export function decodeFile(codec: Codec, file: Uint8Array, notes: Parameters<Codec['decode']>[1]): unknown {
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const offset = codec.bodyOffset?.(bytes, bytes.length) ?? 0;
  return codec.decode(bytes.slice(offset), notes, bytes.subarray(0, offset));
}

/** The parts of such a name. */
export function partsOfName(name: string): { inner: string; method: CompressionMethod } | undefined {
  const at = name.lastIndexOf(SIGN);
  const method = METHODS.find((known) => known === name.slice(at + 1));
  return at < 0 || method === undefined ? undefined : { inner: name.slice(0, at), method };
}
