/** The ways to compress that this Node.js has. */
import * as zlib from 'node:zlib';

/** `'zstd'` is there since Node.js 22.15. */
export type CompressionMethod = 'zstd' | 'brotli' | 'gzip';

/** How results are compressed. */
export interface Compression {
  method: CompressionMethod;
  /** From 1, fast, to 9, small. @defaultValue what the method takes for a good middle */
  level?: number;
}

interface Way {
  compress(bytes: Uint8Array, level?: number): Uint8Array;
  decompress(bytes: Uint8Array): Uint8Array;
}

type Zstd = Record<'zstdCompressSync' | 'zstdDecompressSync', ((...args: unknown[]) => Uint8Array) | undefined>;

const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as Zstd;
/** ZSTD_c_compressionLevel. */
const ZSTD_LEVEL = 100;

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

const WAYS: Readonly<Record<CompressionMethod, Way | undefined>> = {
  zstd:
    zstdCompressSync === undefined || zstdDecompressSync === undefined
      ? undefined
      : {
          compress: (bytes, level = 3) => zstdCompressSync(bytes, { params: { [ZSTD_LEVEL]: level } }),
          decompress: (bytes) => zstdDecompressSync(bytes),
        },
  brotli: {
    compress: (bytes, level = 4) =>
      zlib.brotliCompressSync(bytes, {
        params: { [BROTLI_PARAM_QUALITY]: level, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
    decompress: (bytes) => zlib.brotliDecompressSync(bytes),
  },
  gzip: {
    compress: (bytes, level = 6) => zlib.gzipSync(bytes, { level }),
    decompress: (bytes) => zlib.gunzipSync(bytes),
  },
};

export const METHODS = Object.keys(WAYS) as readonly CompressionMethod[];

/** Extensions of the files. */
export const EXTENSIONS: Readonly<Record<CompressionMethod, string>> = { zstd: 'zst', brotli: 'br', gzip: 'gz' };

/** `undefined` where this Node.js does not have it. */
export function wayOf(method: CompressionMethod): Way | undefined {
  return WAYS[method];
}

/** The first that is here. */
export function bestMethod(): CompressionMethod {
  return WAYS.zstd === undefined ? 'brotli' : 'zstd';
}
