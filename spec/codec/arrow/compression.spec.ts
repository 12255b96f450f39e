import type * as Arrow from 'apache-arrow';
import { expect } from 'chai';
import { createRequire } from 'node:module';
import * as zlib from 'node:zlib';
import { FormatError } from '#lib/base/errors.js';
import { decodeLz4Frame } from '#lib/codec/arrow/lz4-frame.js';
import { arrowCodec } from '#lib/codec/arrow/arrow.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
const { CompressionType, RecordBatchFileWriter, compressionRegistry, tableFromArrays } = arrow;

/** Eight bytes, as often as there are, which is all that this test compresses: another program is tested beside it. */
function lz4Frame(bytes: Uint8Array): Uint8Array {
  const isRow = bytes.length > 64 && bytes.every((byte, at) => byte === bytes[at % 8]);
  const block = isRow ? rowOf(bytes) : bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE((isRow ? block.length : block.length | 0x80000000) >>> 0);
  const blocks = bytes.length === 0 ? [] : [length, block];
  return Buffer.concat([Buffer.from('04224d184070df', 'hex'), ...blocks, Buffer.alloc(4)]);
}

/** Eight literals, a repetition of them, and the last eight as literals. */
function rowOf(bytes: Uint8Array): Uint8Array {
  const rest = bytes.length - 16 - 4 - 15;
  const lengths = [...new Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  return Uint8Array.of(0x8f, ...bytes.subarray(0, 8), 8, 0, ...lengths, 0x80, ...bytes.subarray(-8));
}

const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as Record<
  string,
  ((bytes: Uint8Array) => Uint8Array) | undefined
>;

/** As pandas would write it. */
function compressed(type: Arrow.CompressionType): Uint8Array<ArrayBuffer> {
  const table = tableFromArrays({
    delay: Float64Array.from({ length: 500 }, () => 1.5),
    carrier: Array.from({ length: 500 }, (_, i) => `c${i % 3}`),
  });
  const writer = new RecordBatchFileWriter({ compressionType: type });
  writer.writeAll(table);
  return Uint8Array.from(writer.toUint8Array(true));
}

function sums(table: Arrow.Table): unknown[] {
  const delays = table.getChild('delay')?.toArray() as Float64Array;
  return [table.numRows, delays.reduce((sum, delay) => sum + delay, 0), table.getChild('carrier')?.get(499)];
}

const read = (bytes: Uint8Array<ArrayBuffer>): Arrow.Table =>
  arrowCodec.decode(bytes, { type: 'Table' }, new Uint8Array(0)) as Arrow.Table;

describe('Arrow files with compressed columns', () => {
  afterEach(() => {
    compressionRegistry.set(CompressionType.LZ4_FRAME, {});
    compressionRegistry.set(CompressionType.ZSTD, {});
  });

  it('are read where they are compressed with LZ4', () => {
    compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: lz4Frame });
    expect(compressed(CompressionType.LZ4_FRAME).length).to.be.below(4000);
    expect(sums(read(compressed(CompressionType.LZ4_FRAME)))).to.deep.equal([500, 750, 'c1']);
  });

  it('are read where they are compressed with ZSTD and Node.js knows that, or else named', () => {
    // A file of ZSTD's is made by whatever says so: without a decoder its content is not looked at.
    const encode = zstdCompressSync ?? (() => Buffer.from('28b52ffd0000', 'hex'));
    compressionRegistry.set(CompressionType.ZSTD, { encode });
    const file = compressed(CompressionType.ZSTD);
    compressionRegistry.set(CompressionType.ZSTD, {});
    if (zstdDecompressSync !== undefined) expect(sums(read(file))).to.deep.equal([500, 750, 'c1']);
    else
      expect(() => read(file)).to.throw(
        FormatError,
        /compressed with ZSTD, .*Node\.js 22\.15.*compression='uncompressed'/,
      );
  });

  it('are read with what the program has registered itself', () => {
    compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: lz4Frame });
    const file = compressed(CompressionType.LZ4_FRAME);
    let asked = 0;
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes) => (asked++, decodeLz4Frame(bytes)) });
    expect(sums(read(file))).to.deep.equal([500, 750, 'c1']);
    expect(asked).to.be.greaterThan(0);
  });
});
