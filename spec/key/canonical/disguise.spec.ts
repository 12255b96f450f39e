/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
/** Values that hide something of themselves: no key may be that of a plainer value, and none of their code may run. */
import { expect } from 'chai';
import type * as Arrow from 'apache-arrow';
import { createRequire } from 'node:module';
import ndarray from 'ndarray';
import { UncacheableValueError, UnkeyableArgumentError } from '#lib/base/errors.js';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';
import { registerClass } from '#lib/key/classes/class-registry.js';
import { cacheKey } from '#lib/key/classes/symbols.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;
const key = (value: unknown): string | undefined => callKeyDigest([value]);
const defined = <T extends object>(value: T, name: string, own: unknown): T =>
  Object.defineProperty(value, name, { value: own, enumerable: true, configurable: true });

describe('a property added to a built-in', () => {
  const PAIRS: Readonly<Record<string, [unknown, unknown]>> = {
    'a length of a Number': [Object.assign(Object(1) as object, { length: 5 }), Object(1)],
    'an index beyond a String': [Object.assign(Object('ab') as object, { 2: 'c' }), Object('ab')],
    'a flag of a RegExp': [defined(/x/, 'global', true), defined(/x/g, 'global', true)],
  };
  for (const [what, [one, other]] of Object.entries(PAIRS)) {
    it(`tells ${what} apart`, () => {
      expect(key(one)).not.to.equal(key(other));
      expect(valueDigest(one)).not.to.equal(valueDigest(other));
    });
  }
});

describe('what would have to be asked by its own properties', () => {
  const table = (): object => arrow.tableFromArrays({ a: [1, 2] });
  const VALUES: Readonly<Record<string, [() => object, string, RegExp]>> = {
    'a typed array': [() => Float64Array.of(1), 'length', /hides the length/],
    'a typed array cut otherwise': [() => Float32Array.of(1), 'subarray', /hides the subarray/],
    'a Buffer': [() => Buffer.from('a'), 'buffer', /hides the buffer/],
    'a DataView': [() => new DataView(new ArrayBuffer(2)), 'byteLength', /hides the byteLength/],
    'an ArrayBuffer': [() => new ArrayBuffer(2), 'maxByteLength', /hides the maxByteLength/],
    'a SharedArrayBuffer': [() => new SharedArrayBuffer(2), 'growable', /hides the growable/],
    'an ndarray': [() => ndarray([1, 2]), 'note', /an ndarray with properties of its own/],
    'a Table': [table, 'note', /a Table with properties of its own/],
    'a Table of another schema': [table, 'schema', /a Table with properties of its own/],
    'a Vector': [() => arrow.vectorFromArray([1]), 'note', /a Vector with properties of its own/],
    'a RegExp': [() => /x/, 'global', /an accessor/],
  };
  for (const [what, [make, name, message]] of Object.entries(VALUES)) {
    it(`refuses ${what} with a getter ${name}, which does not run`, () => {
      const value = make();
      let ran = 0;
      Object.defineProperty(value, name, { get: () => ran++, configurable: true, enumerable: true });
      expect(() => key(value)).to.throw(UnkeyableArgumentError, message);
      expect(() => valueDigest(value)).to.throw(UncacheableValueError, message);
      expect(ran).to.equal(0);
    });
  }

  it('refuses an error whose stack is a getter of the user, which does not run', () => {
    let ran = 0;
    const error = Object.defineProperty(new Error('x'), 'stack', { get: () => String(ran++) });
    expect(() => valueDigest(error)).to.throw(UncacheableValueError, /result\.stack.*accessor/);
    expect(ran).to.equal(0);
  });

  it('tells an error without a stack from one with it, in a result', () => {
    const bare = new Error('x');
    delete bare.stack;
    expect(valueDigest(bare)).not.to.equal(valueDigest(new Error('x')));
    expect(key(bare)).to.equal(key(new Error('x')));
  });

  it('refuses a typed array whose memory went elsewhere, which is no empty one', () => {
    const array = new Float64Array(2);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => key(array)).to.throw(UnkeyableArgumentError, /transferred away/);
    expect(key(new Float64Array(0))).to.be.a('string');
  });
});

