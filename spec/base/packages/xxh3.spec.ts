import { expect } from 'chai';
import { xxh3 } from '@node-rs/xxhash';
import { Xxh3 } from '#lib/base/packages/xxh3.js';
import { WasmXxh3 } from '#lib/base/packages/xxh3-wasm.js';

const seeds = [0n, 1n, 0x73746f7761676531n, 0xffff_ffff_ffff_ffffn];

/** Bytes without a pattern that a sum could fail to see. */
const bytes = new Uint8Array(200_000).map((_, place) => Math.imul(place + 1, 2_654_435_761) >>> 13);

function wasmSum(seed: bigint, pieces: readonly Uint8Array[]): bigint {
  const sum = new WasmXxh3(seed);
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}

function nativeSum(seed: bigint, pieces: readonly Uint8Array[]): bigint {
  const sum = xxh3.Xxh3.withSeed(seed);
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}

describe('XXH3', () => {
  it('gives the same sum in WebAssembly as in the native module, whatever the length and the seed', () => {
    // Each length up to three blocks of stripes, and lengths around those at which the bytes are handed over in pieces.
    const lengths = [...Array(3100).keys(), 65_535, 65_536, 65_537, 131_072, 199_999];
    for (const seed of seeds) {
      for (const length of lengths) {
        const pieces = [bytes.subarray(0, length)];
        if (wasmSum(seed, pieces) !== nativeSum(seed, pieces)) expect.fail(`seed ${seed}, ${length} bytes`);
      }
    }
  });

  it('gives the same sum however the bytes are cut, with other streams under way', () => {
    const other = new WasmXxh3(1n);
    for (const size of [1, 3, 63, 64, 65, 255, 256, 257, 1023, 1024, 1025]) {
      const pieces = Array.from({ length: Math.ceil(5000 / size) }, (_, place) =>
        bytes.subarray(place * size, (place + 1) * size),
      );
      const whole = [bytes.subarray(0, pieces.length * size)];
      const sum = new WasmXxh3(7n);
      for (const piece of pieces) {
        sum.update(piece);
        other.update(piece);
        other.digest();
      }
      expect(sum.digest(), `pieces of ${size}`).to.equal(nativeSum(7n, whole));
      expect(sum.digest(), 'asked again').to.equal(nativeSum(7n, whole));
    }
  });

  it('gives the same checksum for few bytes and for many, so that machines can share folders', () => {
    const [few, many] = [new Xxh3(), new Xxh3(1 << 30)];
    few.update(bytes);
    many.update(bytes);
    expect(few.checksum()).to.equal(many.checksum());
    expect(few.checksum()).to.equal('xxh3:9da6196efc8cf7d2');
  });
});
