/**
 * The header of an npy file: magic, version, length, and a Python dict that says dtype, order and shape.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { FormatError } from '../../base/errors.js';
import { whatItIs } from '../shared/known-starts.js';
import { parseDescr, type NpyDtype } from './dtype.js';
import { parsePythonDict, type PythonLiteral } from './python-literal.js';

/** What the header of an npy file says. */
export interface NpyHeader {
  /** Major version of the format. */
  readonly version: 1 | 2 | 3;
  /** The meaning of `descr`. */
  readonly dtype: NpyDtype;
  /** NumPy's name of the dtype, as written: `'<f8'`. */
  readonly descr: string;
  /** Are the elements in column-major order, so that the first index runs fastest? */
  readonly fortranOrder: boolean;
  /** Lengths of the dimensions, outermost first; of a complex array, without the axis of real and imaginary part. */
  readonly shape: readonly number[];
  /** Where the elements start, bytes from the start of the file. */
  readonly bodyOffset: number;
}

/** More dimensions than NumPy itself takes (64; 32 before NumPy 2). */
export const MAX_DIMENSIONS = 64;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const; // \x93NUMPY
const VERSION_END = MAGIC.length + 2;

/** Elements start at a multiple of this, so that a mapped file is aligned. */
const ALIGNMENT = 64;

/** Room that numpy.save leaves for the growing axis: as many digits as 2^67 has. */
const GROWTH_DIGITS = 21;

/** A header says a dtype and a shape; a header that needs more than this is damaged or hostile. */
const MAX_HEADER_BYTES = 1 << 20;

/** What numpy.save writes of a numeric array; other programs may say the same otherwise. */
const USUAL =
  /^\{'descr': '([<>|][a-z]\d{1,2})', 'fortran_order': (True|False), 'shape': \((|(?:0|[1-9]\d{0,14}),|(?:0|[1-9]\d{0,14})(?:, (?:0|[1-9]\d{0,14})){1,63})\), \} *\n$/;

/** Bytes that hold the header's length, and its text encoding, by major version. */
const VERSIONS = {
  1: { lengthBytes: 2, encoding: 'latin1' },
  2: { lengthBytes: 4, encoding: 'latin1' },
  3: { lengthBytes: 4, encoding: 'utf8' },
} as const;

/**
 * The header that numpy.save writes, byte for byte: version 1, or 2 where its text is too long for that.
 * @param descr NumPy's name of the dtype: `'<f8'`
 * @param shape lengths of the dimensions, outermost first
 */
export function formatNpyHeader(descr: string, fortranOrder: boolean, shape: readonly number[]): Uint8Array {
  const lengths = shape.map(String);
  const tuple = lengths.length === 1 ? `(${lengths.join()},)` : `(${lengths.join(', ')})`;
  const growing = (fortranOrder ? lengths.at(-1) : lengths[0]) ?? '0'.repeat(GROWTH_DIGITS);
  const text =
    `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': ${tuple}, }` +
    ' '.repeat(GROWTH_DIGITS - growing.length);
  return wrap(text, 1) ?? (wrap(text, 2) as Uint8Array);
}

/**
 * Reads a header, from the first bytes of a file.
 * @throws FormatError where it is damaged, incomplete, not of the npy format, or of a dtype that is not numeric here
 */
export function parseNpyHeader(head: Uint8Array): NpyHeader {
  const place = locateHeader(head);
  if (place === undefined || head.length < place.bodyOffset) {
    throw new FormatError(`the file ends inside its npy header, after ${String(head.length)} bytes`);
  }
  const { version, textOffset, bodyOffset } = place;
  const bytes = Buffer.from(head.buffer, head.byteOffset + textOffset, bodyOffset - textOffset);
  const text = bytes.toString(VERSIONS[version].encoding);
  const [, usual, order, lengths] = USUAL.exec(text) ?? [];
  if (usual !== undefined) {
    const dtype = parseDescr(usual);
    const shape = lengths === '' ? [] : (lengths ?? '').replace(/,$/, '').split(', ').map(Number);
    return { version, dtype, descr: dtype.descr, fortranOrder: order === 'True', shape, bodyOffset };
  }
  const entries = parsePythonDict(text);
  const fortranOrder = entries.get('fortran_order');
  const descr = entries.get('descr');
  if (entries.size !== 3 || typeof fortranOrder !== 'boolean' || descr === undefined || !entries.has('shape')) {
    const keys = [...entries.keys()].join(', ').slice(0, 80);
    throw new FormatError(`an npy header says descr, fortran_order (True or False) and shape; this one says ${keys}`);
  }
  const dtype = parseDescr(descr);
  return { version, dtype, descr: dtype.descr, fortranOrder, shape: readShape(entries.get('shape')), bodyOffset };
}

