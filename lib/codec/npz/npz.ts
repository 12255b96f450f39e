/** Compressed arrays: files as `numpy.savez_compressed` writes them, which `numpy.load` opens: `load(path)['arr_0']`. */
import { UncacheableValueError } from '../../base/errors.js';
import { elementCount, layoutOf, libraryLayout } from '../npy/layout.js';
import { npyCodec } from '../npy/npy.js';
import { decodeFile } from '../press/pressed.js';
import type { Codec } from '../shared/codec.js';
import { MOST_ZIPPED_BYTES, unzip, zip } from './zip.js';

/** As NumPy calls an array that is saved without a name. */
const MEMBER = 'arr_0.npy';

/** With room for its header. */
const MOST_ARRAY_BYTES = MOST_ZIPPED_BYTES - (1 << 16);

/** zlib's own middle, as NumPy's. */
const LEVEL = 6;

/** Takes what the codec npy takes, below 4 GiB. @param level from 1, fast, to 9, small */
export function npz(level = LEVEL): Codec {
  return {
    name: 'npz',
    extension: 'npz',
    plain: npyCodec,
    sample: npyCodec.sample,
    accepts(value) {
      const own = layoutOf(value);
      const layout = typeof own === 'string' ? libraryLayout(value)?.layout : own;
      return layout !== undefined && elementCount(layout.shape) * layout.data.BYTES_PER_ELEMENT < MOST_ARRAY_BYTES;
    },
    encode(value) {
      const { chunks, ...notes } = npyCodec.encode(value);
      const plainBytes = chunks.reduce((total, chunk) => total + chunk.length, 0);
      if (plainBytes >= MOST_ZIPPED_BYTES)
        throw new UncacheableValueError(
          'result',
          'an array of 4 GiB or more',
          "store it without compression: codec 'npy'",
        );
      return { ...notes, plainBytes, chunks: zip(MEMBER, chunks, level) };
    },
    decode: (body, notes) => decodeFile(npyCodec, unzip(body, MEMBER), notes),
  };
}

export const npzCodec = npz();
