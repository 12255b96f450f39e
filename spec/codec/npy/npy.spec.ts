import { isNdArray } from '#lib/base/language/brand.js';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import type { ValueNotes } from '#lib/codec/shared/codec.js';
import { ARRAY_TYPES } from '#lib/codec/npy/dtype.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { expect } from 'chai';
import ndarray, { type NdArray } from 'ndarray';
import { elementBytes, expectSameArray } from '../../support/values/arrays.js';
import { decodeFile, encodeFile, roundTrip } from '../../support/values/codec-round-trip.js';

/** The types that this runtime has: all, or all but Float16Array. */
const TYPES = [...ARRAY_TYPES.values()].filter(({ prototype }) => prototype !== undefined);
const hasFloat16 = TYPES.some(({ name }) => name === 'Float16Array');

/** Bytes that are NaNs with payloads, negative zeros and extremes in one type or another. */
function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, place) => [0x01, 0x80, 0xf4, 0x7f, 0xff, 0x00, 0xa0, 0x7f][place % 8] ?? 0);
}

function grid(): NdArray<Float64Array> {
  return ndarray(
    Float64Array.from({ length: 24 }, (_, place) => place / 8),
    [2, 3, 4],
  );
}

/** A file whose header says what it is told to. */
function file(descr: string, shape: string, body: Uint8Array, fortranOrder = 'False'): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortranOrder}, 'shape': ${shape}}`;
  const start = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
  return Buffer.concat([start, Buffer.of(text.length & 0xff, text.length >> 8), Buffer.from(text), body]);
}

function decoded(bytes: Uint8Array, notes?: Partial<Record<keyof ValueNotes, unknown>>): unknown {
  return decodeFile(npyCodec, bytes, notes as ValueNotes | undefined);
}

describe('npyCodec', () => {
  describe('restores the exact type, to the bit', () => {
    for (const type of TYPES) {
      it(`of ${type.name}, and of ndarrays over it`, () => {
        const data = type.view(bytesOf(48).buffer, 0, 48 / type.bytes);
        const columns = data.length / 3;
        const numbers = data as Float64Array;
        const values = [
          data,
          data.subarray(1, 3),
          data.subarray(0, 0),
          ndarray(numbers),
          ndarray(numbers, [3, columns]),
          ndarray(numbers, [columns, 3], [1, columns]),
          ndarray(numbers, [columns, 3], [-1, columns], columns - 1),
          ndarray(numbers, [2, 2], [0, 0], 1),
          ndarray(numbers, [], [], 1),
          ndarray(numbers, [2, 0, 3]),
        ];
        for (const value of values) {
          expect(npyCodec.accepts(value)).to.equal(true);
          expectSameArray(roundTrip(npyCodec, value), value);
        }
        expect(encodeFile(npyCodec, data).notes).to.deep.equal({
          type: type.name,
          dtype: type.descr,
          shape: [data.length],
        });
        expect(encodeFile(npyCodec, ndarray(numbers, [3, columns])).notes).to.deep.equal({
          type: `ndarray<${type.name}>`,
          dtype: type.descr,
          shape: [3, columns],
        });
      });
    }

    it('of its own sample', () => {
      expectSameArray(roundTrip(npyCodec, npyCodec.sample), npyCodec.sample);
    });
  });

  describe('copies no array that lies in memory as it lies in a file', () => {
    const memory = new Float64Array(32);
    const whole = ndarray(memory.subarray(2, 26), [2, 3, 4]);
    const cases: Record<string, [unknown, byteOffset: number, byteLength: number]> = {
      'a part of a typed array': [memory.subarray(3, 7), 24, 32],
      'a row-major ndarray': [whole, 16, 192],
      'a column-major ndarray': [whole.transpose(2, 1, 0), 16, 192],
      'one row of an ndarray': [whole.pick(1, 1), 16 + 8 * 16, 32],
      'the last rows of an ndarray': [whole.lo(1), 16 + 8 * 12, 96],
      'a column-major slice with dimensions of length 1': [whole.transpose(2, 1, 0).lo(0, 0, 1), 16 + 8 * 12, 96],
    };
    for (const [what, [value, byteOffset, byteLength]] of Object.entries(cases)) {
      it(what, () => {
        const [, body, ...more] = npyCodec.encode(value).chunks;
        expect(body?.buffer).to.equal(memory.buffer);
        expect(body?.byteOffset).to.deep.equal(byteOffset);
        expect(body?.byteLength).to.deep.equal(byteLength);
        expect(more.length).to.equal(0);
      });
    }

    it('nor an array on its way back: the body is its memory', () => {
      for (const value of [Float64Array.of(1, 2), grid(), Buffer.from('text'), new Float32Array()]) {
        const { chunks, ...notes } = npyCodec.encode(value);
        const body = Uint8Array.from(Buffer.concat(chunks.slice(1)));
        const back = npyCodec.decode(body, notes, chunks[0] ?? new Uint8Array());
        const data = (isNdArray(back) ? back.data : back) as Float64Array;
        expect(data.buffer).to.equal(body.buffer);
        expect(data.byteOffset).to.equal(0);
        expect(data.byteLength).to.deep.equal(data.buffer.byteLength);
      }
    });
  });

  it('keeps column-major order in the file and in the strides that come back', () => {
    const { bytes, notes } = encodeFile(npyCodec, grid().transpose(2, 1, 0));
    expect(Buffer.from(bytes).toString('latin1')).to.contain("'fortran_order': True, 'shape': (4, 3, 2)");
    expect((decodeFile(npyCodec, bytes, notes) as NdArray).stride).to.deep.equal([1, 4, 12]);
    expect((roundTrip(npyCodec, grid().transpose(1, 0, 2)) as NdArray).stride).to.deep.equal([8, 4, 1]);
  });

  describe('does not accept', () => {
    class Spectrum extends Float64Array {}
    class Image {
      data = new Float64Array(4);
      shape = [2, 2];
      stride = [2, 1];
      offset = 0;
      dtype = 'float64';
      get(): number {
        return 0;
      }
      pick(): undefined {
        return undefined;
      }
    }
    const View = grid().constructor as new () => object;
    class Picture extends View {}
    const store = { length: 4, get: () => 0, set: () => undefined };
    function changed(change: (array: NdArray<Float64Array>) => unknown): unknown {
      const array = grid();
      change(array);
      return array;
    }
    const VALUES: Record<string, [unknown, RegExp]> = {
      'undefined': [undefined, /not a typed array or an ndarray/],
      'null': [null, /not a typed array/],
      'a number': [1, /not a typed array/],
      'text': ['text', /not a typed array/],
      'a plain array': [[1, 2], /not a typed array/],
      'a plain object': [{ data: new Float64Array(1) }, /not a typed array/],
      'an object without prototype': [Object.create(null), /not a typed array/],
      'a DataView': [new DataView(new ArrayBuffer(8)), /not a typed array/],
      'an ArrayBuffer': [new ArrayBuffer(8), /not a typed array/],
      'a proxy that throws': [
        new Proxy(
          {},
          {
            getPrototypeOf() {
              throw new Error('no');
            },
          },
        ),
        /a Proxy/,
      ],
      'a proxy of an array': [new Proxy(new Float64Array(1), {}), /a Proxy/],
      'an array of a class of its own': [new Spectrum(2), /a class of its own/],
      'an array with a property': [Object.assign(new Float64Array(2), { unit: 'm' }), /properties of its own/],
      'an array on shared memory': [new Float64Array(new SharedArrayBuffer(8)), /SharedArrayBuffer/],
      'an ndarray over a plain array': [ndarray([1, 2]), /an ndarray of dtype array, whose elements may be anything/],
      'an ndarray over a store': [ndarray(store, [4]), /of dtype generic, whose elements may be anything/],
      'an ndarray over a class of its own': [ndarray(new Spectrum(2)), /an ndarray over a typed array of a class/],
      'an ndarray over shared memory': [ndarray(new Float64Array(new SharedArrayBuffer(8))), /SharedArrayBuffer/],
      'an ndarray with a property': [changed((array) => Object.assign(array, { unit: 'm' })), /properties of its own/],
      'an ndarray with a getter of its own': [changed((array) => (array.get = () => 7)), /properties of its own/],
      'an ndarray whose data was replaced': [
        changed((array) => (array.data = new Float32Array(24) as never)),
        /of dtype float64 over a Float32Array/,
      ],
      'an object that looks like an ndarray': [new Image(), /not a typed array/],
      'a subclass of an ndarray': [new Picture(), /not a typed array/],
      'an ndarray larger than its data': [ndarray(new Float64Array(4), [5]), /do not fit/],
      'an ndarray that starts before its data': [ndarray(new Float64Array(4), [3], [-1], 1), /do not fit/],
      'an ndarray with a fraction in its shape': [ndarray(new Float64Array(4), [1.5]), /do not fit/],
      'an ndarray with a fraction in its strides': [ndarray(new Float64Array(4), [2], [0.5]), /do not fit/],
      'an ndarray with a negative shape': [ndarray(new Float64Array(4), [-1]), /do not fit/],
      'an ndarray with an offset beside the elements': [changed((array) => (array.offset = 0.5)), /do not fit/],
      'an ndarray without strides': [changed((array) => Reflect.deleteProperty(array, 'stride')), /not a typed array/],
      'an ndarray with a bigint in its shape': [changed((array) => (array.shape = [2n] as never)), /cannot be read/],
      'an ndarray that lost a stride': [changed((array) => array.stride.pop()), /do not fit/],
      'an ndarray with a hole in its shape': [changed((array) => (array.shape = new Array<number>(3))), /do not fit/],
      'an ndarray that gained a dimension': [
        changed((array) => {
          array.shape.push(1);
          array.stride.push(1);
        }),
        /do not fit/,
      ],
      'an ndarray beyond any memory': [ndarray(new Float64Array(4), [2 ** 30, 2 ** 30], [0, 0]), /more bytes than/],
      'more dimensions than NumPy': [ndarray(new Float64Array(4), new Array<number>(65).fill(1)), /do not fit/],
    };
    for (const [what, [value, message]] of Object.entries(VALUES)) {
      it(`${what}, and says so where it is forced`, () => {
        expect(npyCodec.accepts(value)).to.equal(false);
        expect(() => npyCodec.encode(value)).to.throw(UncacheableValueError, message);
      });
    }

    it('anything by running its getters', () => {
      const trap = {
        get shape(): never {
          throw new Error('called');
        },
      };
      expect(npyCodec.accepts(trap)).to.equal(false);
      expect(() => npyCodec.encode(trap)).to.throw(UncacheableValueError, /not a typed array/);
    });
  });

  describe('reads files that NumPy could have written', () => {
    it('bool as 0 and 1, whatever byte stands for true', () => {
      expectSameArray(decoded(file('|b1', '(4,)', Buffer.from([0, 1, 2, 255]))), Uint8Array.of(0, 1, 1, 1));
    });

    it('each float16 as the float32 that it is', () => {
      const halves = Uint16Array.from({ length: 65536 }, (_, bits) => bits);
      const singles = decoded(file('<f2', '(65536,)', new Uint8Array(halves.buffer))) as Float32Array;
      expect(singles).to.be.instanceOf(Float32Array);
      for (const [bits, single] of singles.entries()) {
        const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
        const special = fraction === 0 ? sign * Infinity : NaN;
        const normal = sign * (1024 + fraction) * 2 ** (exponent - 25);
        const subnormal = sign * fraction * 2 ** -24;
        const expected = exponent === 31 ? special : exponent === 0 ? subnormal : normal;
        if (!Object.is(single, expected)) expect.fail(single, expected, `float16 0x${bits.toString(16)}`);
      }
    });

    it('complex numbers as a last axis of 2, in either order', () => {
      const parts = Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15);
      const bytes = new Uint8Array(parts.buffer);
      const rows = decoded(file('<c8', '(2, 3)', bytes)) as NdArray<Float32Array>;
      expectSameArray(rows, ndarray(parts, [2, 3, 2]));
      const columns = decoded(file('<c8', '(2, 3)', bytes, 'True')) as NdArray<Float32Array>;
      expectSameArray(columns, ndarray(Float32Array.of(0, 10, 2, 12, 4, 14, 1, 11, 3, 13, 5, 15), [2, 3, 2]));
      expect((decoded(file('<c8', '()', bytes.subarray(0, 8))) as NdArray).shape).to.deep.equal([2]);
      expect((decoded(file('<c16', '(0,)', new Uint8Array())) as NdArray).shape).to.deep.equal([0, 2]);
    });

    it('a body that is not aligned is copied, one that is is kept', () => {
      const head = file('<f8', '(2,)', new Uint8Array());
      const memory = new ArrayBuffer(32);
      for (const [byteOffset, kept] of [
        [8, true],
        [4, false],
      ] as const) {
        new Uint8Array(memory).set(new Uint8Array(Float64Array.of(1, 2).buffer), byteOffset);
        const array = npyCodec.decode(new Uint8Array(memory, byteOffset, 16), { type: '' }, head) as Float64Array;
        expectSameArray(array, Float64Array.of(1, 2));
        expect(array.buffer === memory).to.equal(kept);
      }
    });

    it('64 dimensions, as many as NumPy has', () => {
      const shape = new Array<number>(64).fill(1);
      const array = decoded(file('|u1', `(${shape.join(',')})`, Buffer.from([7]))) as NdArray;
      expect(array.shape).to.deep.equal(shape);
      expectSameArray(roundTrip(npyCodec, array), array);
    });
  });

  describe('refuses notes that disagree with the file', () => {
    const { bytes, notes } = encodeFile(npyCodec, Float64Array.of(1, 2));
    const NOTES: Record<string, Partial<Record<keyof ValueNotes, unknown>>> = {
      'another dtype': { ...notes, dtype: '<i8' },
      'a dtype that is no text': { ...notes, dtype: ['<f8'] },
      'another byte order': { ...notes, dtype: '>f8' },
      'another shape': { ...notes, shape: [1] },
      'a shape of fewer dimensions': { ...notes, shape: [] },
      'another dimension': { ...notes, shape: [2, 1] },
      'a shape with text': { ...notes, shape: ['2'] },
      'a shape that is a number': { ...notes, shape: 2 },
      'a shape that is null': { ...notes, shape: null },
      'a type of another dtype': { ...notes, type: 'BigInt64Array' },
      'an ndarray of another dtype': { ...notes, type: 'ndarray<Float32Array>' },
      'a type that is no array': { ...notes, type: 'Map' },
      'a type of Object.prototype': { ...notes, type: 'constructor' },
      'an ndarray of no array': { ...notes, type: 'ndarray<Map>' },
      'half a type': { ...notes, type: 'ndarray<Float64Array' },
      'a type that is no text': { ...notes, type: 5 },
      'a type that is null': { ...notes, type: null },
    };
    for (const [what, changed] of Object.entries(NOTES)) {
      it(what, () => {
        expect(() => decoded(bytes, changed)).to.throw(FormatError, /^(the record notes|no npy file holds)/);
      });
    }

    it('a typed array of two dimensions', () => {
      const matrix = encodeFile(npyCodec, grid());
      const notes = { ...matrix.notes, type: 'Float64Array' };
      expect(() => decoded(matrix.bytes, notes)).to.throw(FormatError, /notes type/);
    });

    it('a typed array for bool, float16 or complex numbers that are widened', () => {
      const disagreeing = [
        ['|b1', 1, 'Uint8Array'],
        ['<f2', 2, 'Float32Array'],
        ['<c8', 8, 'ndarray<Float32Array>'],
        ['>f8', 8, 'Float64Array'],
      ] as const;
      for (const [descr, bytes, type] of disagreeing) {
        expect(() => decoded(file(descr, '(1,)', Buffer.alloc(bytes)), { type })).to.throw(FormatError, /notes type/);
      }
    });

    it('but takes notes that say less, and a type that is absent', () => {
      for (const some of [{}, { type: '' }, { dtype: '<f8' }, { shape: [2] }, { type: 'Float64Array' }]) {
        expectSameArray(decoded(bytes, some), Float64Array.of(1, 2));
      }
      expectSameArray(decoded(bytes, { type: 'ndarray<Float64Array>' }), ndarray(Float64Array.of(1, 2)));
    });
  });

  it('refuses a body of another length than the header says', () => {
    const head = file('<f8', '(2,)', new Uint8Array());
    for (const length of [0, 15, 17, 32]) {
      expect(() => npyCodec.decode(new Uint8Array(length), { type: '' }, head)).to.throw(FormatError, /16 bytes of/);
    }
  });

  it('restores a Float16Array where the runtime has one, and otherwise says that it has none', () => {
    const bytes = file('<f2', '(2,)', Buffer.from([0x00, 0x3e, 0x01, 0x7c]));
    const notes = { type: 'Float16Array', dtype: '<f2', shape: [2] };
    if (hasFloat16) {
      const array = decoded(bytes, notes);
      expect(Object.prototype.toString.call(array)).to.equal('[object Float16Array]');
      expect(elementBytes(array).toString('hex')).to.equal('003e017c');
    } else {
      expect(() => decoded(bytes, notes)).to.throw(FormatError, /Float16Array, which Node v\S+ does not have/);
      expect(() => decoded(bytes, { ...notes, type: 'ndarray<Float16Array>' })).to.throw(FormatError, /does not have/);
    }
  });
});
