import { expect } from 'chai';
import { difference } from './same-value.js';

const shared = { a: 1 };
const bytes = new Uint8Array(8);

/** Pairs that a lenient comparison would take for the same. */
const DIFFERENT: Readonly<Record<string, [a: unknown, b: unknown]>> = {
  'zeros of either sign': [[0], [-0]],
  'a hole and undefined': [[,], [undefined]], // eslint-disable-line no-sparse-arrays
  'the order of properties': [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  'the order of a Map': [
    new Map([
      [1, 1],
      [2, 2],
    ]),
    new Map([
      [2, 2],
      [1, 1],
    ]),
  ],
  'a shared object and two': [
    [shared, shared],
    [{ a: 1 }, { a: 1 }],
  ],
  'two objects and a shared one': [
    [{ a: 1 }, { a: 1 }],
    [shared, shared],
  ],
  'a shared buffer and two': [
    [bytes.subarray(0, 1), bytes.subarray(1, 2)],
    [new Uint8Array(1), new Uint8Array(1)],
  ],
  'a Buffer and a Uint8Array': [Buffer.alloc(1), new Uint8Array(1)],
  'a frozen object': [Object.freeze({ a: 1 }), { a: 1 }],
  'a read-only property': [Object.defineProperty({ a: 1 }, 'a', { writable: false }), { a: 1 }],
  'an object without prototype': [Object.create(null), {}],
  'payloads of NaN': [new Float64Array([NaN]), new Float64Array(Uint8Array.of(1, 0, 0, 0, 0, 0, 0xf8, 0x7f).buffer)],
  'names on a typed array': [Object.assign(new Uint8Array(1), { name: 1 }), new Uint8Array(1)],
  'where a RegExp goes on': [Object.assign(/a/g, { lastIndex: 1 }), /a/g],
  'causes of errors': [
    Object.assign(new Error('m', { cause: 1 }), { stack: '' }),
    Object.assign(new Error('m'), { stack: '' }),
  ],
};

describe('difference', () => {
  for (const [name, [a, b]] of Object.entries(DIFFERENT)) {
    it(`tells apart ${name}`, () => {
      expect(difference(a, b)).to.be.a('string');
    });
  }

  it('says where', () => {
    expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).to.equal('value.a.1.b: number 2 and number 3');
  });

  it('finds none between copies of a cycle', () => {
    const cycle = (): unknown => {
      const object: { self?: unknown; nan: number } = { nan: NaN };
      object.self = object;
      return object;
    };
    expect(difference(cycle(), cycle())).to.equal(undefined);
  });
});
