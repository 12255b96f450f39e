/** Everything that has a value and no format of its own: a blob of plain tagged data, see `format.ts`. */
import { deserialize, serialize } from 'node:v8';
import { textBytes } from '../../base/text/text-bytes.js';
import { BundledError, FormatError, UncacheableValueError } from '../../base/errors.js';
import type { Codec } from '../shared/codec.js';
import { aligned, FORMAT_VERSION, HEADER_BYTES, MAGIC } from './format.js';
import { pack } from './pack.js';
import type { Packed } from './packer.js';
import type { Segment } from './segments.js';
import { typeName } from '../shared/type-name.js';
import { malformed, type PackedFile, type StoredSegment } from './reader.js';
import { unpack } from './unpack.js';

/**
 * Takes every kind of data: nested plain objects and arrays (cycles, shared references, holes and frozen state
 * included), Map, Set, Date, RegExp, bigint, NaN, -0, undefined, errors of the language, URLs, binary data, ndarrays,
 * Arrow tables, and instances of registered classes. Bytes are copied once, so a snapshot is written.
 */
export const v8Codec: Codec = {
  name: 'v8',
  extension: 'v8',
  sample: new Map<unknown, unknown>([
    ['when', new Date(0)],
    [-0, [NaN, undefined, 12n]],
    ['data', new Float64Array([1, 2.5])],
  ]),
  accepts: (value) => typeof value !== 'function' && typeof value !== 'symbol',

  encode(value) {
    try {
      // Packed first: a value that is no Proxy can be asked for its class.
      const chunks = toChunks(pack(value));
      return { type: typeName(value), chunks };
    } catch (cause) {
      if (cause instanceof UncacheableValueError) throw cause;
      // More objects than a Map holds, or more bytes than a Buffer: the engine says so in words of its own.
      throw new UncacheableValueError(
        'result',
        'too large for one blob',
        'keep numbers in typed arrays, or return the parts from methods of their own',
        { cause },
      );
    }
  },

  bodyOffset(head, fileSize) {
    if (fileSize < HEADER_BYTES) throw malformed('it is shorter than its header');
    if (head.length < HEADER_BYTES) return undefined;
    if (readHeader(head).fileBytes !== fileSize) throw malformed('it is not as long as its header says');
    return HEADER_BYTES;
  },

  decode(body, _notes, head) {
    if (head.length < HEADER_BYTES) throw malformed('it is shorter than its header');
    const { tableBytes, fileBytes } = readHeader(head);
    if (fileBytes !== HEADER_BYTES + body.length || tableBytes > body.length) {
      throw malformed('it is not as long as its header says');
    }
    try {
      return unpack(readBody(body, tableBytes));
    } catch (cause) {
      if (cause instanceof FormatError || cause instanceof BundledError) throw cause;
      throw new FormatError(
        `a v8 blob cannot be read by Node.js ${process.versions.node}: it is damaged, or was written by a newer one`,
        { cause },
      );
    }
  },
};

function toChunks({ values, shapes, segments }: Packed): Uint8Array[] {
  // Pushed, not mapped: the engine writes an array that was once of a given length at twice the size.
  const layouts: number[][] = [];
  for (const { byteLength, pieces } of segments) {
    const layout = [byteLength];
    for (const { offset, bytes } of pieces) layout.push(offset, bytes.length);
    layouts.push(layout);
  }
  const table = serialize([values, shapes, layouts]);
  const header = new Uint8Array(HEADER_BYTES);
  const chunks = [header, table];
  let total = table.length;
  for (const { bytes } of segments.flatMap((segment: Segment) => segment.pieces)) {
    if (bytes.length === 0) continue;
    const gap = aligned(total) - total;
    if (gap > 0) chunks.push(new Uint8Array(gap));
    chunks.push(bytes.slice());
    total += gap + bytes.length;
  }
  header.set(textBytes(MAGIC));
  header[MAGIC.length] = FORMAT_VERSION;
  const view = new DataView(header.buffer);
  view.setBigUint64(8, BigInt(table.length), true);
  view.setBigUint64(16, BigInt(HEADER_BYTES + total), true);
  return chunks;
}

function readHeader(head: Uint8Array): { tableBytes: number; fileBytes: number } {
  const magic = Buffer.from(head.buffer, head.byteOffset, MAGIC.length).toString('latin1');
  if (magic !== MAGIC) throw malformed(`it does not begin with ${MAGIC}`);
  const version = head[MAGIC.length];
  if (version !== FORMAT_VERSION) {
    throw malformed(`it is of version ${version}, and this version of Stowage reads version ${FORMAT_VERSION}`);
  }
  const view = new DataView(head.buffer, head.byteOffset, HEADER_BYTES);
  return { tableBytes: Number(view.getBigUint64(8, true)), fileBytes: Number(view.getBigUint64(16, true)) };
}

function readBody(body: Uint8Array<ArrayBuffer>, tableBytes: number): PackedFile {
  const table: unknown = deserialize(body.subarray(0, tableBytes));
  if (!Array.isArray(table) || table.length !== 3) throw malformed();
  const [values, shapes, layouts] = table as unknown[];
  if (!isList(values, tableBytes) || !isList(shapes, tableBytes) || !isList(layouts, tableBytes)) throw malformed();
  if (values.some((value) => typeof value === 'object' && value !== null)) throw malformed();
  const names = checkedLists(shapes, tableBytes, (name): name is string => typeof name === 'string');
  const sizes = checkedLists(layouts, tableBytes, isSize);
  const segments = readSegments(body, tableBytes, sizes);
  const code = segments[0]?.pieces[0]?.bytes;
  if (code === undefined || code.byteOffset % 4 !== 0 || code.length % 4 !== 0) throw malformed();
  return { values, shapes: names, segments, code: new Uint32Array(body.buffer, code.byteOffset, code.length / 4) };
}

/** Lists of a damaged file may claim to be sparse and huge; none of ours has more items than the table has bytes. */
function isList(value: unknown, limit: number): value is unknown[] {
  return Array.isArray(value) && value.length <= limit;
}

function checkedLists<T>(lists: unknown[], limit: number, isItem: (item: unknown) => item is T): T[][] {
  let room = limit;
  return lists.map((list) => {
    if (!isList(list, room)) throw malformed();
    room -= list.length;
    for (const item of list) if (!isItem(item)) throw malformed();
    return list as T[];
  });
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function readSegments(body: Uint8Array<ArrayBuffer>, tableBytes: number, layouts: number[][]): StoredSegment[] {
  let at = tableBytes;
  const segments = layouts.map(([byteLength = 0, ...parts]) => {
    const pieces: { offset: number; bytes: Uint8Array }[] = [];
    for (let index = 0; index + 1 < parts.length; index += 2) {
      const [offset = 0, length = 0] = [parts[index], parts[index + 1]];
      if (length === 0) continue;
      const start = aligned(at);
      at = start + length;
      if (at > body.length || offset + length > byteLength) throw malformed();
      pieces.push({ offset, bytes: body.subarray(start, at) });
    }
    return { byteLength, pieces };
  });
  if (at !== body.length) throw malformed();
  return segments;
}
