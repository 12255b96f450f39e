/** The values whose digests are pinned in `spec/golden/key-digests.json`, each built anew. */
import { Field, Int32, List, Utf8, tableFromArrays, vectorFromArray } from 'apache-arrow';
import ndarray from 'ndarray';
import { cacheKey } from '#lib/key/classes/symbols.js';

class Band {
  constructor(readonly name: string) {}
  [cacheKey](): unknown {
    return [this.name];
  }
}

function sparse(): unknown[] {
  const array: unknown[] = [1];
  array[3] = 4;
  return array;
}

function ring(): object {
  const ring: { name: string; next?: object } = { name: 'a' };
  ring.next = { name: 'b', next: ring };
  return ring;
}

function failure(): Error {
  const error = Object.assign(new TypeError('no star', { cause: new Error('no light') }), { code: 'E_DARK' });
  error.stack = 'TypeError: no star\n    at night';
  (error.cause as Error).stack = 'Error: no light';
  return error;
}

/** By name; `[cacheKey]` counts only in call keys, so that one is listed apart. */
export const GOLDEN_VALUES: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  'minus zero': () => -0,
  one: () => 1,
  'a third': () => 1 / 3,
  NaN: () => NaN,
  Infinity: () => Infinity,
  'empty string': () => '',
  '"1"': () => '1',
  'non-ASCII string': () => 'Größe λ 🌟',
  'lone surrogate': () => 'a\ud800',
  'long string': () => 'photon '.repeat(1000),
  '1n': () => 1n,
  'big negative bigint': () => -(2n ** 100n),
  'empty object': () => ({}),
  'plain object': () => ({ b: 1, a: undefined, 'weird name': null, 2: 'two' }),
  'null prototype': () => Object.assign(Object.create(null) as object, { a: 1 }),
  'nested object': () => ({ fit: { order: 3, window: { type: 'hann', width: 0.5 } } }),
  'empty array': () => [],
  array: () => [1, 'a', [true, null]],
  'sparse array': sparse,
  'array with a name': () => Object.assign([1, 2], { unit: 'nm' }),
  'long array': () => Array.from({ length: 1000 }, (_, i) => i / 7),
  map: () =>
    new Map<unknown, unknown>([
      ['b', 1],
      ['a', { x: 2 }],
      [1, 'one'],
    ]),
  set: () => new Set<unknown>(['b', 'a', 1, -5]),
  date: () => new Date(Date.UTC(2024, 1, 29, 12)),
  'invalid date': () => new Date(NaN),
  regexp: () => /a+b/giu,
  url: () => new URL('https://example.org/a?b=c#d'),
  'search params': () => new URLSearchParams('b=1&a=2&b=3'),
  'boxed number': () => Object(1) as unknown,
  'boxed string': () => Object('ab') as unknown,
  error: failure,
  Uint8Array: () => Uint8Array.of(1, 2, 255),
  Uint8ClampedArray: () => Uint8ClampedArray.of(1, 2, 255),
  Buffer: () => Buffer.from([1, 2, 255]),
  Int16Array: () => Int16Array.of(-1, 300),
  Float32Array: () => Float32Array.of(0.1, -0, Infinity),
  Float64Array: () => Float64Array.of(0.1, -0, Infinity),
  'empty Float64Array': () => new Float64Array(),
  BigInt64Array: () => BigInt64Array.of(-1n, 2n ** 40n),
  '4096 bytes': () => new Uint8Array(4096).fill(7),
  '4097 bytes': () => new Uint8Array(4097).fill(7),
  'a million bytes': () => Uint8Array.from({ length: 1e6 }, (_, i) => (i * 31) & 255),
  'many doubles': () => Float64Array.from({ length: 50_000 }, (_, i) => Math.fround(i / 7)),
  DataView: () => new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
  ArrayBuffer: () => Uint8Array.of(1, 2, 3).buffer,
  'ndarray 2 by 3': () => ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
  'ndarray 0-d': () => ndarray(Float64Array.of(5), []),
  'ndarray empty': () => ndarray(new Int32Array(), [0, 4]),
  'ndarray of an array': () => ndarray([1, 2, 3, 4], [2, 2]),
  'big ndarray': () =>
    ndarray(
      Float32Array.from({ length: 30_000 }, (_, i) => i),
      [100, 300],
    ),
  'ring of two': ring,
  'Arrow table': () => tableFromArrays({ x: Float64Array.of(1, 2, 3), name: ['a', 'b', 'a'], ok: [true, null, false] }),
  'Arrow text': () => vectorFromArray(['a', null, 'ccc'], new Utf8()),
  'Arrow lists': () => vectorFromArray([[1, 2], null, []], new List(new Field('item', new Int32()))),
};

/** Lists of arguments whose keys are pinned. */
export const GOLDEN_CALLS: Readonly<Record<string, () => unknown[]>> = {
  'one undefined before a value': () => [undefined, 1],
  'three primitives': () => [1, 'abc', true],
  'a small options object': () => [{ order: 3, band: 'K', robust: true }],
  'an instance with [cacheKey]': () => [new Band('K')],
};
