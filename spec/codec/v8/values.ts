/** Values of every kind that the v8 codec keeps, each of which a test or a golden file can ask for anew. */
import { createRequire } from 'node:module';
import type ndarrayOf from 'ndarray';
import { registerClass } from '#lib/key/classes/class-registry.js';
import type { Cases } from '../../contract/codec-contract.js';

const require = createRequire(import.meta.url);
const ndarray = require('ndarray') as typeof ndarrayOf;

/** A registered class whose constructor counts, so that a test sees that it did not run. */
export class Fit {
  static constructed = 0;
  residual = 0;
  constructor(readonly order: number) {
    Fit.constructed++;
  }
  get double(): number {
    return this.order * 2;
  }
  set label(_value: string) {
    throw new Error('the setter ran');
  }
}
registerClass(Fit, { name: 'spec.Fit' });

/** A fixed stack, so that a value does not depend on where it was made. */
function error<E extends Error>(made: E, extras: object = {}): E {
  made.stack = `${made.name}: ${made.message}\n    at fit (analysis.js:1:1)`;
  return Object.assign(made, extras);
}

/** Without class instances and packages: what any process of any Node can make. */
const PLAIN_VALUES: Cases = {
  undefined: () => undefined,
  null: () => null,
  'true': () => true,
  NaN: () => NaN,
  'minus zero': () => -0,
  infinity: () => -Infinity,
  'the smallest number': () => 5e-324,
  'an integer beyond 32 bits': () => 2 ** 53 - 1,
  'a large bigint': () => -(2n ** 200n) - 1n,
  'an empty string': () => '',
  'strings of all widths': () => ['latin é', 'wide \u2603', 'astral \u{1F52D}', 'lone \uD83D', 'nul \0'],
  'an object': () => ({ b: 1, a: { c: [1, 'x', null, undefined, NaN, -0, 3n] }, 2: 'two', '': 'empty' }),
  'objects of one shape': () => [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
    { b: 5, a: 6 },
  ],
  'names that contain each other': () => [{ 'a,b': 1 }, { a: 1, b: 2 }, { 'a","b': 1 }],
  'more names than are shared': () =>
    [0, 1].map(() => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i]))),
  'an object without prototype': () => Object.assign(Object.create(null) as object, { a: 1, constructor: 2 }),
  'an own __proto__': () => JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as unknown,
  'names of inherited methods': () => ({ toString: 1, constructor: 2, hasOwnProperty: [3] }),
  'an empty array': () => [],
  'nested arrays': () => [[], [[]], [[[1]]]],
  'an array with holes': () => {
    const array = [1, undefined, 3] as unknown[];
    array[5] = {};
    array.length = 8;
    return array;
  },
  'a very sparse array': () => Object.assign([], { 4294967290: 'far' }),
  'an array with names': () => Object.assign([1, 2], { index: 3, groups: { year: '2024' } }),
  'the match of a regular expression': () => /(\d)(x)?/.exec('a1'),
  'an array with holes and as many names': () =>
    Object.assign(Object.assign([], { 1: 'one' }), { length: 2, name: 'n' }),
  'a Map': () =>
    new Map<unknown, unknown>([
      ['b', 1],
      ['a', { x: [1] }],
      [NaN, 'nan'],
      [{ k: 1 }, new Set(['s', 2])],
    ]),
  'a Map that holds itself': () => {
    const map = new Map<unknown, unknown>();
    return map.set(map, map);
  },
  'a Set': () => new Set<unknown>([3, 1, 2, undefined, null, 'x', {}, [1]]),
  'empty collections': () => [new Map(), new Set()],
  dates: () => [new Date(0), new Date(-1.5e12), new Date(NaN), new Date(8.64e15)],
  'regular expressions': () => {
    const last = /a/g;
    last.lastIndex = 7;
    return [/a\/b[/]\n/dgimsuy, /(?:)/, last, new RegExp('\\p{L}', 'v')];
  },
  boxes: () => [Object(-0), Object('text'), Object(''), Object(false), Object(12n)] as unknown[],
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
  'a Buffer and a Uint8Array': () => ({ buffer: Buffer.from('abc'), bytes: Uint8Array.of(97, 98, 99) }),
  'empty views': () => [new Float64Array(0), Buffer.alloc(0), new DataView(new ArrayBuffer(0)), new ArrayBuffer(0)],
  'a DataView': () => new DataView(Uint8Array.of(0, 1, 2, 3, 4).buffer, 1, 3),
  'an ArrayBuffer and its views': () => {
    const buffer = Float64Array.of(1, 2, 3).buffer;
    return {
      view: new Float64Array(buffer, 8),
      buffer,
      byte: new Uint8Array(buffer, 3, 1),
      whole: new DataView(buffer),
    };
  },
  'views of one buffer of different alignment': () => {
    const buffer = Uint8Array.from({ length: 64 }, (_, i) => i).buffer;
    return [
      new Uint8Array(buffer, 13, 2),
      new Float64Array(buffer, 16, 2),
      new Int16Array(buffer, 14, 5),
      new Uint8Array(buffer, 60, 0),
    ];
  },
  'views far apart in one buffer': () => {
    const samples = new Float64Array(100_000);
    samples[0] = 1;
    samples[99_999] = 2;
    return [samples.subarray(0, 3), samples.subarray(-3)];
  },
  'one array twice': () => {
    const one = Float64Array.of(1, 2);
    return [one, one, { one }];
  },
  'one object many times, and a cycle': () => {
    const shared = { name: 'shared', self: null as unknown };
    shared.self = shared;
    return { a: shared, b: [shared, new Map([[shared, shared]])], c: new Set([shared]) };
  },
  'a root that holds itself': () => {
    const root: unknown[] = [];
    root.push(root, { root });
    return root;
  },
  'frozen, sealed and non-extensible': () => [
    Object.freeze({ a: Object.freeze([1, 2]) }),
    Object.seal({ a: 1 }),
    Object.preventExtensions({ a: 1 }),
    Object.freeze([]),
    Object.seal([1]),
    Object.preventExtensions([1, {}]),
    Object.freeze({}),
    Object.freeze(Object.assign(Object.create(null) as object, { n: 1 })),
    Object.freeze(new Map([[1, 2]])),
    Object.freeze(new Date(5)),
    Object.freeze(/x/g),
    Object.preventExtensions(new Uint8Array(2)),
    Object.freeze(Object.assign([1], { name: 'n' })),
  ],
  'a frozen cycle': () => {
    const node: { self?: unknown } = {};
    node.self = node;
    return Object.freeze(node);
  },
  errors: () => [
    error(new Error('plain')),
    error(new EvalError('e')),
    error(new RangeError('r')),
    error(new ReferenceError('f')),
    error(new SyntaxError('s')),
    error(new TypeError('t')),
    error(new URIError('u')),
    error(new Error()),
  ],
  'an error with a cause': () =>
    error(new Error('outer', { cause: error(new TypeError('inner', { cause: { code: 1 } })) })),
  'an error whose cause is undefined': () => error(new Error('outer', { cause: undefined })),
  'an AggregateError': () => error(new AggregateError([error(new Error('one')), 'two'], 'several')),
  'an error of the system': () =>
    error(new Error('ENOENT: no such file'), { errno: -2, code: 'ENOENT', syscall: 'open', path: '/data/night1' }),
  'an error that causes itself': () => {
    const circular = error(new Error('loop'));
    circular.cause = circular;
    return circular;
  },
  'an error without stack': () => {
    const bare = new Error('bare');
    delete (bare as { stack?: unknown }).stack;
    return bare;
  },
  'a frozen error': () => Object.freeze(error(new Error('frozen'), { code: 'E' })),
  'an error with a name of its own': () => error(new Error('m'), { name: 'FitError' }),
  URLs: () => [new URL('https://user:pw@example.org:8080/a%20b?x=1&y=%C3%A9#part'), new URL('data:,x')],
  'search parameters': () => new URLSearchParams('a=1&b=2&a=%203&c='),
  'a nest of everything': () =>
    new Map<unknown, unknown>([
      [{ deep: [new Set([[new Date(1)]])] }, Object.freeze([/x/y, new Map([[1n, error(new Error('n'))]])])],
    ]),
};

