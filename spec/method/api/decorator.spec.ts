/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
/* eslint-disable @typescript-eslint/unbound-method -- getDiskCacher takes methods as they are */
import { expect } from 'chai';
import { join } from 'node:path';
import { cacheOnDisk, clearCache, DecoratorError, getDiskCacher, InvalidOptionError } from 'stowage';
import { codeThrownBy, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const bySymbol = Symbol('psd');
const sameName = Symbol('psd');

class Mirror {
  runs: string[] = [];

  constructor(readonly order = 2) {}

  @cacheOnDisk
  plain(): number[] {
    this.runs.push('plain');
    return [this.order];
  }

  @cacheOnDisk
  withArguments(a: number, b?: string): string {
    this.runs.push('withArguments');
    return `${a} ${String(b)}`;
  }

  @cacheOnDisk
  get getter(): { order: number } {
    this.runs.push('getter');
    return { order: this.order };
  }

  @cacheOnDisk
  async later(a: number): Promise<Map<string, number>> {
    this.runs.push('later');
    await Promise.resolve();
    return new Map([['a', a]]);
  }

  @cacheOnDisk
  promised(): Promise<number> {
    this.runs.push('promised');
    return Promise.resolve(this.order);
  }

  @cacheOnDisk
  async failing(): Promise<never> {
    this.runs.push('failing');
    await Promise.resolve();
    throw new Error('clouds');
  }

  @cacheOnDisk
  throwing(): never {
    this.runs.push('throwing');
    throw new RangeError('no light');
  }

  @cacheOnDisk
  *generator(): Generator<number> {
    this.runs.push('generator');
    yield this.order;
  }

  @cacheOnDisk
  async *asyncGenerator(): AsyncGenerator<number> {
    this.runs.push('asyncGenerator');
    yield Promise.resolve(this.order);
  }

  @cacheOnDisk
  [bySymbol](): string {
    this.runs.push('first symbol');
    return 'first symbol';
  }

  @cacheOnDisk
  [sameName](): string {
    this.runs.push('second symbol');
    return 'second symbol';
  }

  @cacheOnDisk
  ['[psd]'](): string {
    this.runs.push('string');
    return 'string';
  }

  @cacheOnDisk
  thisOrNothing(this: Mirror | undefined): number | undefined {
    return this?.order;
  }
}

class Catalogue {
  static runs = 0;

  @cacheOnDisk
  static stars(magnitude: number): number[] {
    this.runs++;
    return [magnitude];
  }

  @cacheOnDisk
  static get size(): number {
    this.runs++;
    return 42;
  }
}

class BrightCatalogue extends Catalogue {
  static override runs = 0;
}

describe('@cacheOnDisk', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });
  const session = (order?: number): Mirror => tagIn(dir, new Mirror(order));

  it('computes a method once for memory and disk', () => {
    const mirror = session();
    expect(mirror.plain()).to.deep.equal([2]);
    expect(mirror.plain()).to.deep.equal([2]);
    const again = session();
    expect(again.plain()).to.eql([2]);
    expect(mirror.runs).to.deep.equal(['plain']);
    expect(again.runs).to.deep.equal([]);
  });

  it('computes a getter once for memory and disk, and finds its cacher by name', () => {
    const mirror = session();
    expect(mirror.getter).to.deep.equal({ order: 2 });
    expect(mirror.getter).to.deep.equal({ order: 2 });
    const again = session();
    expect(again.getter).to.eql({ order: 2 });
    expect(mirror.runs).to.deep.equal(['getter']);
    expect(again.runs).to.deep.equal([]);
    expect(getDiskCacher(again, 'getter').fullpath()).to.equal(join(dir, 'cachenight', 'root.Mirror.getter'));
  });

  it('computes statics once for the class on which they are called', () => {
    tagIn(dir, Catalogue);
    tagIn(dir, BrightCatalogue);
    expect(Catalogue.stars(3)).to.deep.equal([3]);
    expect(Catalogue.stars(3)).to.deep.equal([3]);
    expect(Catalogue.size).to.equal(42);
    expect(Catalogue.size).to.equal(42);
    expect(Catalogue.runs).to.equal(2);
    expect(BrightCatalogue.stars(3)).to.deep.equal([3]);
    expect(BrightCatalogue.runs).to.equal(1);
    tagIn(dir, Catalogue);
    expect(Catalogue.stars(3)).to.deep.equal([3]);
    expect(Catalogue.size).to.equal(42);
    expect(Catalogue.runs).to.equal(2);
    clearCache(Catalogue);
    expect(BrightCatalogue.stars(3)).to.deep.equal([3]);
    expect(BrightCatalogue.runs).to.equal(1);
    expect(Catalogue.stars(3)).to.deep.equal([3]);
    expect(Catalogue.runs).to.equal(3);
  });

  it('gives methods that are named by symbols of one description, and a string like it, a result each', () => {
    const expected = ['first symbol', 'second symbol', 'string'];
    for (const mirror of [session(), session()]) {
      expect([mirror[bySymbol](), mirror[sameName](), mirror['[psd]']()]).to.eql(expected);
    }
    const again = session();
    expect([again['[psd]'](), again[sameName](), again[bySymbol](), again.runs]).to.eql([...expected.reverse(), []]);
  });

  it('keeps asynchronous results, and hands out a promise each time', async () => {
    const mirror = session();
    const [one, two] = [mirror.later(3), mirror.later(3)];
    expect(await one).to.eql(new Map([['a', 3]]));
    expect(await two).to.equal(await one);
    expect(await mirror.promised()).to.equal(2);
    expect(await mirror.promised()).to.equal(2);
    const again = session();
    const promise = again.later(3);
    expect(promise).to.be.instanceOf(Promise);
    expect(await promise).to.eql(new Map([['a', 3]]));
    expect(again.promised()).to.be.instanceOf(Promise);
    expect(await again.promised()).to.equal(2);
    expect(mirror.runs).to.deep.equal(['later', 'promised']);
    expect(again.runs).to.deep.equal([]);
  });

  it('does not cache a failure, and lets it through as it is', async () => {
    const mirror = session();
    for (let i = 0; i < 2; i++) {
      expect(() => mirror.throwing()).to.throw(RangeError, 'no light');
      expect(await mirror.failing().catch(String)).to.equal('Error: clouds');
    }
    expect(mirror.runs).to.eql(['throwing', 'failing', 'throwing', 'failing']);
    expect(filesIn(dir)).to.eql([]);
  });

  it('returns generators, which cannot be stored, and says so', async () => {
    const mirror = session();
    const said = listen('uncacheable');
    expect([...mirror.generator()]).to.deep.equal([2]);
    expect([...mirror.generator()]).to.deep.equal([2]);
    for await (const value of mirror.asyncGenerator()) expect(value).to.equal(2);
    for await (const value of mirror.asyncGenerator()) expect(value).to.equal(2);
    const { generator, asyncGenerator } = { generator: 'Mirror.generator', asyncGenerator: 'Mirror.asyncGenerator' };
    expect(said.map(({ method }) => method)).to.eql([generator, generator, asyncGenerator, asyncGenerator]);
    expect(filesIn(dir)).to.eql([]);
  });

  it('keeps the name and the number of arguments of what it wraps', () => {
    const { prototype } = Mirror;
    const method = Object.getOwnPropertyDescriptor(prototype, 'withArguments')?.value as (...args: never[]) => unknown;
    expect(method.name).to.equal('withArguments');
    expect(method.length).to.equal(2);
    expect(Object.getOwnPropertyDescriptor(prototype, 'getter')?.get?.name).to.equal('get getter');
    expect(Object.getOwnPropertyDescriptor(prototype, bySymbol)?.value).to.have.property('name', '[psd]');
    expect(Object.getOwnPropertyDescriptor(Catalogue, 'stars')?.value).to.include({ name: 'stars', length: 1 });
  });

  it('leaves methods as little enumerable as they were', () => {
    expect(Object.keys(Mirror.prototype)).to.eql([]);
    const mirror = session();
    mirror.plain();
    expect(Object.keys(mirror)).to.have.members(['runs', 'order']);
    expect(JSON.parse(JSON.stringify(mirror))).to.eql({ runs: ['plain'], order: 2 });
    expect(Object.assign({}, mirror)).to.eql({ runs: ['plain'], order: 2 });
  });

  it('runs a method that is called without its object, or on something without a tag, as if undecorated', () => {
    const mirror = session();
    const { thisOrNothing, plain } = mirror;
    expect((thisOrNothing as () => unknown)()).to.equal(undefined);
    expect(plain).to.throw(TypeError);
    expect(Reflect.apply(thisOrNothing, 5, [])).to.equal(undefined);
    expect(thisOrNothing.call(new Mirror(7))).to.equal(7);
    expect(filesIn(dir)).to.eql([]);
  });

  it('does not take the results of an object for those of one that inherits from it', () => {
    const mirror = session();
    mirror.plain();
    const heir = Object.create(mirror, { order: { value: 9 } }) as Mirror;
    expect(heir.plain()).to.eql([9]);
    expect(mirror.plain()).to.eql([2]);
  });

  it('hands its arguments to the method as they are, whatever their number', () => {
    class Counts {
      @cacheOnDisk
      number(...args: unknown[]): number {
        return args.length;
      }
    }
    const counts = new Counts();
    expect(counts.number()).to.equal(0);
    expect(counts.number(undefined)).to.equal(1);
    expect(counts.number(1, undefined)).to.equal(2);
  });

  describe('refuses options that it does not know, when the class is defined', () => {
    const wrong: [name: string, options: unknown][] = [
      ['an unknown option', { lifetimes: 3 }],
      ['an option that every object inherits', { constructor: 3 }],
      ['no object', 'npy'],
      ['nothing', undefined],
      ['null', null],
      ['an array', []],
      ['ignore of another word', { ignore: 'skip' }],
      ['a key that is no function', { key: 'a' }],
      ['an empty name', { name: '' }],
      ['a name that is no string', { name: 3 }],
      ['a version that is no text or number', { version: {} }],
      ['an unknown codec', { codec: 'pickle' }],
      ['an empty codec', { codec: '' }],
      ['a refresh that is neither a function nor true', { refresh: 'yes' }],
      ['a negative lifetime', { lifetime: -1 }],
      ['a lifetime that is no number', { lifetime: NaN }],
      ['a lifetime in words', { lifetime: '1 day' }],
      ['a lifetime of null', { lifetime: null }],
      ['a lifetime in unknown units', { lifetime: { weeks: 1 } }],
      ['a lifetime without a unit', { lifetime: {} }],
      ['an unknown policy', { onStateChange: 'forget' }],
      ['an unknown mutation', { mutation: 'clone' }],
      ['durable in words', { durable: 'no' }],
    ];
    for (const [name, options] of wrong) {
      it(name, () => {
        const decorate = (): unknown => Reflect.apply(cacheOnDisk, undefined, [options]);
        expect(decorate).to.throw(InvalidOptionError, '@cacheOnDisk');
        expect(codeThrownBy(decorate)).to.equal('STOWAGE_INVALID_OPTION');
      });
    }

    it('and takes no options at all, in empty parentheses, as it stands without', () => {
      let computed = 0;
      class Plain {
        @cacheOnDisk()
        image(side: number): number {
          computed++;
          return side;
        }

        @cacheOnDisk()
        get pupil(): number {
          computed++;
          return 7;
        }
      }
      const plain = tagIn(temporaryFolder(), new Plain());
      expect(plain.image(3)).to.equal(3);
      expect(plain.image(3)).to.equal(3);
      expect(plain.pupil).to.equal(7);
      expect(plain.pupil).to.equal(7);
      expect(computed).to.equal(2);
    });
  });

  describe('by hand, with a target and a name', () => {
    it('decorates methods, getters and statics in their place', () => {
      const tmpdir = temporaryFolder();
      const computed: string[] = [];
      class Plain {
        image(side: number): Float32Array {
          computed.push(`image ${side}`);
          return new Float32Array(side);
        }

        get mean(): number {
          computed.push('mean');
          return 3;
        }

        static create(): string {
          computed.push('create');
          return 'made';
        }

        static {
          const image = cacheOnDisk(this.prototype, 'image');
          expect(Object.getOwnPropertyDescriptor(this.prototype, 'image')).to.include({
            value: image,
            enumerable: false,
          });
          cacheOnDisk({ version: 2 })(this.prototype, 'mean');
          cacheOnDisk(this, 'create');
        }
      }
      for (const plain of [new Plain(), new Plain()]) {
        tagIn(tmpdir, plain);
        expect(plain.image(2).length).to.equal(2);
        expect(plain.image(2).length).to.equal(2);
        expect(plain.mean).to.equal(3);
        expect(getDiskCacher(plain, 'mean').dataFile()).to.match(/\.json$/);
      }
      tagIn(tmpdir, Plain);
      expect(Plain.create()).to.equal('made');
      expect(Plain.create()).to.equal('made');
      expect(computed).to.eql(['image 2', 'mean', 'create']);
    });

    it('refuses a name that nothing has', () => {
      for (const target of [Catalogue.prototype, undefined, 3]) {
        expect(() => Reflect.apply(cacheOnDisk, undefined, [target, 'nothing']) as unknown).to.throw(
          DecoratorError,
          'nothing',
        );
      }
    });
  });

  describe('refuses by name to stand', () => {
    // By hand, since TypeScript refuses most of them (see decorator-types.spec.ts).
    const context = (kind: string): object => ({ kind, name: 'exposure', static: false, private: false, metadata: {} });
    const accessor = { get: () => 1, set: () => undefined };
    const places: [where: string, args: unknown[], naming: string][] = [
      ['on a standard field', [undefined, context('field')], 'exposure, a field'],
      ['on a standard setter', [() => undefined, context('setter')], 'exposure, a setter'],
      ['on a standard auto-accessor', [accessor, context('accessor')], 'exposure, an auto-accessor'],
      ['on a standard class', [Catalogue, { ...context('class'), name: 'Catalogue' }], 'Catalogue, a class'],
      ['on a legacy field', [{}, 'exposure', undefined], 'exposure, a field'],
      [
        'on a name that was written by hand',
        [{ expose: () => 1 }, 'expsoe'],
        "expsoe, which is no method or getter there (did you mean 'expose'?)",
      ],
      [
        'on what the class inherits',
        [Object.create({ expose: () => 1 }), 'expose'],
        'expose, which its class inherits',
      ],
      ['on a legacy setter', [{}, 'exposure', { set: accessor.set }], 'exposure, a setter'],
      ['on a legacy accessor pair', [{}, 'exposure', accessor], 'exposure, a setter or auto-accessor'],
      ['on a legacy static field', [Catalogue, 'exposure', undefined], 'exposure, a field'],
      ['on a legacy field named by a symbol', [{}, Symbol('exposure'), undefined], '[exposure], a field'],
      ['on a legacy class', [Catalogue], 'class'],
    ];
    for (const [where, args, naming] of places) {
      for (const [how, decorator] of [
        ['bare', cacheOnDisk],
        ['with options', cacheOnDisk({ version: 1 })],
      ] as const) {
        it(`${where}, ${how}`, () => {
          const decorate = (): unknown => Reflect.apply(decorator, undefined, args);
          expect(decorate).to.throw(DecoratorError, naming);
          expect(codeThrownBy(decorate)).to.equal('STOWAGE_BAD_DECORATOR');
        });
      }
    }
  });
});
