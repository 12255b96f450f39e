import { FormatError } from '#lib/base/errors.js';
import { ARRAY_TYPES, type ArrayType } from '#lib/codec/npy/dtype.js';
import { formatNpyHeader } from '#lib/codec/npy/header.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { expect } from 'chai';
import fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import { expectSameArray } from '../../support/values/arrays.js';
import { decodeFile, encodeFile, roundTrip } from '../../support/values/codec-round-trip.js';

const TYPES = [...ARRAY_TYPES.values()].filter(({ prototype }) => prototype !== undefined);

/** An ndarray of random bits: a random view (permuted, stepped, cut) of a random array of up to 4 dimensions. */
const anyNdArray: fc.Arbitrary<NdArray<Float64Array>> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    shape: fc.array(fc.nat(5), { maxLength: 4 }),
    order: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    steps: fc.array(fc.constantFrom(1, 1, -1, 2, -2, 3), { minLength: 4, maxLength: 4 }),
    cut: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    before: fc.nat(3),
    after: fc.nat(3),
    seed: fc.integer(),
  })
  .map(({ type, shape, order, steps, cut, before, after, seed }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = randomBits(type, before + size + after, seed);
    const axes = [...shape.keys()].sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
    const array = ndarray(data, shape, undefined, before);
    if (shape.length === 0) return array;
    const lower = axes.map((axis, place) => Math.min(cut[place] ?? 0, shape[axis] ?? 0));
    return array
      .transpose(...axes)
      .lo(...lower)
      .step(...steps.slice(0, shape.length));
  });

function randomBits(type: ArrayType, length: number, seed: number): Float64Array {
  let state = seed;
  const bytes = Uint8Array.from({ length: length * type.bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
  return type.view(bytes.buffer, 0, length) as Float64Array;
}

/** Whatever is wrong with a file, it is said with a FormatError. */
function readOrRefuse(bytes: Uint8Array): unknown {
  try {
    return decodeFile(npyCodec, bytes);
  } catch (error) {
    expect(error).to.be.instanceOf(FormatError);
    return undefined;
  }
}

describe('npyCodec, for any array', () => {
  it('gives an ndarray of any strides back to the bit, also the second time', () => {
    fc.assert(
      fc.property(anyNdArray, (array) => {
        const back = roundTrip(npyCodec, array);
        expectSameArray(back, array);
        expectSameArray(roundTrip(npyCodec, back), array);
      }),
      { numRuns: 500 },
    );
  });

  it('writes the same bytes for equal elements, if they are gathered or lie in row-major order', () => {
    fc.assert(
      fc.property(anyNdArray, (array) => {
        const { bytes } = encodeFile(npyCodec, array);
        fc.pre(!Buffer.from(bytes).includes("'fortran_order': True"));
        expect(encodeFile(npyCodec, roundTrip(npyCodec, array)).bytes).to.deep.equal(bytes);
      }),
    );
  });

  it('does not change the array, nor its memory', () => {
    fc.assert(
      fc.property(anyNdArray, (array) => {
        const before = Buffer.from(array.data.buffer).toString('hex');
        const { shape, stride, offset } = array;
        const layout = JSON.stringify({ shape, stride, offset });
        roundTrip(npyCodec, array);
        expect(Buffer.from(array.data.buffer).toString('hex')).to.equal(before);
        expect(JSON.stringify({ shape: array.shape, stride: array.stride, offset: array.offset })).to.equal(layout);
      }),
    );
  });
});

describe('npyCodec, for a damaged file', () => {
  const { bytes } = encodeFile(npyCodec, ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
  const HEADER = 128;

  it('refuses it truncated at every byte, or longer', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeFile(npyCodec, bytes.subarray(0, length))).to.throw(FormatError);
    }
    expect(() => decodeFile(npyCodec, Buffer.concat([bytes, Buffer.of(0)]))).to.throw(FormatError);
  });

  it('reads or refuses it with each bit of its header flipped, and never notices only by crashing', () => {
    for (let bit = 0; bit < HEADER * 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      readOrRefuse(damaged);
    }
  });

  it('reads or refuses it with any bytes of its header replaced', () => {
    const bytesOfHeaders = Buffer.from('{}()[],:\'"\\0193L<>|iufcbOVMS \n\0\xff', 'latin1');
    const change = fc.tuple(fc.integer({ min: 0, max: HEADER - 1 }), fc.constantFrom(...bytesOfHeaders));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [place, byte] of changes) damaged[place] = byte;
        readOrRefuse(damaged);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads or refuses any bytes after the magic', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 2, 3), (noise, version) => {
        readOrRefuse(Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), noise]));
      }),
    );
  });

  it('allocates nothing for the size that a header claims', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const shape of [[2 ** 40], [2 ** 20, 2 ** 20], [2 ** 53 - 1], new Array<number>(64).fill(2 ** 50)]) {
      const head = formatNpyHeader('<f8', false, shape);
      expect(() => npyCodec.bodyOffset?.(head, head.length + 8)).to.throw(FormatError);
      expect(() => npyCodec.decode(new Uint8Array(8), { type: '' }, head)).to.throw(FormatError);
    }
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(1 << 20);
  });
});
