import { expect } from 'chai';
import { createSecretKey } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Arrow from 'apache-arrow';
import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { FormatError, UncacheableValueError } from '#lib/base/errors.js';
import type { Codec } from '#lib/codec/shared/codec.js';
import { v8Codec } from '#lib/codec/v8/v8.js';
import { registerClass } from '#lib/key/classes/class-registry.js';
import { describeCodec, fileOf, readFile, roundTrip } from '../../contract/codec-contract.js';
import { difference, expectSame } from '../../support/values/same-value.js';
import { Fit, VALUES } from './values.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;

class Unregistered {
  a = 1;
}
class SortedMap extends Map {}
class FitError extends Error {}
class Stack extends Array<unknown> {}
const nothing = (): void => undefined;
const forbidden = (): never => {
  throw new Error('code of the value ran');
};
const transferred = (): ArrayBuffer => {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};

/** By the path that the error must name; several values of one path are told apart by what follows the `#`. */
const REFUSED: Readonly<Record<string, () => unknown>> = {
  'result.fit.callback': () => ({ fit: { callback: nothing } }),
  'result.map[2].key': () => ({
    map: new Map<unknown, unknown>([
      [1, 2],
      [3, 4],
      [nothing, 5],
    ]),
  }),
  'result[0].value[1]': () => new Map([['a', [1, nothing]]]),
  'result.set[1]': () => ({ set: new Set<unknown>([1, Symbol('s')]) }),
  'result["weird key"].a[0]': () => ({ 'weird key': { a: [nothing] } }),
  'result[2][1]': () => [0, 0, [0, Unregistered]],
  'result.a[Symbol(k)]': () => ({ a: { [Symbol('k')]: 1 } }),
  'result.promise': () => ({ promise: Promise.resolve(1) }),
  'result.stream': () => ({ stream: createReadStream('/dev/null') }),
  'result.web': () => ({ web: new ReadableStream() }),
  'result.weak#1': () => ({ weak: new WeakMap() }),
  'result.weak#2': () => ({ weak: new WeakSet() }),
  'result.weak#3': () => ({ weak: new WeakRef({}) }),
  'result.proxy': () => ({ proxy: new Proxy({}, { get: forbidden, ownKeys: forbidden, getPrototypeOf: forbidden }) }),
  'result.generator': () => ({
    generator: (function* () {
      yield 1;
    })(),
  }),
  'result.iterator#1': () => ({ iterator: [1][Symbol.iterator]() }),
  'result.iterator#2': () => ({ iterator: new Map().keys() }),
  'result.getter': () => Object.defineProperty({}, 'getter', { get: forbidden, enumerable: true }),
  'result.setter': () => Object.defineProperty({}, 'setter', { set: forbidden, enumerable: true }),
  'result[0]#getter': () => Object.defineProperty([1], 0, { get: forbidden, enumerable: true }),
  'result.hidden': () => Object.defineProperty({}, 'hidden', { value: 1 }),
  'result.constant': () => Object.defineProperty({}, 'constant', { value: 1, enumerable: true, configurable: true }),
  'result.length': () => Object.defineProperty([1], 'length', { writable: false }),
  'result.instance': () => ({ instance: new Unregistered() }),
  'result.map#subclass': () => ({ map: new SortedMap() }),
  'result.error#subclass': () => ({ error: new FitError('m') }),
  'result.array#subclass': () => ({ array: new Stack() }),
  'result.shared#1': () => ({ shared: new SharedArrayBuffer(8) }),
  'result.shared#2': () => ({ shared: new Uint8Array(new SharedArrayBuffer(8)) }),
  'result.growing#1': () => ({ growing: Reflect.construct(ArrayBuffer, [1, { maxByteLength: 8 }]) as unknown }),
  'result.growing#2': () => ({
    growing: new Uint8Array(Reflect.construct(ArrayBuffer, [1, { maxByteLength: 8 }]) as ArrayBuffer),
  }),
  'result.gone#1': () => ({ gone: transferred() }),
  'result.gone#2': () => {
    const gone = new Uint8Array(8);
    structuredClone(gone, { transfer: [gone.buffer] });
    return { gone };
  },
  'result.key': () => ({ key: createSecretKey(Buffer.alloc(16)) }),
  'result.port': () => {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    return { port: port1 };
  },
  'result.module': () => ({ module: moduleNamespace }),
  'result.counter': () => ({ counter: new Intl.Segmenter() }),
  'result.format': () => ({ format: new Intl.NumberFormat('en') }),
  'result.blob': () => ({ blob: new Blob(['x']) }),
  'result.args': () => ({
    args: (function (..._: unknown[]) {
      return arguments; // eslint-disable-line prefer-rest-params
    })(1),
  }),
  'result.foreign#1': () => ({ foreign: runInNewContext('({ a: 1 })') as unknown }),
  'result.foreign#2': () => ({ foreign: runInNewContext('[1]') as unknown }),
  'result.boxed': () => ({ boxed: Object(Symbol('s')) as unknown }),
  'result.map.extra': () => ({ map: Object.assign(new Map(), { extra: 1 }) }),
  'result.date.extra': () => ({ date: Object.assign(new Date(), { extra: 1 }) }),
  'result.text["-1"]': () => ({ text: Object.assign(Object('ab') as object, { '-1': 1 }) }),
  'result.bytes.extra': () => ({ bytes: Object.assign(new Uint8Array(3), { extra: 1 }) }),
  'result.bytes.extra#many': () => ({ bytes: Object.defineProperty(new Uint8Array(3000), 'extra', { value: 1 }) }),
  'result.pattern.exec': () => ({ pattern: Object.assign(/x/, { exec: nothing }) }),
  'result.error.detail': () => ({ error: Object.defineProperty(new Error('m'), 'detail', { get: forbidden }) }),
  'result.error.stack': () => ({ error: Object.defineProperty(new Error('m'), 'stack', { get: forbidden }) }),
  'result.error.cause.fn': () => ({ error: new Error('m', { cause: { fn: nothing } }) }),
  'result.params': () => {
    const url = new URL('http://example.org/?a=1');
    return { url, params: url.searchParams };
  },
  'result.url': () => {
    const url = new URL('http://example.org/?a=1');
    return { params: url.searchParams, url };
  },
  'result.fake#1': () => ({ fake: Object.create(Date.prototype) as unknown }),
  'result.fake#2': () => ({ fake: Object.create(URL.prototype) as unknown }),
  'result.fake#3': () => ({ fake: Object.create(Uint8Array.prototype) as unknown }),
  'result.disguised': () => ({ disguised: Object.setPrototypeOf(new Map(), Object.prototype) as unknown }),
};

