import { expect } from 'chai';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { decode } from '@msgpack/msgpack';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import { msgpackCodec } from '#lib/codec/msgpack/msgpack.js';
import { codecFor, codecNamed } from '#lib/codec/registry.js';
import { describeCodec, fileOf, roundTrip, type Cases } from '../../contract/codec-contract.js';
import { expectSame } from '../../support/values/same-value.js';

const shared = { a: 1 };

const VALUES: Cases = {
  undefined: () => undefined,
  null: () => null,
  'minus zero among zeros': () => [0, -0, { z: -0 }],
  'numbers of every size': () => [
    1,
    -1,
    127,
    -33,
    255,
    65_536,
    2 ** 32,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    2 ** 53,
    5e-324,
    NaN,
    -Infinity,
    0.1,
  ],
  bigints: () => [0n, -1n, 2n ** 64n, -(2n ** 200n)],
  strings: () => ['', 'latin é', '\u{1F52D}', 'lone \uD83D', 'nul \0'],
  'nested objects in order': () => ({ b: [{ d: null, c: [] }], a: {}, 2: 'x', '': undefined }),
  'names of inherited methods': () => ({ constructor: 1, hasOwnProperty: 'x', toJSON: 2 }),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['b', 1],
      [{ k: 1 }, new Set([2, new Map()])],
      [NaN, undefined],
    ]),
  'a Set': () => new Set<unknown>([3, -1, undefined, {}, [1], 'x']),
  dates: () => [
    new Date(0),
    new Date(-1),
    new Date(1_600_000_000_123),
    new Date(8.64e15),
    new Date(-8.64e15),
    new Date(NaN),
  ],
  'typed arrays': () => [
    Int8Array.of(-1),
    Uint8Array.of(255),
    Uint8ClampedArray.of(255),
    Int16Array.of(-2),
    Uint16Array.of(65535),
    Int32Array.of(-3),
    Uint32Array.of(4294967295),
    Float32Array.of(1.5, NaN),
    Float64Array.of(-0, NaN, Infinity),
    BigInt64Array.of(-1n),
    BigUint64Array.of(2n ** 64n - 1n),
  ],
  'NaNs with a payload': () => new Float64Array(Uint8Array.of(1, 2, 3, 4, 5, 6, 0xf8, 0x7f).buffer),
  'a Buffer and a Uint8Array': () => [Buffer.alloc(3, 'abc'), Uint8Array.of(97)],
  'empty views': () => [new Float64Array(0), new Uint8Array(0), new DataView(new ArrayBuffer(0)), new ArrayBuffer(0)],
  'an ArrayBuffer': () => Uint8Array.of(1, 2, 3).buffer,
  'deep nesting': () => Array.from({ length: 1000 }).reduce<unknown>((inner) => [inner], 1),
};

const REFUSED: Cases = {
  'a function': () => () => 0,
  'a function inside': () => ({ fit: [{ done: () => 0 }] }),
  'a symbol': () => Symbol('s'),
  'a shared object': () => [shared, shared],
  'one array twice': () => {
    const one = Float64Array.of(1);
    return [one, one.subarray(0)];
  },
  'a cycle': () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
  'a hole': () => [1, , 2], // eslint-disable-line no-sparse-arrays
  'a name on an array': () => Object.assign([1], { name: 1 }),
  'a name on a Map': () => Object.assign(new Map(), { name: 1 }),
  'a frozen object': () => Object.freeze({ a: 1 }),
  'an object without prototype': () => Object.create(null) as object,
  'an own __proto__': () => JSON.parse('{"__proto__": 1}') as unknown,
  'half a surrogate pair as a name': () => ({ '\uD83D': 1 }),
  'a symbol among the keys': () => ({ [Symbol('s')]: 1 }),
  'a getter': () => ({
    get a() {
      return 1;
    },
  }),
  'an instance': () =>
    new (class Fit {
      order = 1;
    })(),
  'a subclass': () => new (class Dates extends Date {})(),
  'a regular expression': () => /x/,
  'an error': () => new Error('clouds'),
  'a box': () => Object(1) as unknown,
  'a disguised Map': () => Object.setPrototypeOf(new Map(), Object.prototype) as object,
  'a Proxy': () => new Proxy({}, {}),
  'shared memory': () => new Uint8Array(new SharedArrayBuffer(2)),
  'a promise': () => Promise.resolve(1),
};

