/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
import { readFileSync } from 'node:fs';
import { inspect, isDeepStrictEqual } from 'node:util';
import vm from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { UnkeyableArgumentError } from '#lib/base/errors.js';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';
import { registerClass } from '#lib/key/classes/class-registry.js';
import { cacheKey } from '#lib/key/classes/symbols.js';
import { GOLDEN_CALLS, GOLDEN_VALUES } from '../golden-values.js';

const key = (...args: unknown[]): string | undefined => callKeyDigest(args);

/** Asserts that all values have keys of their own. */
function allDiffer(values: readonly unknown[]): void {
  const seen = new Map<string | undefined, unknown>();
  for (const value of values) {
    const digest = key(value);
    expect(seen.has(digest), `${inspect(value)} has the key of ${inspect(seen.get(digest))}`).to.equal(false);
    seen.set(digest, value);
  }
}

function refusal(...args: unknown[]): UnkeyableArgumentError {
  try {
    key(...args);
  } catch (error) {
    expect(error).to.be.instanceOf(UnkeyableArgumentError);
    return error as UnkeyableArgumentError;
  }
  throw new Error('the arguments were accepted');
}

/** Small values of few kinds, so that two of them are equal often enough. */
const small = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<unknown>(0, -0, 1, '1', 1n, true, false, null, undefined, NaN, '', 'a'),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '1'), tie('any'), { maxKeys: 2, noNullPrototype: true }),
    fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.array(tie('any'), { maxLength: 2 }).map((members) => new Set(members)),
    fc.constantFrom(0, 1).map((time) => new Date(time)),
    fc.uint8Array({ maxLength: 1, max: 1 }),
  ),
})).any;

