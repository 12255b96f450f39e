import type { TypedArray } from '#lib/base/language/brand.js';
import { beyondElements } from '#lib/codec/shared/bare-array.js';
import { expect } from 'chai';

describe('beyondElements', () => {
  it('is nothing for plain arrays, parts of larger ones, and buffers of the pool', () => {
    const memory = new ArrayBuffer(64);
    const arrays = [
      new Float64Array(),
      Float32Array.of(NaN),
      new Int16Array(memory, 2, 3),
      new BigInt64Array(memory, 8),
      Buffer.from('text'),
      Buffer.alloc(0),
      new Uint8ClampedArray(1),
    ];
    for (const array of arrays) expect(beyondElements(array), array.constructor.name).to.equal(undefined);
  });

  const PROPERTIES: Record<string, (array: TypedArray) => unknown> = {
    'a property': (array) => Object.assign(array, { unit: 'm' }),
    'an undefined property': (array) => Object.assign(array, { unit: undefined }),
    'a symbol': (array) => Object.assign(array, { [Symbol('unit')]: 'm' }),
    'a hidden property': (array) => Object.defineProperty(array, 'unit', { value: 'm' }),
    'a getter, which is not called': (array) =>
      Object.defineProperty(array, 'unit', {
        get() {
          throw new Error('called');
        },
      }),
    'a length of its own': (array) => Object.defineProperty(array, 'length', { value: 1 }),
    'a constructor of its own': (array) => Object.assign(array, { constructor: Float64Array }),
    'a tag of its own': (array) => Object.defineProperty(array, Symbol.toStringTag, { value: 'Float64Array' }),
    'a property named almost like an index': (array) => Object.assign(array, { '-1 ': 0 }),
  };
  for (const [what, add] of Object.entries(PROPERTIES)) {
    it(`sees ${what}`, () => {
      for (const array of [new Float64Array(3), Buffer.alloc(3), new Int8Array(), new Float64Array(100_000)]) {
        add(array);
        expect(beyondElements(array)).to.match(/properties of its own|cannot be read|transferred/);
      }
    });
  }

  it('sees a prototype that is another class than the memory', () => {
    const disguised: unknown = Object.setPrototypeOf(new Int8Array(new ArrayBuffer(64), 0, 4), Float64Array.prototype);
    expect(beyondElements(disguised as Float64Array)).to.be.a('string');
  });

  it('sees memory that is shared, resizable or gone', () => {
    expect(beyondElements(new Float64Array(new SharedArrayBuffer(8)))).to.equal('an array on a SharedArrayBuffer');
    const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    const resizable = new Float64Array(new Resizable(8, { maxByteLength: 16 }));
    expect(beyondElements(resizable)).to.equal('an array on a resizable ArrayBuffer');
    const gone = new Float64Array(2);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(beyondElements(gone)).to.equal('an array whose memory was transferred away');
  });
});
