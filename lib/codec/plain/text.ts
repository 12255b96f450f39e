/** Text or bytes as they are, for users with a serialiser of their own. */
import { isUint8Array } from 'node:util/types';
import { textBytes } from '../../base/text/text-bytes.js';
import { FormatError, UncacheableValueError } from '../../base/errors.js';
import type { Codec } from '../shared/codec.js';

/**
 * Takes strings, as UTF-8, and bytes. Never chosen by itself: it holds what the `serialize` of a user returned, so that
 * the file is hers, to the byte.
 */
export const textCodec: Codec = {
  name: 'text',
  extension: 'out',
  sample: 'tip \u{1F52D}\n',
  accepts: (value) => (typeof value === 'string' ? !/\p{Surrogate}/u.test(value) : isBytes(value)),
  encode(value) {
    if (!textCodec.accepts(value)) {
      throw new UncacheableValueError(
        'result',
        'neither text nor bytes',
        'let serialize return a string or a Uint8Array',
      );
    }
    return isBytes(value)
      ? { type: 'Uint8Array', chunks: [new Uint8Array(value)] }
      : { type: 'string', chunks: [textBytes(value as string)] };
  },
  decode(body, { type }) {
    if (type === 'Uint8Array') return body;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    } catch (cause) {
      throw new FormatError('the file is not text in UTF-8', { cause });
    }
  },
};

function isBytes(value: unknown): value is Uint8Array {
  return isUint8Array(value);
}
