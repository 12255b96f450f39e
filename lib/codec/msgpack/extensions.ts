/**
 * What MessagePack lacks, as extension types of it (https://github.com/msgpack/msgpack/blob/master/spec.md): part of the
 * format, so none of these numbers ever changes its meaning.
 */
import { bytesOf } from '../../base/language/bytes-of.js';
import { types } from 'node:util';
import { FormatError } from '../../base/errors.js';
import { shadowedMember } from '../../base/language/brand.js';
import { VIEWS } from '../v8/format.js';

/** Numbers of the extensions. Dates are MessagePack's own timestamps, save those that are no time. */
export const Extension = {
  undefined: 1,
  negativeZero: 2,
  bigint: 3,
  invalidDate: 4,
  map: 5,
  set: 6,
  view: 7,
  arrayBuffer: 8,
  /** A string with half of a surrogate pair, as UTF-16. */
  string16: 9,
} as const;

/** Typed arrays by their number in the file, so in this order for ever; Uint8Array is MessagePack's own `bin`. */
const VIEW_KINDS = [
  'Buffer',
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
] as const;

/** Encodes what an extension holds, which may hold extensions in turn. */
export type Encode = (value: unknown) => Uint8Array;

/**
 * A view as a byte for its kind and its own bytes; `undefined` for any other view, or for a view that is more than its
 * bytes.
 */
export function encodeView(view: ArrayBufferView): Uint8Array | undefined {
  const prototype: unknown = Object.getPrototypeOf(view);
  const kind = VIEW_KINDS.findIndex((name) => VIEWS.get(name)?.prototype === prototype);
  return kind < 0 || !isPlainBytes(view) ? undefined : Buffer.concat([Uint8Array.of(kind), bytesOf(view)]);
}

/** Are the bytes all there is to it? */
export function isPlainBytes(bytes: ArrayBufferView | ArrayBuffer): boolean {
  if (shadowedMember(bytes) !== undefined || Object.getOwnPropertySymbols(bytes).length > 0) return false;
  const buffer = types.isArrayBuffer(bytes) ? bytes : bytes.buffer;
  return types.isArrayBuffer(buffer) && (buffer as { resizable?: boolean }).resizable !== true;
}

/** How each extension is read; bytes are copied, since they belong to the file's. */
export const DECODERS: Readonly<Record<number, (data: Uint8Array, decode: (data: Uint8Array) => unknown) => unknown>> =
  {
    [Extension.undefined]: () => undefined,
    [Extension.negativeZero]: () => -0,
    [Extension.bigint]: (data) => BigInt(Buffer.from(data).toString('latin1')),
    [Extension.invalidDate]: () => new Date(NaN),
    [Extension.map]: (data, decode) => new Map(decode(data) as [unknown, unknown][]),
    [Extension.set]: (data, decode) => new Set(decode(data) as unknown[]),
    [Extension.view]: (data) => {
      const name = VIEW_KINDS[data[0] ?? -1];
      const view = name === undefined ? undefined : VIEWS.get(name);
      const bytes = data.slice(1);
      if (view === undefined || bytes.length % view.align !== 0) {
        throw new FormatError(
          `a MessagePack file holds a typed array that Node.js ${process.versions.node} does not have`,
        );
      }
      return view.make(bytes.buffer, 0, bytes.length / view.align);
    },
    [Extension.arrayBuffer]: (data) => data.slice().buffer,
    [Extension.string16]: (data) => Buffer.from(data).toString('utf16le'),
  };
