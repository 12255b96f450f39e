import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type ndarrayOf from 'ndarray';
import { codecNamed } from '#lib/codec/registry.js';
import { EXTENSIONS, METHODS, wayOf } from '#lib/codec/press/methods.js';
import type { Codec } from '#lib/codec/shared/codec.js';
import { readFile } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';

const ndarray = createRequire(import.meta.url)('ndarray') as typeof ndarrayOf;

/** Written once, and read for ever. */
const GOLDEN = new URL('../../../../spec/golden/compressed/', import.meta.url);

const VALUE = new Map<unknown, unknown>([
  ['text', 'abc'.repeat(100)],
  [-0, Float64Array.of(0.5, NaN)],
]);

const read = (codec: string, file: string, type: string): unknown =>
  readFile(codecNamed(codec) as Codec, Uint8Array.from(readFileSync(new URL(file, GOLDEN))), { type, chunks: [] });

describe('compressed golden files', () => {
  for (const method of METHODS) {
    it(`are read as before: ${method}`, function () {
      if (wayOf(method) === undefined) this.skip();
      expectSame(read(`v8+${method}`, `map.${EXTENSIONS[method]}`, 'Map'), VALUE);
    });
  }

  it('are read as before: npz, of ours and of NumPy', () => {
    const array = ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 2]);
    for (const file of ['column-major.npz', 'column-major-numpy.npz'])
      expectSame(read('npz', file, 'ndarray<Float32Array>'), array);
  });
});