describe('an array of mostly holes', () => {
  const sparse = (index: number, value: unknown): unknown[] => {
    const array: unknown[] = [];
    array[index] = value;
    return array;
  };

  it('is keyed at once, however long, by its length and its elements', () => {
    const keys = [sparse(4_000_000_000, 1), sparse(4_000_000_000, 2), sparse(4_000_000_001, 1), sparse(65_536, 1)];
    expect(new Set(keys.map(key)).size).to.equal(4);
    expect(key(sparse(4_000_000_000, 1))).to.equal(key(keys[0]));
  });

  it('shows where in it something has no key', () => {
    expect(() => key(sparse(70_000, () => 1))).to.throw(UnkeyableArgumentError, /70000.*a function/);
  });
});

describe('an ndarray', () => {
  it('is refused where strides of 0 make more elements than can be read', () => {
    const array = ndarray(Float64Array.of(1), [1e9, 1e9], [0, 0]);
    expect(() => key(array)).to.throw(UnkeyableArgumentError, /beyond all bounds/);
  });

  it('is refused over get and set functions, and over proxies', () => {
    const store = { get: () => 0, set: () => 0, length: 1 };
    expect(() => key(ndarray(store as never, [1]))).to.throw(UnkeyableArgumentError, /behind get and set functions/);
    const array = ndarray(Float64Array.of(1));
    array.shape = new Proxy([1], {});
    expect(() => key(array)).to.throw(UnkeyableArgumentError, /an ndarray made of proxies/);
  });

  it('of plain values tells a hole from undefined', () => {
    const holes = new Array<number>(2);
    const undefineds = [undefined, undefined] as unknown as number[];
    expect(key(ndarray(holes))).not.to.equal(key(ndarray(undefineds)));
  });

  it('of many rows is the same wherever its elements lie, in blocks or bands', () => {
    const [rows, columns] = [300, 500];
    const byRows = ndarray(
      Float64Array.from({ length: rows * columns }, (_, i) => i),
      [rows, columns],
    );
    const byColumns = ndarray(new Float64Array(rows * columns), [rows, columns], [1, rows]);
    const apart = ndarray(new Float64Array(rows * columns * 2), [rows, columns], [columns * 2, 2]);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        byColumns.set(i, j, byRows.get(i, j));
        apart.set(i, j, byRows.get(i, j));
      }
    }
    expect(key(byColumns)).to.equal(key(byRows));
    expect(key(apart)).to.equal(key(byRows));
    expect(key(byColumns.transpose(1, 0))).not.to.equal(key(byRows));
  });
});

describe('NaN in an argument', () => {
  const bits = (word: number): Float32Array => new Float32Array(Uint32Array.of(word, 0, 0, 0, word, word).buffer);

  it('is one, whatever its bits, in arrays of single precision at any place', () => {
    expect(key(bits(0x7fc00001))).to.equal(key(bits(0xffc00000)));
    expect(key(bits(0x7fc00001).subarray(4))).to.equal(key(bits(0xffc00000).subarray(4)));
    expect(valueDigest(bits(0x7fc00001))).not.to.equal(valueDigest(bits(0x7fc00002)));
  });
});

describe('a key that leads to itself', () => {
  it('is refused by name, for a registered key', () => {
    class Mirror {
      radius = 1;
    }
    registerClass(Mirror, { name: 'DisguiseMirror', key: (mirror) => mirror });
    expect(() => key(new Mirror())).to.throw(UnkeyableArgumentError, /returned by the key of DisguiseMirror/);
  });

  it('is refused where a [cacheKey]() that is not pure never ends once cycles are looked for', () => {
    let asked = 0;
    class Endless {
      [cacheKey](): unknown {
        return ++asked === 1 ? 'calm' : new Endless();
      }
    }
    const value: { endless: unknown; self?: unknown } = { endless: new Endless() };
    value.self = value;
    expect(() => key(value)).to.throw(UnkeyableArgumentError, /^argument is nested more than/);
  });
});

