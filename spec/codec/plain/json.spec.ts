import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import { jsonCodec, MAX_JSON_BYTES } from '#lib/codec/plain/json.js';
import { describeCodec, roundTrip, type Cases } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';

const shared = { a: 1 };

const VALUES: Cases = {
  null: () => null,
  'a boolean': () => false,
  'a number': () => 0.1 + 0.2,
  'large and small numbers': () => [1e21, 5e-324, 1.7976931348623157e308, -1e-7, 2 ** 53],
  'a string': () => '\u{1F52D} "quoted" \\ \u2028 \0',
  'lone surrogates': () => ['\uD83D', { '\uDD2D': '\uDD2D\uD83D' }],
  'nested objects in order': () => ({ b: [{ d: null, c: [] }], a: {}, 2: 'x', 1: 'y', '': 0 }),
  'a toJSON that is no function': () => ({ toJSON: 1 }),
  'names of inherited methods': () => ({ constructor: 1, hasOwnProperty: 'x' }),
  'the longest text': () => 'x'.repeat(MAX_JSON_BYTES - 2),
  'many elements': () => new Array<number>(MAX_JSON_BYTES / 2 - 1).fill(1),
};

const REFUSED: Cases = {
  undefined: () => undefined,
  'minus zero': () => [-0],
  NaN: () => NaN,
  infinity: () => [Infinity],
  'a bigint': () => 1n,
  'a function': () => () => 0,
  'an undefined property': () => ({ a: undefined }),
  'a hole': () => [1, , 2], // eslint-disable-line no-sparse-arrays
  'a hole made up for by a name': () => Object.assign([1, ,], { name: 1 }), // eslint-disable-line no-sparse-arrays
  'a name on an array': () => Object.assign([1], { name: 1 }),
  'a shared object': () => [shared, shared],
  'a cycle': () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
  'a frozen object': () => Object.freeze({ a: 1 }),
  'a sealed array': () => [Object.seal([1])],
  'a closed object': () => Object.preventExtensions({ a: 1 }),
  'an object without prototype': () => Object.create(null) as object,
  'an instance': () =>
    new (class Fit {
      order = 1;
    })(),
  'a Date': () => new Date(0),
  'a Map': () => new Map(),
  'a box': () => [Object(1)] as unknown[],
  'a disguised Date': () => Object.setPrototypeOf(new Date(0), Object.prototype) as object,
  'arguments': () =>
    (function (..._: unknown[]) {
      return arguments; // eslint-disable-line prefer-rest-params
    })(1),
  'a name longer than any text': () => ({ ['x'.repeat(MAX_JSON_BYTES)]: 1 }),
  'a symbol among the keys': () => ({ [Symbol('s')]: 1 }),
  'a getter': () => ({
    get a(): never {
      throw new Error('the getter ran');
    },
  }),
  'a hidden property': () => Object.defineProperty({}, 'a', { value: 1 }),
  'a read-only property': () => Object.defineProperty({}, 'a', { value: 1, enumerable: true, configurable: true }),
  'an own __proto__': () => JSON.parse('{"__proto__": 1}') as unknown,
  'a toJSON': () => ({ toJSON: () => 1 }),
  'a text that is one byte too long': () => 'x'.repeat(MAX_JSON_BYTES - 1),
  'a text that is too long in UTF-8 alone': () => '\u2603'.repeat(MAX_JSON_BYTES / 2),
  'a nest too deep': () => {
    let nest: unknown[] = [];
    for (let depth = 0; depth < 1e5; depth++) nest = [nest];
    return nest;
  },
};

describeCodec(jsonCodec, VALUES, REFUSED);

describe('jsonCodec', () => {
  for (const [name, make] of Object.entries(REFUSED)) {
    it(`neither accepts nor encodes ${name}`, () => {
      expect(jsonCodec.accepts(make())).to.equal(false);
      expect(() => jsonCodec.encode(make())).to.throw(UncacheableValueError);
    });
  }

  it('takes every small JSON value and brings it back', () => {
    const tree = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    const exact = tree.filter((value) => !JSON.stringify(value).includes('"__proto__"'));
    fc.assert(
      fc.property(exact, (value) => {
        fc.pre(Buffer.byteLength(JSON.stringify(value)) <= MAX_JSON_BYTES);
        expect(jsonCodec.accepts(value)).to.equal(true);
        expectSame(roundTrip(jsonCodec, value), value);
      }),
    );
  });

  it('survives a record, which is written and parsed as a whole', () => {
    const value = VALUES['nested objects in order']?.();
    const text = Buffer.concat(jsonCodec.encode(value).chunks).toString();
    const record = JSON.parse(JSON.stringify({ value: JSON.parse(text) as unknown })) as { value: unknown };
    const body = Uint8Array.from(Buffer.from(JSON.stringify(record.value)));
    expectSame(jsonCodec.decode(body, { type: 'Object' }, new Uint8Array(0)), value);
  });

  it('does not take anything while all objects have a toJSON', () => {
    Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'changed', configurable: true });
    try {
      expect(jsonCodec.accepts({ a: 1 })).to.equal(false);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
    }
  });

  it('decides on a large array at once', () => {
    const large = new Array<number>(2 ** 27).fill(0, 0, 10);
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(jsonCodec.accepts(large)).to.equal(false);
      return performance.now() - start;
    });
    // The best of them: a machine that is busy with something else may hold up any one.
    expect(Math.min(...times)).to.be.below(100);
  });

  it('refuses what is no JSON, no UTF-8, or of another type than the record says', () => {
    for (const body of [Buffer.from('{"a":'), Uint8Array.of(0x22, 0xff, 0x22), Buffer.from('12')]) {
      expect(() => jsonCodec.decode(Uint8Array.from(body), { type: 'Object' }, new Uint8Array(0))).to.throw(
        FormatError,
      );
    }
  });
});
