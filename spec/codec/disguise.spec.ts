/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
/** Results that hide something of themselves: none comes back as something else, and none of their code runs. */
import { expect } from 'chai';
import type * as Arrow from 'apache-arrow';
import { createRequire } from 'node:module';
import ndarray from 'ndarray';
import { UncacheableValueError } from '#lib/base/errors.js';
import { arrowCodec } from '#lib/codec/arrow/arrow.js';
import { npyCodec } from '#lib/codec/npy/npy.js';
import { jsonCodec } from '#lib/codec/plain/json.js';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { registerClass } from '#lib/key/classes/class-registry.js';
import { valueDigest } from '#lib/key/canonical/canonical.js';
import { roundTrip } from '../support/values/codec-round-trip.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
/** As the registry chooses, without codecs that other specs have registered. */
const CODECS = [npyCodec, arrowCodec, jsonCodec];
const store = (value: unknown): unknown => roundTrip(CODECS.find((codec) => codec.accepts(value)) ?? v8Codec, value);
const inDisguise = (value: object, Class: { readonly prototype: object }): object =>
  Object.setPrototypeOf(value, Class.prototype) as object;

class Lookalike {
  data = [1];
  shape = [1];
  stride = [1];
  offset = 0;
  declare dtype: string;
  declare dimension: number;

  get(): void {
    this.offset = 0;
  }

  pick(): void {
    this.offset = 0;
  }
}
Object.assign(Lookalike.prototype, { dtype: 'array', dimension: 1 });

class OddBuffer extends ArrayBuffer {}

/** Values by what is wrong with them, and what the refusal says. */
const REFUSED: Readonly<Record<string, readonly [() => unknown, RegExp]>> = {
  'integers under the prototype of floats': [() => inDisguise(Int32Array.of(1), Float32Array), /typed array/],
  'signed bytes under the prototype of Buffer': [() => inDisguise(Int8Array.of(-1), Buffer), /typed array/],
  'a DataView under the prototype of bytes': [
    () => inDisguise(new DataView(new ArrayBuffer(1)), Uint8Array),
    /typed array/,
  ],
  'a typed array of no known class': [() => inDisguise(Float64Array.of(1), class Odd {}), /Odd, a subclass of typed/],
  'a view of a subclass of ArrayBuffer': [() => ({ view: new DataView(new OddBuffer(8)) }), /OddBuffer, a subclass of/],
  'a Number with a length': [() => Object.assign(Object(1) as object, { length: 5 }), /added to a Number/],
  'an object that only inherits from URL': [() => Object.create(URL.prototype) as object, /instance of URL/],
  'an object that only inherits from URLSearchParams': [
    () => Object.create(URLSearchParams.prototype) as object,
    /instance of URLSearchParams/,
  ],
  'a RegExp that cannot be rewound': [() => Object.defineProperty(/x/g, 'lastIndex', { writable: false }), /read-only/],
  'an object that looks like an ndarray': [() => new Lookalike(), /Lookalike, a subclass of ndarray/],
  'an ndarray with a property, in an object': [
    () => [Object.assign(ndarray([1]), { unit: 'm' })],
    /added to a ndarray/,
  ],
  'a Table with a property': [() => Object.assign(arrow.tableFromArrays({ a: [1] }), { note: 1 }), /its own, note/],
  'a Vector with a property': [() => [Object.assign(arrow.vectorFromArray([1]), { note: 1 })], /its own, note/],
  'an instance of a nameless class': [() => new (class {})(), /a class without a name/],
  'a Map whose class has no name': [() => inDisguise(new Map(), class {}), /a Map of another kind/],
  'an object without a class': [() => Object.create(Object.create(null) as object) as object, /without a name/],
};

describe('a result in disguise', () => {
  for (const [what, [make, message]] of Object.entries(REFUSED)) {
    it(`is refused: ${what}`, () => {
      expect(() => store(make())).to.throw(UncacheableValueError, message);
    });
  }

  it('comes back as what it is registered for, though it looks like an ndarray', () => {
    class Registered extends Lookalike {}
    registerClass(Registered, { name: 'DisguiseRegistered' });
    expect(store(new Registered())).to.be.instanceOf(Registered);
  });

  const TARGETS: Readonly<Record<string, () => object>> = {
    object: () => ({}),
    array: () => [1],
    'typed array': () => Float64Array.of(1),
    Map: () => new Map(),
    Error: () => new Error('x'),
  };
  for (const [what, make] of Object.entries(TARGETS)) {
    it(`runs no trap of a Proxy that is the prototype of an ${what}, nor of one that is all`, () => {
      const ran: PropertyKey[] = [];
      const handler = new Proxy({}, { get: (_, trap) => void ran.push(trap) });
      const above = Object.setPrototypeOf(make(), new Proxy({}, handler)) as object;
      for (const value of [above, Object.create(above) as object, new Proxy(make(), handler)]) {
        expect(() => store(value)).to.throw(UncacheableValueError);
        expect(() => valueDigest(value)).to.throw(UncacheableValueError);
      }
      expect(ran).to.deep.equal([]);
    });
  }

  const GETTERS: readonly [what: string, make: () => object, names: readonly string[]][] = [
    ['a typed array', () => Float64Array.of(1), ['length', 'buffer', 'byteOffset', 'BYTES_PER_ELEMENT']],
    ['an ndarray', () => ndarray(Float64Array.of(1)), ['data', 'shape', 'stride', 'offset', 'get', 'dtype']],
    ['an ndarray of values', () => ndarray(['a'] as never), ['data', 'shape', 'stride', 'offset', 'get', 'dtype']],
    ['a Table', () => arrow.tableFromArrays({ a: [1] }), ['schema', 'batches', 'note']],
  ];
  for (const [what, make, names] of GETTERS) {
    it(`runs no getter that somebody put on ${what}`, () => {
      for (const name of names) {
        let ran = 0;
        const value = Object.defineProperty(make(), name, { get: () => ran++, configurable: true });
        expect(() => store(value), name).to.throw(UncacheableValueError);
        expect(ran, name).to.equal(0);
      }
    });
  }

  it('is named in its record as its class was written, whatever static members the class has', () => {
    class Odd {
      a = 1;
    }
    Object.defineProperty(Odd, 'name', { value: 5 });
    registerClass(Odd, { name: 'DisguiseOdd' });
    expect(v8Codec.encode(new Odd()).type).to.equal('');
    class Bare {
      a = 1;
    }
    registerClass(Bare, { name: 'DisguiseBare' });
    Reflect.deleteProperty(Bare.prototype, 'constructor');
    expect(v8Codec.encode(new Bare()).type).to.equal('Object');
  });
});

describe('a result closed to new properties', () => {
  const ndarrayOf = (): object => Object.freeze(ndarray(Float64Array.of(1, 2)));
  const VALUES: Readonly<Record<string, () => object>> = {
    'a typed array': () => Object.preventExtensions(Float64Array.of(1, 2)),
    'an ndarray': ndarrayOf,
    'a Table': () => Object.preventExtensions(arrow.tableFromArrays({ a: [1, 2] })),
  };
  for (const [what, make] of Object.entries(VALUES)) {
    it(`comes back closed: ${what}`, () => {
      const copy = store(make()) as object;
      expect(Object.isExtensible(copy)).to.equal(false);
      expect(copy.constructor.name).to.equal(make().constructor.name);
    });
  }

  it('is none that an npy or an Arrow file could bring back', () => {
    expect(npyCodec.accepts(ndarrayOf())).to.equal(false);
    expect(arrowCodec.accepts(Object.preventExtensions(arrow.tableFromArrays({ a: [1] })))).to.equal(false);
  });
});