const moduleNamespace: unknown = await import('node:path');

describeCodec(v8Codec, VALUES, REFUSED);

describe('what the v8 codec refuses', () => {
  for (const [label, make] of Object.entries(REFUSED)) {
    const path = label.split('#')[0] ?? '';
    it(`names ${label}`, () => {
      expect(() => v8Codec.encode(make()))
        .to.throw(UncacheableValueError)
        .with.property('path', path);
    });
  }

  it('runs no trap of a proxy that is the result itself', () => {
    const handler = { getPrototypeOf: forbidden, ownKeys: forbidden, get: forbidden, has: forbidden };
    expect(() => v8Codec.encode(new Proxy({}, handler))).to.throw(UncacheableValueError, 'result is a Proxy');
  });

  it('says what to do', () => {
    expect(() => v8Codec.encode({ a: new Unregistered() })).to.throw(
      /result\.a is .*Unregistered.*registerClass\(Unregistered\)/,
    );
    expect(() => v8Codec.encode({ a: Promise.resolve() })).to.throw(/result\.a is a promise.*await it/);
  });
});

describe('v8Codec', () => {
  it('brings back a nest of a million levels', () => {
    let nest: unknown[] = [];
    for (let depth = 0; depth < 1e6; depth++) nest = [nest];
    expect(difference(roundTrip(v8Codec, nest), nest)).to.equal(undefined);
  });

  it('revives a registered class without its constructor or setters', () => {
    const before = Fit.constructed;
    const fit = roundTrip(v8Codec, VALUES['a registered instance']?.()) as Fit;
    expect(fit).to.be.instanceOf(Fit);
    expect(fit.double).to.equal(6);
    expect(Fit.constructed).to.equal(before);
  });

  it('says which class is not registered where the value is read', () => {
    class Later {
      a = 1;
    }
    registerClass(Later, { name: 'spec.Written' });
    const encoded = v8Codec.encode(new Later());
    const file = fileOf(encoded);
    // What another process would see, whose class has another name of the same length.
    const at = Buffer.from(file).indexOf('spec.Written');
    file.set(Buffer.from('spec.Missing'), at);
    expect(() => readFile(v8Codec, file, encoded)).to.throw(
      FormatError,
      /spec\.Missing.*registerClass\(spec\.Missing\)/,
    );
  });

  it('keeps Arrow data inside of a value', () => {
    const value = {
      table: arrow.tableFromArrays({ a: Int32Array.of(1, 2) }),
      words: [arrow.vectorFromArray(['x', null])],
    };
    const read = roundTrip(v8Codec, value) as typeof value;
    expect(read.table).to.be.instanceOf(arrow.Table);
    expect(read.table.toString()).to.equal(value.table.toString());
    expect(read.words[0]?.toJSON()).to.deep.equal(['x', null]);
  });

  it('writes what lasts when the value is altered afterwards', () => {
    const value = { data: Float64Array.of(1, 2), list: [1] };
    const encoded = v8Codec.encode(value);
    value.data[0] = 99;
    value.list.push(2);
    expectSame(readFile(v8Codec, fileOf(encoded), encoded), { data: Float64Array.of(1, 2), list: [1] });
  });

  it('stores of a pooled Buffer its own bytes alone', () => {
    const secret = Buffer.from('a neighbour in the pool');
    const encoded = v8Codec.encode([Buffer.from('one'), Buffer.from('two')]);
    expect(Buffer.concat(encoded.chunks).includes(secret)).to.equal(false);
    expect(fileOf(encoded).length).to.be.below(300);
  });

  it('brings back anything that fast-check makes up', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expectSame(roundTrip(v8Codec, value), value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a damaged v8 blob', () => {
  const encoded = v8Codec.encode([...Object.values(VALUES)].map((make) => make()));
  const file = fileOf(encoded);

  const survives = (codec: Codec, bytes: Uint8Array<ArrayBuffer>): void => {
    try {
      readFile(codec, bytes, encoded);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
    }
  };

  it('is a FormatError or some value, wherever it is damaged, and never hangs', () => {
    for (let at = 0; at < file.length; at += 5) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      survives(v8Codec, damaged);
    }
  });

  it('says that a version is not its own', () => {
    const newer = file.slice();
    newer[7] = 2;
    expect(() => readFile(v8Codec, newer, encoded)).to.throw(FormatError, /version 2.*reads version 1/);
  });

  it('says that the runtime cannot read the serialisation', () => {
    const newer = file.slice();
    newer[25] = 0x7f;
    expect(() => readFile(v8Codec, newer, encoded)).to.throw(FormatError, /cannot be read by Node\.js/);
  });

  it('is refused where it goes on behind its end', () => {
    const longer = new Uint8Array(file.length + 8);
    longer.set(file);
    expect(() => readFile(v8Codec, longer, encoded)).to.throw(FormatError, /not as long as its header says/);
  });
});
