import { expect } from 'chai';
import { cacheKey, DecoratorError } from 'stowage';
import { Bucket, MutatedInputError, type CachedCall } from 'stowage/memo';
import { temporaryFolder } from '../../support/temporary-folder.js';

const bucket = new Bucket(temporaryFolder());
const said: string[] = [];

/** As bucketcache's pages have it. */
class SomeService {
  constructor(
    readonly username: string,
    readonly password: string,
  ) {}

  @bucket.cached({
    refresh: 'skipCache',
    onHit(this: SomeService, { args }: CachedCall) {
      said.push(`Cache used for ${this.username}: ${args.join()}.`);
    },
  })
  expensive(a: number, b: number, c: number, skipCache = false): number {
    said.push(`Method called${skipCache ? ' again' : ''}.`);
    return a + b + c;
  }
}

let sums = 0;
class Sums {
  constructor(
    public a: number,
    public b: number,
  ) {}

  @bucket.cached
  sum(extra = 0): number {
    sums++;
    return this.a + this.b + extra;
  }

  @bucket.cached
  get total(): number {
    sums++;
    return this.a + this.b;
  }

  @bucket.cached({ ignore: ['_log'] })
  async later(x: number, _log?: () => void): Promise<number> {
    await Promise.resolve();
    sums++;
    return this.a + x;
  }

  @bucket.cached
  counting(): number {
    return this.a++;
  }

  @bucket.cached
  static scale(x: number): number {
    sums++;
    return 2 * x;
  }
}

class Keyed {
  calls = 0;
  readonly #band: string;
  constructor(band: string) {
    this.#band = band;
  }
  [cacheKey](): string {
    return this.#band;
  }
  @bucket.cached
  name(): string {
    this.calls++;
    return this.#band;
  }
}

describe('@bucket.cached', () => {
  beforeEach(() => {
    sums = 0;
  });

  it('calls a method once, tells of the hits, and calls it again where it is to be refreshed', () => {
    const service = new SomeService('jane', 'secret');
    service.expensive(1, 2, 3);
    service.expensive(1, 2, 3);
    service.expensive(1, 2, 3, true);
    expect(said).to.deep.equal(['Method called.', 'Cache used for jane: 1,2,3.', 'Method called again.']);
  });

  it('makes the state of the instance part of the key', () => {
    const a = new Sums(2, 4);
    expect(a.sum()).to.equal(6);
    expect(a.sum()).to.equal(6);
    expect(a.sum(3)).to.equal(9);
    expect(a.sum(3)).to.equal(9);
    expect(sums).to.equal(2);
    expect(new Sums(2, 4).sum(3)).to.equal(9);
    expect(sums).to.equal(2);
    expect(new Sums(2, 5).sum(3)).to.equal(10);
    expect(sums).to.equal(3);
    a.a = 5;
    expect(a.sum()).to.equal(9);
    expect(sums).to.equal(4);
  });

  it('or what [cacheKey]() says', () => {
    const [one, two] = [new Keyed('K'), new Keyed('K')];
    expect(one.name()).to.equal('K');
    expect(two.name()).to.equal('K');
    expect(new Keyed('H').name()).to.equal('H');
    expect(one.calls).to.equal(1);
    expect(two.calls).to.equal(0);
  });

  it('stands on getters, statics and asynchronous methods', async () => {
    const a = new Sums(20, 4);
    expect(a.total).to.equal(24);
    expect(a.total).to.equal(24);
    expect(new Sums(20, 4).total).to.equal(24);
    expect(sums).to.equal(1);
    expect(Sums.scale(2)).to.equal(4);
    expect(Sums.scale(2)).to.equal(4);
    expect(sums).to.equal(2);
    expect(await Promise.all([a.later(1), a.later(1, () => undefined), new Sums(20, 4).later(1)])).to.deep.equal([
      21, 21, 21,
    ]);
    expect(sums).to.equal(3);
  });

  it('raises MutatedInputError where the method changes its instance, and stores nothing', () => {
    const before = bucket.size;
    expect(() => new Sums(1, 2).counting()).to.throw(
      MutatedInputError,
      'counting changed its arguments or its instance',
    );
    expect(bucket.size).to.equal(before);
  });

  it('refuses to be called without an instance, and setters', () => {
    const { sum } = Object.getOwnPropertyDescriptors(Sums.prototype);
    expect(() => (sum.value as () => number).call(undefined)).to.throw(TypeError, 'without an instance');
    expect(() => {
      // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the types refuse it, and users without types do it
      const loose = bucket.cached as unknown as (...args: any[]) => any;
      class Wrong {
        @loose
        set value(_: number) {
          expect.fail('not to be run');
        }
      }
      return Wrong;
    }).to.throw(DecoratorError, '@bucket.cached stands on value, a setter');
  });

  it('is wrapped by hand for a function that is put on a prototype', () => {
    class Point {
      declare length: () => number;
      constructor(readonly x: number) {}
    }
    let calls = 0;
    Point.prototype.length = bucket.wrap(
      function length(this: Point) {
        calls++;
        return this.x;
      },
      { method: true },
    );
    expect(new Point(3).length()).to.equal(3);
    expect(new Point(3).length()).to.equal(3);
    expect(new Point(4).length()).to.equal(4);
    expect(calls).to.equal(2);
  });
});
