/**
 * A ZIP file of one member, deflated, as `numpy.savez_compressed` writes it, below the 4 GiB that it has without extensions.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { textBytes } from '../../base/text/text-bytes.js';
import { FormatError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';

const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const HEADER_BYTES = { local: 30, central: 46, end: 22 } as const;
const DEFLATED = 8;
/** The version of the format that knows deflated members. */
const VERSION = 20;
/** 1 January 1980, midnight: the first that there is. The same array gives the same file. */
const DATE = 0x21;

/** So much is deflated at a time: what zlib takes in one go is limited, and its result is in memory twice. */
const PIECE_BYTES = 1 << 26;

/** The most that a file, compressed or not, may have. */
export const MOST_ZIPPED_BYTES = 0xff00_0000;

/** @param chunks the content, in order */
export function zip(name: string, chunks: readonly Uint8Array[], level: number): Uint8Array[] {
  const label = textBytes(name);
  const size = lengthOf(chunks);
  const sum = chunks.reduce((value, chunk) => crc32(chunk, value), 0);
  const data = deflate(chunks, level);
  const packed = lengthOf(data);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(DEFLATED, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(sum, 10);
  common.writeUInt32LE(packed, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(label.length, 22);
  const local = Buffer.concat([uint32(SIGNATURE.local), common, label]);
  const central = Buffer.concat([uint32(SIGNATURE.central), uint16(VERSION), common, Buffer.alloc(14), label]);
  const end = Buffer.alloc(HEADER_BYTES.end);
  end.writeUInt32LE(SIGNATURE.end, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + packed, 16);
  return [local, ...data, central, end];
}

/** Each piece ends at a whole byte, so that they are one stream when they are put together. */
function deflate(chunks: readonly Uint8Array[], level: number): Uint8Array[] {
  const pieces = chunks.flatMap((chunk) => {
    const count = Math.ceil(chunk.length / PIECE_BYTES);
    return Array.from({ length: count }, (_, piece) => chunk.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES));
  });
  return pieces.map((piece, index) => {
    const isLast = index === pieces.length - 1;
    return deflateRawSync(piece, { level, finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH });
  });
}

/**
 * The content of the only member.
 * @throws FormatError where it is no such file
 */
export function unzip(file: Uint8Array, name: string): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const at = bytes.length - HEADER_BYTES.end;
  if (at < 0 || bytes.readUInt32LE(at) !== SIGNATURE.end || bytes.readUInt16LE(at + 10) !== 1)
    throw new FormatError('it is no ZIP file of one array, or is truncated');
  const central = bytes.readUInt32LE(at + 16);
  if (central + HEADER_BYTES.central > at || bytes.readUInt32LE(central) !== SIGNATURE.central) throw damaged();
  const [method, sum] = [bytes.readUInt16LE(central + 10), bytes.readUInt32LE(central + 16)];
  const [packed, size] = [bytes.readUInt32LE(central + 20), bytes.readUInt32LE(central + 24)];
  const nameEnd = central + HEADER_BYTES.central + bytes.readUInt16LE(central + 28);
  if (bytes.toString('utf8', central + HEADER_BYTES.central, nameEnd) !== name || method !== DEFLATED) throw damaged();
  const local = bytes.readUInt32LE(central + 42);
  if (local + HEADER_BYTES.local > central || bytes.readUInt32LE(local) !== SIGNATURE.local) throw damaged();
  const start = local + HEADER_BYTES.local + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packed > central) throw damaged();
  const content = inflate(bytes.subarray(start, start + packed), size);
  if (content.length !== size || crc32(content) !== sum) throw damaged();
  return content;
}

function inflate(packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new FormatError(`it cannot be decompressed: ${messageOf(cause)}`, { cause });
  }
}

function damaged(): FormatError {
  return new FormatError('its ZIP headers do not fit each other: it is damaged, or another program wrote it');
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((total, chunk) => total + chunk.length, 0);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
