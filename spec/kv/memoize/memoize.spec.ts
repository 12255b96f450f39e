import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('memoize', () => {
  const told = recordedEvents('fault', 'uncacheable');
  let cache: Cache;
  let calls: unknown[][];

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    calls = [];
  });
  afterEach(() => {
    cache.close();
  });

  function note(...args: unknown[]): unknown[] {
    calls.push(args);
    return args;
  }

  it('computes once for the same arguments, in this process and the next', () => {
    const add = (a: number, b: number): number => {
      note(a, b);
      return a + b;
    };
    const first = cache.memoize({ name: 'add' })(add);
    expect(first(1, 2)).to.equal(3);
    expect(first(1, 2)).to.equal(3);
    expect(first(2, 1)).to.equal(3);
    cache.close();
    expect(cache.memoize({ name: 'add' })(add)(1, 2)).to.equal(3);
    expect(calls).to.deep.equal([
      [1, 2],
      [2, 1],
    ]);
  });

  it('remembers null, undefined, false, 0 and NaN too', () => {
    const values = [null, undefined, false, 0, NaN, ''];
    const pick = cache.memoize({ name: 'pick' })((index: number) => {
      note(index);
      return values[index];
    });
    for (let round = 0; round < 2; round++) expect(values.map((_, index) => pick(index))).to.deep.equal(values);
    expect(calls).to.have.lengthOf(values.length);
  });

  it('tells apart what JavaScript tells apart, and not the order of properties', () => {
    const f = cache.memoize({ name: 'f' })((a?: unknown, b?: unknown, _c?: unknown) => note(a, b));
    const different = [
      [1],
      ['1'],
      [1n],
      [true],
      [null],
      [[1]],
      [[1], 2],
      [[1, 2]],
      [0],
      [-0],
      [NaN],
      [new Map()],
      [new Set()],
      [{}],
      [{ a: 1 }],
      [{ a: undefined }],
      [Buffer.from('a')],
      [new Uint8Array([97])],
      [undefined, 1],
      [new Date(1)],
      [],
      [''],
    ];
    for (const args of different) f(...args);
    for (const args of different) f(...args);
    expect(calls).to.have.lengthOf(different.length);
    f({ a: 1, b: { c: 2, d: 3 } });
    f({ b: { d: 3, c: 2 }, a: 1 });
    const shared = [1];
    f(shared, shared);
    f([1], [1], undefined);
    expect(calls).to.have.lengthOf(different.length + 2);
    expect(() => f(() => 1))
      .to.throw()
      .with.property('code', 'STOWAGE_UNKEYABLE_ARGUMENT');
  });

  it('has keys as python-diskcache has, by which results are found', () => {
    const f = cache.memoize({ name: 'f', typed: true })(note);
    const g = cache.memoize({ name: 'g' })(note);
    expect(g.cacheKey('a', 1, [true, null])).to.deep.equal(['g', 'a', 1, [true, null], null]);
    expect(f.cacheKey('a', null)).to.deep.equal(['f', 'a', null, null, 'string', 'null']);
    // An argument's own property is data, and does not say its type.
    const posing = { constructor: 'Night', n: 1 };
    expect((f.cacheKey(posing) as unknown[]).at(-1)).to.equal('Object');
    g(1);
    expect(cache.get(g.cacheKey(1))).to.deep.equal([1]);
    expect(cache.delete(['g', 1, null])).to.equal(true);
    g(1);
    expect(calls).to.have.lengthOf(2);
    expect(g.wrapped).to.equal(note);
    expect(g.name).to.equal('note');
  });

  it('is keyed by what a function makes of the arguments, where one is given', () => {
    const f = cache.memoize({
      name: 'f',
      key: (image: { name: string }, options?: { radius: number }) => [image.name, options?.radius ?? 1],
    })((image: { name: string; load: () => string }, options?: { radius: number }) => {
      calls.push([image, options]);
      return image.load();
    });
    const load = (): string => 'pixels';
    expect([f({ name: 'a', load }), f({ name: 'a', load }, { radius: 1 }), f({ name: 'b', load })]).to.deep.equal(
      Array(3).fill('pixels'),
    );
    expect(calls).to.have.lengthOf(2);
    expect(f.cacheKey({ name: 'a', load })).to.deep.equal(['f', ['a', 1], null]);
    expect(() => cache.memoize({ name: 'g', key: () => undefined })(note)()).to.throw(
      InvalidOptionError,
      /identifies no call/,
    );
    expect(() => cache.memoize({ key: () => 1, ignore: [0] })).to.throw(InvalidOptionError, /nothing to ignore/);
    expect(() => cache.memoize({ key: 'name' as never })).to.throw(InvalidOptionError, /function/);
  });

  it('ignores arguments by position, and properties of the last by name', () => {
    const f = cache.memoize({ name: 'f', ignore: [0, 'verbose'] })(note);
    f(1, { file: 'a', verbose: true });
    f(2, { verbose: false, file: 'a' });
    f(2, { file: 'b' });
    expect(calls).to.have.lengthOf(2);
  });

  it('names functions by name and source, and wants a name where there is none', () => {
    const one = cache.memoize()(function load(x: number) {
      return x + 1;
    });
    const two = cache.memoize()(function load(x: number) {
      return x + 2;
    });
    expect(one(1)).to.equal(2);
    expect(two(1)).to.equal(3);
    expect(() => cache.memoize()(() => 1)).to.throw(/name/);
    expect(() => cache.memoize(note as never)).to.throw(/memoize\(\)\(fn\)/);
  });

  it('expires, tags, and stores nothing for no time', () => {
    const tagged = cache.memoize({ name: 'tagged', expire: 1000, tag: 't' })(note);
    tagged(1);
    expect(cache.getItem(tagged.cacheKey(1))).to.deep.include({ value: [1], tag: 't' });
    expect(cache.evict('t')).to.equal(1);
    const never = cache.memoize({ name: 'never', expire: 0 })(note);
    never(1);
    never(1);
    expect(calls.length).to.equal(3);
    expect(cache.size).to.equal(0);
  });

  it('stores what a promise becomes, and gives a promise again', async () => {
    const fetched = cache.memoize()(async function fetched(x: number) {
      note(x);
      return Promise.resolve(x * 2);
    });
    expect(await fetched(1)).to.equal(2);
    const again = fetched(1);
    expect(again).to.be.instanceOf(Promise);
    expect(await again).to.equal(2);
    const plain = cache.memoize({ async: true, name: 'plain' })((x: number) => fetched.wrapped(x));
    expect(await plain(5)).to.equal(10);
    expect(await plain(5)).to.equal(10);
    expect(calls).to.deep.equal([[1], [5]]);
    const failing = cache.memoize()(async function failing() {
      note();
      return Promise.reject(new Error('down'));
    });
    const failures = await Promise.allSettled([failing(), failing()]);
    expect(failures.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(cache.size).to.equal(2);
  });

  it('hands `this` on', () => {
    class Scale {
      factor = 3;
      by = cache.memoize({ name: 'Scale.by' })(function (this: Scale, x: number) {
        return x * this.factor;
      });
    }
    expect(new Scale().by(2)).to.equal(6);
  });

  it('keeps a result for each instance, class and static side, by what they hold', () => {
    const times = cache.memoize()(function times(this: { by: number }, x: number) {
      note(x);
      return x * this.by;
    });
    class Scale {
      static by = 7;
      static times = times;
      constructor(public by: number) {}
      times(x: number): number {
        return times.call(this, x);
      }
      field = times;
    }
    class Other extends Scale {}
    const two = new Scale(2);
    expect(two.times(1)).to.equal(2);
    expect(new Scale(3).times(1)).to.equal(3);
    expect(new Scale(2).times(1)).to.equal(2);
    expect(two.field(1)).to.equal(2);
    expect(calls).to.have.lengthOf(2);
    expect(new Other(2).times(1)).to.equal(2);
    expect(Scale.times(1)).to.equal(7);
    expect(times.call({ by: 5 }, 1)).to.equal(5);
    two.by = 4;
    expect(two.times(1)).to.equal(4);
    expect(calls.length).to.equal(6);
    expect(cache.delete(times.cacheKey.call(two, 1))).to.equal(true);
    expect(times.cacheKey(1)).to.have.lengthOf(3);
    two.times(1);
    expect(calls).to.have.lengthOf(7);
    class Hidden {
      readonly #by = 2;
      times(x: number): number {
        return times.call(this as never, x * this.#by);
      }
    }
    expect(() => new Hidden().times(1))
      .to.throw(/the object that the method is called on.*#by/)
      .with.property('code', 'STOWAGE_UNKEYABLE_ARGUMENT');
  });

  it("lets a key of the user's own say which instance it is, and keeps them apart where it does not", () => {
    class Scale {
      constructor(
        readonly by: number,
        readonly spare: number,
      ) {}
    }
    const times = function times(this: Scale, x: number): number {
      note(x);
      return x * this.by;
    };
    const own = cache.memoize({
      name: 'own',
      key(this: Scale, x: number) {
        return [this.by, x];
      },
    })(times);
    expect(own.call(new Scale(2, 0), 1)).to.equal(2);
    expect(own.call(new Scale(2, 1), 1)).to.equal(2);
    expect(own.call(new Scale(3, 0), 1)).to.equal(3);
    const plain = cache.memoize({ name: 'plain', key: (x: number) => x })(times);
    expect(plain.call(new Scale(2, 0), 1)).to.equal(2);
    expect(plain.call(new Scale(3, 0), 1)).to.equal(3);
    expect(calls).to.have.lengthOf(4);
  });

  it('does not mind the object where the function does not', () => {
    const add = cache.memoize()(function add(a: number, b: number) {
      note(a, b);
      return a + b;
    });
    const sums = { add, other: () => 1 };
    expect(sums.add(1, 2)).to.equal(3);
    expect(add(1, 2)).to.equal(3);
    expect(calls).to.have.lengthOf(1);
  });

  it('refuses what name and source cannot tell apart, until it is given a name', () => {
    const retried = (fn: (n: number) => string) =>
      function wrapper(n: number) {
        return fn(n);
      };
    const dark = retried((n) => `dark ${n}`);
    const flat = retried((n) => `flat ${n}`);
    expect(cache.memoize()(dark)(1)).to.equal('dark 1');
    expect(cache.memoize()(dark)(1)).to.equal('dark 1');
    expect(() => cache.memoize()(flat)).to.throw(InvalidOptionError, /two functions wrapper.*name of its own/);
    expect(cache.memoize({ name: 'flat' })(flat)(1)).to.equal('flat 1');
    // Elsewhere it is alone.
    using other = new Cache(temporaryFolder());
    expect(other.memoize()(flat)(1)).to.equal('flat 1');
    const scaled = (by: number) =>
      class Scale {
        times = 0;
        of(x: number): number {
          return x * by + this.times;
        }
      };
    const [Two, Three] = [scaled(2), scaled(3)];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called on instances
    const [ofTwo, ofThree] = [cache.memoize()(Two.prototype.of), cache.memoize()(Three.prototype.of)];
    expect(ofTwo.call(new Two(), 1)).to.equal(2);
    expect(() => ofThree.call(new Three(), 1)).to.throw(InvalidOptionError, /two functions of/);
  });

  it('refuses bound, native and proxied functions, and arrow functions with the this around them, until they have a name', () => {
    class Client {
      constructor(readonly site: string) {}
      load(id: number): string {
        return `${this.site} ${id}`;
      }
      arrow(): (id: number) => string {
        const load = (id: number): string => this.load(id);
        return load;
      }
    }
    const paranal = new Client('Paranal');
    const load = paranal.load.bind(paranal);
    const proxy = new Proxy(
      function seen(id: number) {
        return id;
      },
      { apply: () => 'seen' },
    );
    for (const fn of [load, proxy, Math.hypot, paranal.arrow()]) {
      expect(() => cache.memoize()(fn as never)).to.throw(InvalidOptionError, /name: '…'/);
    }
    const named = cache.memoize({ name: 'Paranal' })(load);
    expect(named(1)).to.equal('Paranal 1');
    expect({ named, x: () => 1 }.named(1)).to.equal('Paranal 1');
    expect(cache.memoize({ name: 'arrow' })(paranal.arrow())(2)).to.equal('Paranal 2');
  });

  it('returns values that cannot be stored, and says so', () => {
    const f = cache.memoize({ name: 'f' })((): (() => number) => () => 1);
    expect(f()()).to.equal(1);
    expect(told.map(({ type, method, error }) => [type, method, error?.constructor.name])).to.deep.equal([
      ['uncacheable', 'f', 'UncacheableValueError'],
    ]);
    const promising = cache.memoize({ name: 'promising' })(() => Promise.resolve(1));
    expect(promising()).to.be.instanceOf(Promise);
    expect(told.at(-1)?.error?.message).to.match(/async/);
    expect(cache.size).to.equal(0);
  });

  it('goes on computing where the cache fails, and says so', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'cache.db'), 'this is a text, and no database at all'.repeat(100));
    using broken = new Cache(folder);
    const f = broken.memoize({ name: 'f' })(note);
    expect(f(1)).to.deep.equal([1]);
    expect(f(1)).to.deep.equal([1]);
    expect(calls).to.have.lengthOf(2);
    expect(told.map(({ type }) => type)).to.deep.equal(['fault', 'fault', 'fault', 'fault']);
    expect(told[0]).to.include({ method: 'f', file: folder, reason: 'STOWAGE_KV_DATABASE' });
    expect(told[0]?.error).to.have.property('code', 'STOWAGE_KV_FAULT');
  });
});
