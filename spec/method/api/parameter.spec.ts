/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import { cacheKey, cacheOnDisk, DecoratorError, getDiskCacher, parameter, UnkeyableArgumentError } from 'stowage';
import { codeThrownBy, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

const one = Symbol('threshold');
const two = Symbol('threshold');

class Detection {
  @parameter
  threshold = 3;

  @parameter
  options: Record<string, unknown> = { band: 'K' };

  doubled = 0;

  @parameter
  get derived(): number {
    return this.doubled * 2;
  }

  @parameter
  [one] = 1;

  @parameter
  [two] = 1;

  @cacheOnDisk
  stars(..._args: unknown[]): number {
    return computations++;
  }

  @cacheOnDisk
  get count(): number {
    return computations++;
  }

  @cacheOnDisk({ ignore: 'arguments' })
  ignoring(_x: number): number {
    return computations++;
  }
}

class FineDetection extends Detection {
  @parameter
  grid = 1;

  override threshold = 3;
}

class Keyed {
  parts: unknown[] = ['a', 1];

  [cacheKey](): unknown {
    return this.parts;
  }

  @cacheOnDisk
  value(): number {
    return computations++;
  }
}

class KeyedAndMarked extends Keyed {
  @parameter
  extra = 0;
}

describe('what belongs to an analyzer beyond its place', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });

  /** Each setting has a result of its own, found again in memory and by a later session. */
  function expectOwnResults<T extends object>(
    make: () => T,
    call: (of: T) => unknown,
    settings: ((of: T) => void)[],
  ): void {
    const all = [(): void => undefined, ...settings];
    const under = (analyzer: T): unknown[] =>
      all.map((set) => {
        set(analyzer);
        return call(analyzer);
      });
    const analyzer = tagIn(dir, make());
    const first = under(analyzer);
    expect(new Set(first).size).to.equal(all.length);
    expect(under(tagIn(dir, make()))).to.eql(first);
    // The last setting is still in force, so the first one, which sets nothing, finds its result.
    expect(call(analyzer)).to.equal(first.at(-1));
  }

  const settings: [name: string, set: (of: Detection) => void][] = [
    ['a field', (of) => (of.threshold = 5)],
    ['a field that holds an object', (of) => (of.options = { band: 'H' })],
    ['a part of an object in a field', (of) => (of.options.depth = { of: [1] })],
    ['a getter', (of) => (of.doubled = 1)],
    ['a field that a symbol names', (of) => (of[one] = 2)],
    ['a field that another symbol of that description names', (of) => (of[two] = 2)],
  ];
  for (const [name, set] of settings) {
    it(`${name} that is a parameter tells results of methods and getters apart, with arguments and without`, () => {
      const calls: ((of: Detection) => unknown)[] = [
        (of) => of.stars(),
        (of) => of.stars({ a: 1 }),
        (of) => of.count,
        (of) => of.ignoring(3),
      ];
      for (const call of calls) expectOwnResults(() => new Detection(), call, [set]);
    });
  }

  it('a parameter of a parent class counts in a child, also where the child sets it anew', () => {
    expectOwnResults(
      () => new FineDetection(),
      (of) => of.stars(1),
      [(of) => (of.threshold = 4), (of) => (of.grid = 2), (of) => (of.doubled = 3)],
    );
  });

  it('going back to a value finds its result in memory', () => {
    const detection = tagIn(dir, new Detection());
    const before = detection.stars();
    detection.threshold = 4;
    expect(detection.stars()).not.to.equal(before);
    detection.threshold = 3;
    expect(detection.stars()).to.equal(before);
  });

  it('symbols of one description are two parameters, whose values cannot stand for each other', () => {
    expectOwnResults(
      () => new Detection(),
      (of) => of.stars(),
      [(of) => ([of[one], of[two]] = [1, 2]), (of) => ([of[one], of[two]] = [2, 1])],
    );
  });

  it('what [cacheKey]() returns tells results apart', () => {
    expectOwnResults(
      () => new Keyed(),
      (of) => of.value(),
      [(of) => (of.parts = ['a', 2]), (of) => (of.parts = []), (of) => (of.parts = ['a', [1]])],
    );
  });

  it('a parameter and a [cacheKey]() count together', () => {
    expectOwnResults(
      () => new KeyedAndMarked(),
      (of) => of.value(),
      [(of) => (of.extra = 1), (of) => (of.parts = [1])],
    );
  });

  it('what hides its state cannot be a parameter, and nothing is computed', () => {
    const detection = tagIn(dir, new Detection());
    detection.options = { callback: () => 1 };
    const before = computations;
    expect(() => detection.stars()).to.throw(UnkeyableArgumentError, "the analyzer's own key");
    expect(() => getDiskCacher(detection, detection.stars).fullpath()).to.throw(UnkeyableArgumentError);
    expect(computations).to.equal(before);
  });

  it('a field may be described by what initialises it, as Babel does for legacy decorators', () => {
    class Band {
      width = 1;
      level(): number {
        return this.width;
      }
    }
    const field = { configurable: true, enumerable: true, writable: true, initializer: (): number => 1 };
    expect(Reflect.apply(parameter, undefined, [Band.prototype, 'width', field])).to.equal(undefined);
    cacheOnDisk(Band.prototype, 'level');
    const band = tagIn(temporaryFolder(), new Band());
    const levels = [1, 2].map((width) => {
      band.width = width;
      return band.level();
    });
    expect(levels).to.eql([1, 2]);
  });

  describe('@parameter refuses by name to stand', () => {
    const context = (kind: string, more: object = {}): object => ({
      kind,
      name: 'band',
      static: false,
      private: false,
      access: { get: () => 1 },
      addInitializer: () => undefined,
      ...more,
    });
    const method = { value: () => 1 };
    const places: [where: string, args: unknown[], naming: string][] = [
      ['on a standard method', [() => 1, context('method')], 'band, a method'],
      ['on a standard setter', [() => 1, context('setter')], 'band, a setter'],
      ['on a standard static field', [undefined, context('field', { static: true })], 'band, a static field'],
      ['on a standard class', [class {}, context('class', { name: 'Band' })], 'Band, a class'],
      ['on a legacy method', [{}, 'band', method], 'band, a method'],
      ['on a legacy setter', [{}, 'band', { set: () => undefined }], 'band, a method or setter'],
      ['on a legacy static field', [class {}, 'band', undefined], 'band, a static member'],
      ['on a legacy class', [class {}], 'class'],
    ];
    for (const [where, args, naming] of places) {
      it(where, () => {
        const decorate = (): unknown => Reflect.apply(parameter, undefined, args);
        expect(decorate).to.throw(DecoratorError, naming);
        expect(codeThrownBy(decorate)).to.equal('STOWAGE_BAD_DECORATOR');
      });
    }
  });
});