describe('callKeyDigest', () => {
  const golden = JSON.parse(readFileSync('spec/golden/key-digests.json', 'utf8')) as Record<
    string,
    Record<string, string>
  >;

  it('gives every pinned value the pinned key', () => {
    const keys = Object.fromEntries(Object.entries(GOLDEN_VALUES).map(([name, make]) => [name, key(make())]));
    expect(keys).to.deep.equal(golden.keys);
  });

  it('gives every pinned call the pinned key', () => {
    const keys = Object.fromEntries(Object.entries(GOLDEN_CALLS).map(([name, make]) => [name, key(...make())]));
    expect(keys).to.deep.equal(golden.calls);
  });

  it('tells all pinned values apart', () => {
    const keys = golden.keys ?? {};
    expect(new Set(Object.values(keys)).size).to.equal(Object.keys(keys).length);
  });

  it('has no key for a call without arguments, trailing undefineds or not', () => {
    expect(key()).to.equal(undefined);
    expect(key(undefined)).to.equal(undefined);
    expect(key(undefined, undefined)).to.equal(undefined);
    expect(key(1, undefined)).to.equal(key(1));
    expect(key(undefined, 1)).not.to.equal(key(1));
    expect(key(null)).to.be.a('string');
  });

  it('counts trailing undefineds for a function that sees them', () => {
    const counted = (...args: unknown[]): string | undefined => callKeyDigest(args, { counted: true });
    expect(counted()).to.equal(undefined);
    expect(
      new Set([counted(undefined), counted(undefined, undefined), counted(1), counted(1, undefined)]).size,
    ).to.equal(4);
    expect(counted(1)).to.deep.equal(key(1));
    expect(counted(undefined, 1)).to.deep.equal(key(undefined, 1));
  });

  it('tells an object without a prototype from one with it, as a method can', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(key(bare)).not.to.equal(key({ a: 1 }));
    expect(key([Object.create(null)])).not.to.equal(key([{}]));
    expect(key(bare)).to.equal(key(Object.assign(Object.create(null) as object, { a: 1 })));
  });

  it('tells how values are spread over arguments', () => {
    allDiffer([[[1], 2], [[1, 2]], [1, [2]], [1, 2]]);
    expect(key([1, 2])).not.to.equal(key(1, 2));
    expect(key('ab', 'c')).not.to.equal(key('a', 'bc'));
  });

  it('takes the own key of an analyzer into account, also without arguments', () => {
    const keys = [
      callKeyDigest([], { ownKey: 1 }),
      callKeyDigest([1], { ownKey: 1 }),
      callKeyDigest([1]),
      callKeyDigest([1], { ownKey: 2 }),
    ];
    expect(new Set(keys).size).to.equal(4);
    expect(keys).not.to.include(undefined);
  });

  it('tells values of different types apart', () => {
    allDiffer([0, -0, 1, '1', 1n, true, Object(1), Object('1'), Object(true), Object(1n), [1], new Set([1]), { 0: 1 }]);
    allDiffer([
      null,
      [undefined],
      'undefined',
      'null',
      NaN,
      'NaN',
      [],
      {},
      new Map(),
      new Set(),
      '',
      new Date(NaN),
      [null],
    ]);
    const bytes = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const views = [
      Int8Array,
      Uint8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ].map((View) => new View(bytes.buffer));
    allDiffer([
      ...views,
      Buffer.from(bytes),
      new DataView(bytes.buffer),
      bytes.buffer,
      [...bytes],
      ndarray(bytes),
      ndarray(Buffer.from(bytes)),
    ]);
  });

  it('tells a hole from undefined, and a named property of an array from none', () => {
    const hole = [1];
    hole.length = 2;
    allDiffer([
      hole,
      [1, undefined],
      [1],
      Object.assign([1], { a: 1 }),
      Object.assign([1], { a: 2 }),
      Object.assign([1], { '-1': 1 }),
    ]);
    const long = Array.from({ length: 500 }, (_, i) => i);
    allDiffer([
      long,
      Object.assign([...long], { unit: 'nm' }),
      Object.assign([...long], { unit: 'm' }),
      [...long, 500],
    ]);
  });

  it('tells regular expressions, dates, URLs, errors and boxes apart by all they hold', () => {
    const moved = /a/g;
    moved.lastIndex = 1;
    allDiffer([
      /a/,
      /a/g,
      /b/,
      moved,
      new Date(0),
      new Date(1),
      new Date(NaN),
      new URL('http://a/'),
      new URL('http://b/'),
      'http://a/',
    ]);
    allDiffer([
      new URLSearchParams('a=1&b=2'),
      new URLSearchParams('b=2&a=1'),
      Object.assign(new Date(0), { zone: 1 }),
    ]);
    const coded = (code: string): Error => Object.assign(new Error('x'), { code });
    allDiffer([
      new Error('x'),
      new TypeError('x'),
      new Error('y'),
      new Error(),
      coded('A'),
      coded('B'),
      new Error('x', { cause: 1 }),
      new Error('x', { cause: undefined }),
      new AggregateError([1], 'x'),
      new AggregateError([2], 'x'),
    ]);
  });

  it('does not count the stack of an error', () => {
    const make = (): Error => new Error('x');
    expect(key(make())).to.equal(key((() => make())()));
  });

  it('gives equal keys exactly to equal values', () => {
    fc.assert(
      fc.property(small, small, (one, other) => {
        let equal: boolean;
        try {
          equal = isDeepStrictEqual([one], [other]);
        } catch {
          // Node 22 cannot compare some Maps that have the key undefined.
          return;
        }
        expect(key(0, one) === key(0, other)).to.equal(equal);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not count the order of properties, Map entries and Set members', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([name]) => name }), (entries) => {
        const turned = [...entries].reverse();
        expect(key(Object.fromEntries(entries))).to.equal(key(Object.fromEntries(turned)));
        expect(key(new Map(entries))).to.equal(key(new Map(turned)));
        expect(key(new Set(entries))).to.equal(key(new Set(turned)));
      }),
    );
  });

  it('keys a shared object as if it were copied', () => {
    const shared = { x: Array.from({ length: 100 }, (_, i) => i) };
    expect(key([shared, shared])).to.equal(key([shared, structuredClone(shared)]));
  });

  it('is linear in a graph whose unfolding is exponential', () => {
    let graph: unknown = ['leaf'];
    for (let i = 0; i < 200; i++) graph = { left: graph, right: graph };
    expect(key(graph)).to.match(/^[0-9a-f]{64}$/);
  });

  it('follows deep nesting, and refuses what is absurdly deep, without a stack overflow', () => {
    let deep: object = {};
    for (let i = 0; i < 50_000; i++) deep = { deep };
    expect(key(deep)).to.match(/^[0-9a-f]{64}$/);
    for (let i = 0; i < 60_000; i++) deep = { deep };
    expect(refusal(deep).message).to.contain('levels deep').and.to.have.length.below(1000);
  });

  it('keys a plain object of another realm like its own', () => {
    const expected = key({ a: [1, new Map([[1, 2]])] });
    expect(key(vm.runInNewContext('({ a: [1, new Map([[1, 2]])] })'))).to.equal(expected);
  });

  it('gives one key to all NaNs of an array', () => {
    for (const length of [1, 5, 3000]) {
      const plain = new Float64Array(length).fill(NaN);
      const odd = new Float64Array(length);
      new BigUint64Array(odd.buffer).fill(0xfff8_0000_0000_1234n);
      expect(key(odd)).to.equal(key(plain));
      expect(valueDigest(odd)).not.to.equal(valueDigest(plain));
    }
    expect(key(Float64Array.of(Infinity, -Infinity, 1, 2))).not.to.equal(key(Float64Array.of(NaN, -Infinity, 1, 2)));
  });

  it('reads a typed array inside a bigger buffer, shared or not, like one of its own', () => {
    const own = Float64Array.from({ length: 2000 }, (_, i) => i);
    const shared = new Float64Array(new SharedArrayBuffer(own.byteLength + 16), 8, own.length);
    shared.set(own);
    expect(key(shared)).to.equal(key(own));
    expect(key(own.subarray(1, 5))).to.equal(key(own.slice(1, 5)));
  });
});

