/**
 * Files whose columns are compressed, as pandas writes Feather files unless it is told otherwise. apache-arrow knows the
 * two ways of it and decompresses neither: it asks a registry.
 */
import * as zlib from 'node:zlib';
import type { CompressionType } from 'apache-arrow';
import type { ArrowPackage } from './package.js';
import { decodeLz4Frame } from './lz4-frame.js';

type Convert = (bytes: Uint8Array) => Uint8Array;

/** Since Node.js 22.15. */
const { zstdCompressSync, zstdDecompressSync } = zlib as Partial<
  Record<'zstdCompressSync' | 'zstdDecompressSync', Convert>
>;

export const zstd =
  zstdCompressSync === undefined || zstdDecompressSync === undefined
    ? undefined
    : {
        encode: (bytes: Uint8Array) => zstdCompressSync(bytes),
        decode: (bytes: Uint8Array) => zstdDecompressSync(bytes),
      };

/** Lets a copy of the package read what can be decompressed here, and compress by zstd. What the program has registered itself stays. */
export function allowCompression({ compressionRegistry, CompressionType }: ArrowPackage): void {
  const ways = [
    [CompressionType.LZ4_FRAME, { decode: decodeLz4Frame }],
    [CompressionType.ZSTD, zstd],
  ] as const;
  for (const [type, way] of ways) {
    const known = compressionRegistry.get(type);
    const isComplete = Object.keys(way ?? {}).every((name) => known?.[name as keyof typeof known] !== undefined);
    if (!isComplete) compressionRegistry.set(type, { ...way, ...known });
  }
}

/** How a file is compressed, if there is nothing here to read it with. */
export function unreadableCompression(file: Uint8Array, arrow: ArrowPackage): string | undefined {
  const { compressionRegistry, CompressionType, MessageReader } = arrow;
  const names = { [CompressionType.LZ4_FRAME]: 'LZ4', [CompressionType.ZSTD]: 'ZSTD' } as const;
  try {
    // Behind the mark of a file there is a stream.
    const reader = new MessageReader(file.subarray(8));
    for (const message of reader) {
      const header = message.header() as {
        compression?: Compression | null;
        data?: { compression?: Compression | null };
      };
      const compression = header.compression ?? header.data?.compression;
      if (compression && compressionRegistry.get(compression.type)?.decode === undefined) {
        return names[compression.type];
      }
      reader.readMessageBody(message.bodyLength);
    }
  } catch {
    // Damaged: that is another matter.
  }
  return undefined;
}

interface Compression {
  type: CompressionType;
}