describeCodec(msgpackCodec, VALUES, REFUSED);

describe('the codec msgpack', () => {
  it('says where the part is that it refuses, and what', () => {
    expect(() => msgpackCodec.encode({ fits: new Map([['tip', [1, /x/]]]) })).to.throw(
      UncacheableValueError,
      'result.fits[0].value[1] is an instance of RegExp, which cannot be stored exactly: MessagePack',
    );
  });

  it('takes small Buffers, which are parts of one piece of memory', () => {
    const value = [Buffer.from('abc'), Buffer.from('def')];
    expect(roundTrip(msgpackCodec, value)).to.deep.equal(value);
  });

  it('is asked for by name, and never chosen by itself', () => {
    expect(codecNamed('msgpack')).to.equal(msgpackCodec);
    for (const make of Object.values(VALUES)) expect(codecFor(make()).name).not.to.equal('msgpack');
  });

  it('writes what every reader of MessagePack understands, where MessagePack has it', () => {
    const value = { name: 'tip', modes: [1, -2.5, true, null], when: new Date(1.6e12), bytes: Uint8Array.of(1, 2) };
    expect(decode(fileOf(msgpackCodec.encode(value)))).to.deep.equal(value);
  });

  it('reads, for good, what it writes today', () => {
    const value = [
      undefined,
      -0,
      12n,
      new Date(NaN),
      new Map([[1, 'x']]),
      new Set([2]),
      Int16Array.of(1),
      new ArrayBuffer(1),
      '\uD83D',
      Buffer.alloc(1, 7),
    ];
    const golden = '9ac70001c70002d5033132c70004c70505919201a178d5069102c70307030100d40800d5093dd8d5070007';
    expect(Buffer.from(fileOf(msgpackCodec.encode(value))).toString('hex')).to.equal(golden);
    expectSame(
      msgpackCodec.decode(Uint8Array.from(Buffer.from(golden, 'hex')), { type: 'Array' }, new Uint8Array(0)),
      value,
    );
  });

  it('refuses bytes that are something else', () => {
    for (const bytes of [[0xc1], [0x92, 1], [1, 2], [0xd4, 7, 200]]) {
      expect(() => msgpackCodec.decode(Uint8Array.from(bytes), { type: '' }, new Uint8Array(0))).to.throw(FormatError);
    }
  });

  it('refuses what is nested too deeply by name', () => {
    const deep = Array.from({ length: 1e6 }).reduce<unknown>((inner) => [inner], 1);
    expect(() => msgpackCodec.encode(deep)).to.throw(UncacheableValueError, 'too deep');
  });

  it('brings back any tree of what it takes', () => {
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: false,
      maxDepth: 4,
    });
    fc.assert(
      fc.property(value, (tree) => {
        let copy: unknown;
        try {
          copy = roundTrip(msgpackCodec, tree);
        } catch (error) {
          // An own __proto__, or a key of half a pair.
          if (error instanceof UncacheableValueError) return;
          throw error;
        }
        expectSame(copy, tree);
      }),
      { numRuns: 300 },
    );
  });

  it('loads its package when it is first used, not when it is imported', () => {
    const registry = new URL('../../../lib/codec/registry.js', import.meta.url).href;
    const script = `import { codecNamed } from ${JSON.stringify(registry)};
      import { createRequire } from 'node:module';
      const { cache } = createRequire(import.meta.url);
      const loaded = () => Object.keys(cache).some((name) => name.includes('msgpack'));
      const before = loaded(); codecNamed('msgpack').encode(1); console.log(before, loaded());`;
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(told.trim()).to.equal('false true');
  });
});
