/** Arrow files whose columns are compressed, which pandas, Polars and DuckDB open as any other. */
import { UncacheableValueError } from '../../base/errors.js';
import type { Codec } from '../shared/codec.js';
import { arrowCodec, encodeArrow, isArrow } from './arrow.js';
import { zstd } from './compression.js';

/** Read by the codec of all Arrow files, whose name it has; where Node.js has no zstd it takes no value. */
export const compressedArrow: Codec = {
  name: 'arrow',
  extension: 'arrow',
  // To ask for it loads the package.
  get sample() {
    return arrowCodec.sample;
  },
  // The files of libraries are written by them.
  accepts: (value) => zstd !== undefined && isArrow(value) && arrowCodec.accepts(value),
  encode(value) {
    const encoded = encodeArrow(value, { compress: true });
    if ('what' in encoded) throw new UncacheableValueError('result', encoded.what, encoded.advice, encoded.options);
    return encoded;
  },
  decode: (body, notes, head) => arrowCodec.decode(body, notes, head),
};