describe('callKeyDigest of instances', () => {
  class Lens {
    constructor(
      readonly focus: number,
      readonly draw = (): number => focus,
    ) {}
    [cacheKey](): unknown {
      return this.focus;
    }
  }

  it('asks [cacheKey]() and counts the class', () => {
    class Mirror extends Lens {}
    expect(key(new Lens(1))).to.equal(key(new Lens(1)));
    allDiffer([new Lens(1), new Lens(2), new Mirror(1), 1]);
  });

  it('lets a [cacheKey]() make keys of its own meanwhile', () => {
    const inner = { [cacheKey]: () => key({ a: 1 }) };
    expect(key([inner, 2])).to.equal(key([inner, 2]));
    expect(key({ a: 1 })).to.equal(key({ a: 1 }));
  });

  it('asks the registered key, or else reads the fields', () => {
    class Star {
      seen = 0;
      constructor(readonly name: string) {}
    }
    registerClass(Star, { name: 'canonical.spec/Star', key: (star) => star.name });
    const seen = new Star('Vega');
    seen.seen = 5;
    expect(key(seen)).to.equal(key(new Star('Vega')));
    expect(key(seen)).not.to.equal(key(new Star('Deneb')));

    class Planet {
      constructor(readonly name: string) {}
    }
    registerClass(Planet, { name: 'canonical.spec/Planet' });
    expect(refusal(new Planet((() => 1) as never)).path).to.equal('argument 1 (name)');
    allDiffer([new Planet('Mars'), new Planet('Venus'), { name: 'Mars' }, new Star('Mars')]);
  });

  it('takes the identity that the caller knows, last of all', () => {
    class Analyzer {}
    const identify = (value: object): string | undefined =>
      value instanceof Analyzer ? 'night/root.child' : undefined;
    expect(callKeyDigest([new Analyzer()], { identify })).to.be.a('string');
    expect(callKeyDigest([new Lens(1)], { identify })).to.equal(key(new Lens(1)));
    expect(refusal(new Analyzer()).path).to.equal('argument 1');
  });

  it('refuses a [cacheKey]() that returns the instance', () => {
    class Loop {
      [cacheKey](): unknown {
        return this;
      }
    }
    expect(refusal(new Loop()).message).to.contain('itself');
  });
});

