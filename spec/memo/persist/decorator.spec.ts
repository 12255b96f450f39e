/* eslint-disable @typescript-eslint/unbound-method -- that methods bind themselves is what is looked at */
/* eslint-disable @typescript-eslint/no-extraneous-class -- classes of statics alone are classes, too */
import { expect } from 'chai';
import { join } from 'node:path';
import { cacheKey, DecoratorError } from 'stowage';
import { cacheOf, persist, PersistMap, type ByteStore } from 'stowage/memo';
import { collected, filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const folder = temporaryFolder();
let number = 0;
/** A folder of its own for each class. */
const fresh = (): { cache: string } => ({ cache: join(folder, String(number++)) });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the types refuse it, and users without types do it
const loose = persist as unknown as (...args: any[]) => any;

/** As pypersist's pages have it. */
class A {
  runs = 0;
  constructor(readonly x = 3) {}

  @persist({
    ...fresh(),
    key(this: A, a: number) {
      return [this.x, a];
    },
  })
  plus(a: number): number {
    this.runs++;
    return this.x + a;
  }
}

class ByState {
  constructor(public x: number) {}

  @persist({ ...fresh() })
  times(factor = 1): number {
    return this.x * factor;
  }

  @persist(fresh())
  async later(factor: number): Promise<number> {
    await Promise.resolve();
    return this.x * factor;
  }
}

class SameState extends ByState {}

let keyed = 0;
class Keyed {
  readonly #x: number;
  note = 'no part of the key';
  constructor(x: number) {
    this.#x = x;
  }
  [cacheKey](): number {
    return this.#x;
  }
  @persist(fresh())
  square(): number {
    keyed++;
    return this.#x ** 2;
  }
}

class Parent {
  @persist(fresh())
  name(): string {
    return 'parent';
  }
}

class Child extends Parent {
  override name(): string {
    return `child of ${super.name()}`;
  }
}

class Statics {
  static factor = 2;

  @persist(fresh())
  static scale(x: number): number {
    return x * this.factor;
  }
}

const inMemory: ByteStore = new Map<string, Uint8Array>();

class Scaled {
  constructor(readonly factor = 2) {}

  @persist({ cache: inMemory, storeKey: true, key: (x: number) => x })
  scale(x: number): number {
    return x * this.factor;
  }
}

class Halved extends Scaled {
  constructor() {
    super(0.5);
  }
}

describe('@persist', () => {
  it('keeps the results of methods by a key made of the instance, for all instances', () => {
    const [a, b, c] = [new A(5), new A(), new A(3)];
    expect(cacheOf(a.plus).size).to.equal(0);
    expect(a.plus(10)).to.equal(15);
    expect(a.plus(10)).to.equal(15);
    expect(a.runs).to.equal(1);
    expect(b.plus(4)).to.equal(7);
    expect(c.plus(4)).to.equal(7);
    expect(b.runs).to.equal(1);
    expect(c.runs).to.equal(0);
    expect(cacheOf<[number, number], number>(a.plus).get([5, 10])).to.equal(15);
    expect(cacheOf(A.prototype.plus).get([5, 10])).to.equal(15);
    expect([A.prototype.plus, a.plus, b.plus].map((method) => cacheOf(method).size)).to.deep.equal([2, 2, 2]);
  });

  it('gives each instance a wrapper of its own, bound to it', () => {
    const [a, b] = [new ByState(2), new ByState(3)];
    expect(a.times).to.equal(a.times).and.not.equal(b.times);
    const { times } = a;
    expect(times(5)).to.equal(10);
    expect(b.times(5)).to.equal(15);
    expect(times.name).to.equal('times');
    expect(times.length).to.equal(0);
    expect(ByState.prototype.times.call(b, 7)).to.equal(21);
    expect(Object.keys(a)).to.deep.equal(['x']);
  });

  it('takes the state of the instance into the key where nothing else is said', async () => {
    const a = new ByState(2);
    expect(a.times(5)).to.equal(10);
    expect(a.times()).to.equal(2);
    expect(a.times(1)).to.equal(2);
    a.x = 4;
    expect(a.times(5)).to.equal(20);
    expect(a.times()).to.equal(4);
    expect(await a.later(2)).to.equal(8);
    expect(new SameState(2).times(5)).to.equal(10);
    expect(cacheOf(a.later).get([a, 2])).to.equal(8);
  });

  it('asks a class that hides its state for its key', () => {
    const [one, two] = [new Keyed(3), new Keyed(3)];
    two.note = 'another';
    expect(one.square()).to.equal(9);
    expect(two.square()).to.equal(9);
    expect(new Keyed(4).square()).to.equal(16);
    expect(keyed).to.equal(2);
  });

  it('leaves overriding, super and stubs as they are', () => {
    expect(new Parent().name()).to.equal('parent');
    expect(new Child().name()).to.equal('child of parent');
    expect(new Child().name()).to.equal('child of parent');
    const stubbed = new Parent();
    stubbed.name = () => 'stub';
    expect(stubbed.name()).to.equal('stub');
    expect(new Parent().name()).to.equal('parent');
  });

  it('stands on statics, whose fields are part of the key', () => {
    expect(Statics.scale(3)).to.equal(6);
    Statics.factor = 5;
    expect(Statics.scale(3)).to.equal(15);
    expect(Statics.scale(3)).to.equal(15);
  });

  it('keeps the results of subclasses apart where the key does not, in a store of bytes too', () => {
    const [scaled, halved] = [new Scaled(), new Halved()];
    expect(scaled.scale(4)).to.equal(8);
    expect(halved.scale(4)).to.equal(2);
    expect(scaled.scale(4)).to.equal(8);
    expect(halved.scale(4)).to.equal(2);
    expect([...(cacheOf(halved.scale) as unknown as Iterable<unknown>)]).to.deep.equal([[4, 2]]);
    cacheOf(halved.scale).clear();
    expect(cacheOf(scaled.scale).size).to.equal(1);
    expect(cacheOf(halved.scale).size).to.equal(0);
  });

  it('lists keys where they are stored', () => {
    class Listed {
      @persist({ ...fresh(), storeKey: true, key: (x: number) => x })
      twice(x: number): number {
        return 2 * x;
      }
    }
    const listed = new Listed();
    listed.twice(4);
    expect(cacheOf(listed.twice)).to.be.instanceOf(PersistMap);
    const cache = cacheOf(listed.twice);
    expect(cache instanceof PersistMap && [...cache]).to.deep.equal([[4, 8]]);
  });

  it('keeps no instance alive', async () => {
    let gone = false;
    const registry = new FinalizationRegistry(() => (gone = true));
    (() => {
      const a = new ByState(11);
      registry.register(a, undefined);
      a.times(2);
    })();
    expect(await collected(() => gone)).to.equal(true);
  });

  it('wraps functions with the same options', () => {
    const options = fresh();
    const wrap = persist(options);
    const twice = wrap(function twice(x: number) {
      return 2 * x;
    });
    expect(twice(2)).to.equal(4);
    expect(twice.cache.get([2])).to.equal(4);
    expect(filesIn(options.cache).length).to.equal(1);
  });

  it('refuses getters by name', () => {
    expect(() => {
      class Wrong {
        @loose
        get value(): number {
          return Math.random();
        }
      }
      return Wrong;
    }).to.throw(DecoratorError, '@persist stands on value, a getter');
  });
});