describe('what a key is made of', () => {
  it('is the room of a resizable buffer, too', () => {
    const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    const keys = [8, 16].map((maxByteLength) => key(new Resizable(4, { maxByteLength })));
    expect(new Set([...keys, key(new ArrayBuffer(4))]).size).to.equal(3);
  });

  it('is no URL where something only inherits from it', () => {
    expect(() => key(Object.create(URL.prototype))).to.throw(UnkeyableArgumentError, /an instance of URL/);
  });

  it('is the registered name with the [cacheKey](), and none for an object without a prototype', () => {
    class Lens {
      [cacheKey](): number {
        return 1;
      }
    }
    const before = key(new Lens());
    registerClass(Lens, { name: 'DisguiseLens' });
    expect(key(new Lens())).not.to.equal(before);
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    Object.defineProperty(bare, cacheKey, { value: () => 1 });
    expect(key(bare)).not.to.equal(key(new Lens()));
    expect(key(bare)).to.be.a('string');
  });

  it('is found in an array that holds itself beside its elements', () => {
    const around = (size: number): unknown => Object.assign([size], { self: undefined });
    const [one, same, other] = [1, 1, 2].map((size) => {
      const array = around(size) as unknown[] & { self: unknown };
      array.self = array;
      return array;
    });
    expect(key(one)).to.equal(key(same));
    expect(key(one)).not.to.equal(key(other));
  });

  it('is the same for an Arrow vector without chunks and one without rows', () => {
    const none = new arrow.Vector([arrow.makeData({ type: new arrow.Int32(), length: 0, data: new Int32Array(0) })]);
    expect(key(none)).to.equal(key(arrow.vectorFromArray([], new arrow.Int32())));
  });
});

describe('a place in a message', () => {
  it('names the object that is itself the key of a Map, and an instance without a name', () => {
    expect(() => key(new Map([[{ a: (): number => 1 }, 1]]))).to.throw(UnkeyableArgumentError, /key#0.*a function/);
    const nameless = new (class {
      a = 1;
    })();
    expect(() => key(nameless)).to.throw(UnkeyableArgumentError, /a class without a name/);
    expect(() => key(Object.create(Object.create(null) as object))).to.throw(UnkeyableArgumentError, /without a name/);
  });

  it('does not ask a static member called name', () => {
    let ran = 0;
    class Fit {
      static get name(): string {
        return String(ran++);
      }
    }
    expect(() => key(new Fit())).to.throw(UnkeyableArgumentError, /a class without a name/);
    expect(ran).to.equal(0);
  });

  it('refuses a module, whose exports may change', async () => {
    const module: unknown = await import('#lib/base/version.js');
    expect(() => key(module)).to.throw(UnkeyableArgumentError, /a module/);
  });
});

describe('what a [cacheKey]() throws', () => {
  it('reaches the caller as it is', () => {
    const trouble = new RangeError('no band');
    const value = {
      [cacheKey]: (): never => {
        throw trouble;
      },
    };
    Object.defineProperty(value, cacheKey, { enumerable: false });
    expect(() => key(value)).to.throw(trouble);
  });
});

describe('Arrow columns', () => {
  const dictionaryOf = (values: unknown[], type: Arrow.DataType): Arrow.Vector =>
    arrow.vectorFromArray(values, new arrow.Dictionary(type, new arrow.Int32()));

  it('of a dictionary tell 0 from -0, and bytes by what they are', () => {
    const double = new arrow.Float64();
    expect(key(dictionaryOf([0, 1], double))).not.to.equal(key(dictionaryOf([-0, 1], double)));
    const bytes = (...words: string[]): Arrow.Vector =>
      dictionaryOf(
        words.map((word) => Buffer.from(word)),
        new arrow.Binary(),
      );
    expect(key(bytes('a', 'b', 'a'))).to.equal(key(bytes('a', 'b', 'a')));
    expect(key(bytes('a', 'b', 'a'))).not.to.equal(key(bytes('a', 'b', 'b')));
  });

  it('of lists of bytes are told apart by the bytes', () => {
    const list = (word: string): Arrow.Vector => {
      const child = new arrow.Field('item', new arrow.Binary());
      return arrow.vectorFromArray([[Buffer.from(word)]], new arrow.List(child));
    };
    expect(key(list('a'))).to.equal(key(list('a')));
    expect(key(list('a'))).not.to.equal(key(list('b')));
  });
});

describe('a large key', () => {
  it('leaves nothing behind that the next one would read', () => {
    const before = key(['small']);
    key(Array.from({ length: 200_000 }, (_, i) => i));
    expect(key(['small'])).to.equal(before);
  });
});