function transferred(view = false): object {
  const buffer = new ArrayBuffer(8);
  const held = view ? new DataView(buffer) : buffer;
  structuredClone(buffer, { transfer: [buffer] });
  return held;
}

describe('callKeyDigest refuses', () => {
  class Unknown {}
  class MyMap extends Map {}
  function* generate(): Generator<number> {
    yield 1;
  }
  const cases: [what: string, value: unknown][] = [
    ['a function', () => 1],
    ['a class', Unknown],
    ['a symbol', Symbol('x')],
    ['a promise', Promise.resolve(1)],
    ['a WeakMap', new WeakMap()],
    ['a WeakSet', new WeakSet()],
    ['a WeakRef', new WeakRef({})],
    ['a Proxy', new Proxy({}, {})],
    [
      'a revoked Proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
    ['a generator', generate()],
    ['an iterator', [1][Symbol.iterator]()],
    ['a class instance', new Unknown()],
    ['a subclass of a built-in', new MyMap()],
    ['a subclass of Array', new (class extends Array {})()],
    ['a subclass of a typed array', new (class extends Float64Array {})(2)],
    ['a subclass of Error', new (class Oops extends Error {})('x')],
    ['an impostor', Object.create(Map.prototype)],
    ['a property named by a symbol', { [Symbol('x')]: 1 }],
    ['a property that is not enumerable', Object.defineProperty({}, 'x', { value: 1 })],
    ['a symbol on an array', Object.assign([1], { [Symbol('x')]: 1 })],
    ['a stream', process.stdin],
    ['a transferred buffer', transferred()],
    ['a view of a transferred buffer', transferred(true)],
  ];
  for (const [what, value] of cases) {
    it(`${what}, wherever it stands`, () => {
      expect(refusal(value).path).to.match(/^argument 1/);
      expect(refusal(1, { options: [value] }).path).to.match(/^argument 2 \(options\[0\]/);
      expect(refusal(new Map([['tip', new Set([value])]])).path).to.match(/^argument 1 \(\["tip"\]\[#0\]/);
    });
  }

  it('an accessor without running it', () => {
    const trap = {
      get x(): never {
        throw new Error('ran');
      },
    };
    const array = Object.defineProperty([1, 2], 1, { get: () => expect.fail('ran'), enumerable: true });
    expect(refusal(trap).path).to.equal('argument 1 (x)');
    expect(refusal(array).path).to.equal('argument 1 ([1])');
    const setter = Object.defineProperty([1, 2], 1, { set: () => expect.fail('ran'), enumerable: true });
    expect(refusal(setter).path).to.equal('argument 1 ([1])');
    expect(refusal(Object.defineProperty(new Error('x'), 'message', { get: () => expect.fail('ran') })).path).to.equal(
      'argument 1 (message)',
    );
  });

  it('a proxy without running its traps', () => {
    const ran = (): never => expect.fail('ran');
    refusal({
      deep: new Proxy({}, { get: ran, ownKeys: ran, getPrototypeOf: ran, has: ran, getOwnPropertyDescriptor: ran }),
    });
  });

  it('an object that inherits from a proxy without running its traps', () => {
    const ran = (): never => expect.fail('ran');
    const trap = new Proxy({}, { get: ran, has: ran, getPrototypeOf: ran, getOwnPropertyDescriptor: ran });
    refusal(Object.create(trap));
    refusal(Object.create(Object.create(trap) as object));
  });

  it('what stands inside a cycle, and the cause of an error, by their places', () => {
    const cyclic: Record<string, unknown> = { callback: () => 1 };
    cyclic.self = cyclic;
    expect(refusal(cyclic).path).to.equal('argument 1 (callback)');
    expect(refusal(new Error('x', { cause: [() => 1] })).path).to.equal('argument 1 (cause[0])');
    expect(() => callKeyDigest([], { ownKey: () => 1 })).to.throw(UnkeyableArgumentError, 'own key');
  });
});