/** Also what needs this process: registered classes and packages. */
export const VALUES: Cases = {
  ...PLAIN_VALUES,
  'a registered instance': () => Object.assign(Object.create(Fit.prototype) as Fit, { residual: [1, 2], order: 3 }),
  'a frozen registered instance that holds itself': () => {
    const fit = Object.create(Fit.prototype) as Fit & { self?: unknown };
    Object.defineProperty(fit, 'label', { value: 'own', writable: true, enumerable: true, configurable: true });
    fit.self = fit;
    return Object.freeze(fit);
  },
  ndarrays: () => [
    ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
    ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]).transpose(1, 0),
    ndarray(Float32Array.of(1, 2, 3, 4), [2, 2])
      .hi(1, 2)
      .lo(0, 1),
    ndarray([1, 'a', { b: [2] }] as number[], [3]),
    ndarray(Buffer.from([1, 2]) as unknown as Uint8Array, [2, 1, 1, 1]),
    ndarray(BigInt64Array.of(1n, -1n), [2]).step(-1),
    ndarray(Int16Array.of(7), [1]).pick(0),
    ndarray(Int16Array.of(7), [1]).pick(0).pick(),
    ndarray(new Uint8ClampedArray(0), [0, 4]),
  ],
  'two ndarrays on one array': () => {
    const data = Float64Array.of(1, 2, 3, 4);
    return { data, columns: [0, 1].map((column) => ndarray(data, [2, 2]).pick(null, column)) };
  },
};