/**
 * Where the header's text and the elements start.
 * @returns `undefined` where `head` is too short to tell; it may still end before `bodyOffset`
 * @throws FormatError where the file cannot be of a known npy version
 */
export function locateHeader(
  head: Uint8Array,
): { version: NpyHeader['version']; textOffset: number; bodyOffset: number } | undefined {
  if (MAGIC.some((byte, index) => index < head.length && head[index] !== byte)) {
    throw new FormatError(`the file does not start like an npy file (\\x93NUMPY)${whatItIs(head)}`);
  }
  const [major, minor] = head.subarray(MAGIC.length, VERSION_END);
  if (major === undefined || minor === undefined) return undefined;
  if ((major !== 1 && major !== 2 && major !== 3) || minor !== 0) {
    throw new FormatError(
      `the file is of npy version ${String(major)}.${String(minor)}; versions 1.0, 2.0 and 3.0 are read`,
    );
  }
  const { lengthBytes } = VERSIONS[major];
  const textOffset = VERSION_END + lengthBytes;
  if (head.length < textOffset) return undefined;
  let length = 0;
  for (let place = textOffset - 1; place >= VERSION_END; place--) length = length * 256 + (head[place] as number);
  if (length > MAX_HEADER_BYTES) {
    throw new FormatError(`an npy header of ${String(length)} bytes: one says dtype and shape in far less than 1 MiB`);
  }
  return { version: major, textOffset, bodyOffset: textOffset + length };
}

/**
 * Bytes that the elements of a file take.
 * @throws FormatError where that is beyond 2^53 − 1
 */
export function bodyBytes({ shape, dtype }: NpyHeader): number {
  if (shape.includes(0)) return 0;
  let bytes = dtype.bytes;
  for (const length of shape) {
    bytes *= length;
    if (!Number.isSafeInteger(bytes)) throw new FormatError(`an npy shape of (${shape.join(', ')}) is beyond any file`);
  }
  return bytes;
}

/** The header with its prefix and padding; `undefined` where the version cannot say its length. */
function wrap(text: string, version: 1 | 2): Uint8Array | undefined {
  const { lengthBytes } = VERSIONS[version];
  const textOffset = VERSION_END + lengthBytes;
  const unpadded = textOffset + text.length + 1;
  // A header that is aligned already gets a whole block of padding: so does numpy.save.
  const padding = ALIGNMENT - (unpadded % ALIGNMENT);
  const length = text.length + padding + 1;
  if (length >= 256 ** lengthBytes) return undefined;
  const header = Buffer.alloc(textOffset + length, ' ');
  header.set([...MAGIC, version, 0]);
  header.writeUIntLE(length, VERSION_END, lengthBytes);
  header.write(text, textOffset, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return header;
}

function readShape(shape: PythonLiteral | undefined): number[] {
  if (typeof shape !== 'object' || shape?.kind !== 'tuple') {
    throw new FormatError("the shape in an npy header is a tuple, '(3,)' for example; this one's is not");
  }
  if (shape.items.length > MAX_DIMENSIONS) {
    throw new FormatError(`an npy header with ${String(shape.items.length)} dimensions: NumPy takes 64 at most`);
  }
  return shape.items.map((length) => {
    if (typeof length === 'number') return length;
    throw new FormatError('the shape in an npy header holds something that is not a whole number');
  });
}
