/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { cacheOnDisk, children, getDiskCacher, TagNotSetError, untag } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Star {
  @cacheOnDisk
  flux(): number {
    return 1;
  }
}

/** Where the walk found a star, if it did. */
function pathOf(star: Star): string | undefined {
  try {
    const path = getDiskCacher(star, 'flux').fullpath();
    return path.slice(path.lastIndexOf('/') + 1).replace(/\.Star\.flux$/, '');
  } catch (error) {
    if (error instanceof TagNotSetError) return undefined;
    throw error;
  }
}

describe('the walk from a root', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });

  /** Tags a root made with stars; the answer is where each of them was found. */
  function found<K extends string>(
    make: (stars: Record<K, Star>) => object,
    ...names: K[]
  ): Record<string, string | undefined> {
    const stars = Object.fromEntries(names.map((name) => [name, new Star()])) as Record<K, Star>;
    const root = tagIn(dir, make(stars));
    const paths = Object.fromEntries(names.map((name) => [name, pathOf(stars[name])]));
    untag(root);
    return paths;
  }

  it('enters attributes, arrays, Maps, Sets and nested objects, and names what it finds by the way to it', () => {
    const key = {};
    expect(
      found(
        (s) => ({
          attribute: s.attribute,
          array: [s.element, [s.nested]],
          map: new Map<unknown, unknown>([
            ['tip', s.value],
            [2, s.byNumber],
            [s.key, 1],
            [key, s.byObject],
          ]),
          set: new Set<unknown>([1, s.member]),
          plain: { deep: { er: s.deep }, 'odd name': s.odd },
          bare: Object.assign(Object.create(null) as object, { in: s.bare }),
          error: Object.assign(new Error('x'), { in: s.error }),
        }),
        'attribute',
        'element',
        'nested',
        'value',
        'byNumber',
        'key',
        'byObject',
        'member',
        'deep',
        'odd',
        'bare',
        'error',
      ),
    ).to.eql({
      attribute: 'root.attribute',
      element: 'root.array[0]',
      nested: 'root.array[1][0]',
      value: 'root.map["tip"]',
      byNumber: 'root.map[2]',
      key: 'root.map[key#2]',
      byObject: 'root.map[#3]',
      member: 'root.set[#1]',
      deep: 'root.plain.deep.er',
      odd: "root.plain['odd name']",
      bare: 'root.bare.in',
      error: 'root.error.in',
    });
  });

  it('enters what is not enumerable, arrays with holes, and subclasses of arrays and Maps with their fields', () => {
    class Stars extends Array<Star> {
      brightest?: Star;
    }
    class Register extends Map<string, Star> {
      first?: Star;
    }
    const holes = new Array<Star>(3);
    const sparse: Star[] = [];
    expect(
      found(
        (s) => {
          holes[2] = s.hole;
          sparse[2 ** 32 - 2] = s.sparse;
          return {
            hidden: Object.defineProperty({}, 'in', { value: s.hidden }),
            holes,
            sparse,
            stars: Object.assign(Stars.of(s.of), { brightest: s.brightest }),
            register: Object.assign(new Register([['a', s.a]]), { first: s.first }),
          };
        },
        'hidden',
        'hole',
        'sparse',
        'of',
        'brightest',
        'a',
        'first',
      ),
    ).to.eql({
      hidden: 'root.hidden.in',
      hole: 'root.holes[2]',
      sparse: `root.sparse[${2 ** 32 - 2}]`,
      of: 'root.stars[0]',
      brightest: 'root.stars.brightest',
      a: 'root.register["a"]',
      first: 'root.register.first',
    });
  });

  it('enters what [children]() returns: a list, a Map or an object', () => {
    class Holder {
      readonly #stars: unknown;

      constructor(stars: unknown) {
        this.#stars = stars;
      }

      [children](): unknown {
        return this.#stars;
      }
    }
    expect(
      found(
        (s) => [
          new Holder([s.listed, s.second]),
          new Holder(new Set([s.inSet])),
          new Holder(new Map([['by name', s.mapped]])),
          new Holder({ camera: s.named }),
          new Holder(undefined),
          new Holder([1, null, [s.nested]]),
          s.last,
        ],
        'listed',
        'second',
        'inSet',
        'mapped',
        'named',
        'nested',
        'last',
      ),
    ).to.eql({
      listed: 'root[0].#0',
      second: 'root[0].#1',
      inSet: 'root[1].#0',
      mapped: "root[2].#['by name']",
      named: 'root[3].#camera',
      nested: 'root[5].#2[0]',
      last: 'root[6]',
    });
  });

  it('takes the shortest way to a shared object, and survives cycles', () => {
    expect(
      found(
        (s) => {
          const root: Record<string, unknown> = { a: { b: { c: s.shared } }, z: s.shared, deep: { star: s.other } };
          root.self = root;
          Object.assign(s.other, { back: root, again: s.other });
          return root;
        },
        'shared',
        'other',
      ),
    ).to.eql({ shared: 'root.z', other: 'root.deep.star' });
  });

  it('goes on beside proxies with throwing traps, revoked proxies and throwing [children]()', () => {
    const fail = (): never => {
      throw new Error('do not touch');
    };
    const traps: ProxyHandler<object> = {
      get: fail,
      has: fail,
      ownKeys: fail,
      getOwnPropertyDescriptor: fail,
      getPrototypeOf: fail,
      defineProperty: fail,
      isExtensible: fail,
    };
    const revocable = Proxy.revocable({}, {});
    revocable.revoke();
    expect(
      found(
        (s) => ({
          throwing: new Proxy({}, traps),
          throwingArray: new Proxy([], traps),
          revoked: revocable.proxy,
          list: [new Proxy({}, traps), revocable.proxy, s.element],
          map: new Map<unknown, unknown>([
            [new Proxy({}, traps), revocable.proxy],
            ['a', s.value],
          ]),
          holder: { [children]: fail, beside: s.beside },
          last: s.last,
        }),
        'element',
        'value',
        'beside',
        'last',
      ),
    ).to.eql({ element: 'root.list[2]', value: 'root.map["a"]', beside: 'root.holder.beside', last: 'root.last' });
  });

  it('looks into a proxy, and comes to an end in proxies that make up ever more', () => {
    const endless = (target: object): object =>
      new Proxy(target, {
        has: () => true,
        get: (_, name) => (name === 'length' ? 2 : () => [endless({})]),
        ownKeys: () => ['more'],
        getOwnPropertyDescriptor: () => ({
          configurable: true,
          enumerable: true,
          value: { wrapped: endless({}), list: endless([]) },
        }),
      });
    expect(
      found(
        (s) => ({ proxy: new Proxy({ in: s.inside }, {}), object: endless({}), array: endless([]), last: s.last }),
        'inside',
        'last',
      ),
    ).to.eql({ inside: 'root.proxy.in', last: 'root.last' });
  });

  it('looks into a proxy behind a proxy', () => {
    const proxied = <T extends object>(target: T): T => new Proxy(target, {});
    expect(
      found(
        (s) => ({ list: proxied([proxied({ in: s.inside }), proxied({ deeper: proxied({ last: s.last }) })]) }),
        'inside',
        'last',
      ),
    ).to.eql({ inside: 'root.list[0].in', last: 'root.list[1].deeper.last' });
  });

  it('touches no getter, of an object, an array, a class or an instance', () => {
    const fail = (): never => {
      throw new Error('a getter was touched');
    };
    const getter = { configurable: true, enumerable: true, get: fail };
    class Touchy {
      static get ofClass(): never {
        return fail();
      }

      get inherited(): never {
        return fail();
      }
    }
    expect(
      found(
        (s) => ({
          own: Object.defineProperty({ after: s.own }, 'getter', getter),
          array: Object.defineProperty([0, s.element], 0, getter),
          touchy: Object.assign(new Touchy(), { after: s.inherited }),
          map: Object.assign(Object.defineProperty(new Map(), 'size', getter), { after: s.map }),
        }),
        'own',
        'element',
        'inherited',
        'map',
      ),
    ).to.eql({
      own: 'root.own.after',
      element: 'root.array[1]',
      inherited: 'root.touchy.after',
      map: 'root.map.after',
    });
    tagIn(dir, Touchy);
  });

  it('follows no function, stream, buffer, promise, WeakMap, accessor or the global object', () => {
    const holding = <T extends object>(object: T, star: Star): T => Object.assign(object, { star });
    expect(
      found(
        (s) => ({
          function: holding(() => 1, s.function),
          class: class {
            static star = s.class;
          },
          stream: holding(new PassThrough(), s.stream),
          webStream: holding(new ReadableStream(), s.webStream),
          buffer: holding(Buffer.alloc(2), s.buffer),
          array: holding(new Float64Array(2), s.array),
          promise: holding(Promise.resolve(), s.promise),
          weak: new WeakMap([[{}, s.weak]]),
          global: globalThis,
        }),
        'function',
        'class',
        'stream',
        'webStream',
        'buffer',
        'array',
        'promise',
        'weak',
      ),
    ).to.eql({
      function: undefined,
      class: undefined,
      stream: undefined,
      webStream: undefined,
      buffer: undefined,
      array: undefined,
      promise: undefined,
      weak: undefined,
    });
  });

  it('finds analyzers that are frozen or sealed, and caches them', () => {
    class Counting extends EventEmitter {
      readonly counter = { runs: 0 };

      @cacheOnDisk
      value(): number {
        return this.counter.runs++;
      }
    }
    const session = (): Counting[] => {
      const list = [
        Object.freeze(new Counting()),
        Object.seal(new Counting()),
        Object.preventExtensions(new Counting()),
      ];
      return tagIn(dir, list);
    };
    const list = session();
    expect(list.map((each) => each.value() + each.value())).to.eql([0, 0, 0]);
    const again = session();
    expect(again.map((each) => each.value())).to.eql([0, 0, 0]);
    expect([...list, ...again].map(({ counter }) => counter.runs)).to.eql([1, 1, 1, 0, 0, 0]);
  });

  it('caches a root that is a proxy, a frozen object or an array', () => {
    const proxied = tagIn(dir, new Proxy(new Star(), {}));
    const list = tagIn(dir, Object.freeze([new Star()]));
    expect(proxied.flux()).to.equal(1);
    expect(proxied.flux()).to.equal(1);
    expect(list[0]?.flux()).to.equal(1);
    expect(pathOf(proxied)).to.equal('root');
  });

  it('comes through a million plain objects', () => {
    const last = new Star();
    const rows: object[] = [];
    for (let i = 0; i < 1_000_000; i++) rows.push({ i });
    const root = tagIn(dir, { rows, table: { last } });
    expect(pathOf(last)).to.equal('root.table.last');
    untag(root);
  });

  it('comes through a chain that is a million objects deep, and names what lies at its end', () => {
    const last = new Star();
    let chain: object = { last };
    for (let i = 0; i < 1_000_000; i++) chain = { n: chain };
    const root = tagIn(dir, chain);
    expect(last.flux()).to.equal(1);
    expect(pathOf(last)).to.match(/^root(\.n)+\.?~[0-9a-f]{16}$/);
    untag(root);
  });
});
