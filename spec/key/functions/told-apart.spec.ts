/** Functions that name and source do not tell apart, in every cache of functions. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cacheKey, InvalidOptionError } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { caches } from '../../support/analyses/function-caches.js';
import type { FactoryJob } from '../../support/children/factory-child.js';
import { uncounted } from '../../support/children/uncounted.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Times = (x: number) => number;

/** Two functions of one source, with another variable each. */
const timesOf = (factor: number): Times =>
  function times(x: number) {
    return factor * x;
  };

class Client {
  constructor(private readonly factor: number) {}

  times(x: number): number {
    return this.factor * x;
  }

  arrow(): Times {
    const times = (x: number): number => this.factor * x;
    return times;
  }
}

/** Functions whose source says nothing of what they do. */
const hidden: Record<string, (factor: number) => Times> = {
  'a bound function': (factor) => {
    const client = new Client(factor);
    return client.times.bind(client);
  },
  'a proxy': (factor) => new Proxy(timesOf(factor), {}),
  'an arrow function with the this around it': (factor) => new Client(factor).arrow(),
};

const script = fileURLToPath(new URL('../../support/children/factory-child.js', import.meta.url));

function inProcess(job: FactoryJob): unknown {
  return JSON.parse(
    execFileSync(process.execPath, [script, JSON.stringify(job)], { encoding: 'utf8', env: uncounted() }),
  );
}

for (const [cache, remember] of Object.entries(caches)) {
  describe(`functions in ${cache}`, () => {
    it('of one name and source are refused from the second on, whatever became of the first', () => {
      const folder = temporaryFolder();
      const twice = remember(timesOf(2), folder);
      expect(twice(7)).to.equal(14);
      expect(() => remember(timesOf(3), folder)).to.throw(InvalidOptionError, /two functions times .*name of its own/);
      expect(twice(7)).to.equal(14);
    });

    it('are one function where they are one object', () => {
      const folder = temporaryFolder();
      const twice = timesOf(2);
      expect(remember(twice, folder)(7)).to.equal(14);
      expect(remember(twice, folder)(7)).to.equal(14);
    });

    it('of one name and source are told apart by other names and by other folders', () => {
      const folder = temporaryFolder();
      const made = [2, 3].map((factor) => remember(timesOf(factor), folder, `times ${factor}`));
      const elsewhere = remember(timesOf(5), temporaryFolder());
      expect([...made, ...made, elsewhere].map((times) => times(7))).to.deep.equal([14, 21, 14, 21, 35]);
    });

    for (const [kind, make] of Object.entries(hidden)) {
      it(`cannot be ${kind} without a name`, () => {
        const folder = temporaryFolder();
        expect(() => remember(make(2), folder)).to.throw(InvalidOptionError, /with (?:.*[nN]ame: '…'|memoize)/);
        const made = [2, 3].map((factor) => remember(make(factor), folder, `times ${factor}`));
        expect([...made, ...made].map((times) => times(7))).to.deep.equal([14, 21, 14, 21]);
      });
    }

    it('cannot be built in without a name', () => {
      expect(() => remember(Math.abs, temporaryFolder())).to.throw(InvalidOptionError, 'built in');
    });

    it('are kept by other processes under the names that tell them apart', () => {
      const folder = temporaryFolder();
      const job = { cache, folder, argument: 7 };
      const answers = [2, 3, 2, 3].map((factor) => inProcess({ ...job, factor, name: `times ${factor}` }));
      expect(answers).to.deep.equal([
        { value: 14, runs: 1 },
        { value: 21, runs: 1 },
        { value: 14, runs: 0 },
        { value: 21, runs: 0 },
      ]);
    });

    it('that are generators hand their values out, and are not kept', async () => {
      const upTo = remember(function* upTo(n: number) {
        for (let i = 1; i <= n; i++) yield i;
      }, temporaryFolder());
      expect([...upTo(3)]).to.deep.equal([1, 2, 3]);
      expect([...upTo(3)]).to.deep.equal([1, 2, 3]);
      const later = remember(async function* later(n: number) {
        for (let i = 1; i <= n; i++) yield Promise.resolve(i);
      }, temporaryFolder());
      const values: number[] = [];
      for await (const value of later(2)) values.push(value);
      expect(values).to.deep.equal([1, 2]);
    });

    it('that are async are refused and kept as others are', async () => {
      const folder = temporaryFolder();
      const make = (factor: number): ((x: number) => Promise<number>) =>
        async function times(x: number) {
          return Promise.resolve(factor * x);
        };
      const twice = remember(make(2), folder);
      expect(await twice(7)).to.equal(14);
      expect(await twice(7)).to.equal(14);
      expect(() => remember(make(3), folder)).to.throw(InvalidOptionError, 'two functions times');
    });

    it('tell an argument without a prototype from one with', () => {
      let runs = 0;
      const kindOf = remember(function kindOf(value: object) {
        runs++;
        return Object.getPrototypeOf(value) === null ? 'bare' : 'plain';
      }, temporaryFolder());
      const bare = (): object => Object.assign(Object.create(null) as object, { a: 1 });
      expect(kindOf({ a: 1 })).to.equal('plain');
      expect(kindOf(bare())).to.equal('bare');
      expect(kindOf({ a: 1 })).to.equal('plain');
      expect(kindOf(bare())).to.equal('bare');
      expect(runs).to.equal(2);
    });
  });
}

/** Remembers the methods of a class, under names of their own where there is one. */
type Decorate = (folder: string, name?: string) => MethodDecorator;

const decorators: Record<string, Decorate> = {
  '@persist': (cache, name) => persist({ cache, ...(name !== undefined && { name }) }),
  '@bucket.cached': (folder, name) => new Bucket(folder).cached({ ...(name !== undefined && { name }) }),
};

interface Scale {
  times(x: number): number;
}
type ScaleClass = (new (offset: number) => Scale) & { scaled(x: number): number };

function scaleClass(factor: number, decorate: MethodDecorator, decorateStatic = decorate): ScaleClass {
  class Scaled {
    constructor(readonly offset: number) {}

    @decorate
    times(x: number): number {
      return factor * x + this.offset;
    }

    @decorateStatic
    static scaled(x: number): number {
      return factor * x;
    }
  }
  return Scaled;
}

for (const [decorator, decorate] of Object.entries(decorators)) {
  describe(`methods under ${decorator}`, () => {
    it('of two classes that a factory makes are refused when the second is used, instance and static ones', () => {
      const folder = temporaryFolder();
      const [Twice, Thrice] = [2, 3].map((factor) => scaleClass(factor, decorate(folder))) as [ScaleClass, ScaleClass];
      expect(new Twice(1).times(7)).to.equal(15);
      expect(Twice.scaled(7)).to.equal(14);
      expect(() => new Thrice(1).times(7)).to.throw(InvalidOptionError, /two functions times .*name of its class/);
      expect(() => Thrice.scaled(7)).to.throw(InvalidOptionError, 'two functions scaled');
      expect(new Twice(2).times(7)).to.equal(16);
      expect(new Twice(1).times(7)).to.equal(15);
      expect(Twice.scaled(7)).to.equal(14);
    });

    it('are told apart by names of the methods or the classes', () => {
      const folder = temporaryFolder();
      const named = [2, 3].map((factor) =>
        scaleClass(factor, decorate(folder, `times ${factor}`), decorate(folder, `scaled ${factor}`)),
      );
      const classes = [4, 5].map((factor) =>
        Object.defineProperty(scaleClass(factor, decorate(folder)), 'name', { value: `By${factor}` }),
      );
      const all = [...named, ...classes];
      for (let round = 0; round < 2; round++) {
        expect(all.map((Class) => new Class(1).times(7))).to.deep.equal([15, 22, 29, 36]);
        expect(all.map((Class) => Class.scaled(7))).to.deep.equal([14, 21, 28, 35]);
      }
    });

    it('that classes of one source inherit are refused in the second, unless its instances say what they are', () => {
      const folder = temporaryFolder();
      class Base {
        by(): number {
          return 1;
        }
        @decorate(folder)
        times(x: number): number {
          return this.by() * x;
        }
      }
      const by = (factor: number) =>
        class By extends Base {
          override by(): number {
            return factor;
          }
        };
      const keyed = (factor: number) =>
        class Keyed extends Base {
          [cacheKey](): number {
            return factor;
          }
          override by(): number {
            return factor;
          }
        };
      const [Two, Three] = [by(2), by(3)];
      expect(new Base().times(7)).to.equal(7);
      expect(new Two().times(7)).to.equal(14);
      expect(() => new Three().times(7)).to.throw(InvalidOptionError, 'two classes By with the method times');
      const [Four, Five] = [keyed(4), keyed(5)];
      expect(new Four().times(7)).to.equal(28);
      expect(new Five().times(7)).to.equal(35);
      expect(new Four().times(7)).to.equal(28);
    });

    it('call the same method of a class above, of one source, under names of their own only', () => {
      const folder = temporaryFolder();
      type Adding = new () => { sum(x: number): number };
      const adding = (Above: Adding, summand: number): Adding => {
        class Adds extends Above {
          @decorate(folder)
          override sum(x: number): number {
            return super.sum(x) + summand;
          }
        }
        return Adds;
      };
      const Both = adding(
        adding(
          class {
            sum(x: number): number {
              return x;
            }
          },
          10,
        ),
        100,
      );
      expect(() => new Both().sum(1)).to.throw(InvalidOptionError, 'two functions sum');
    });

    it('are called on objects without a prototype, and tell them from plain ones', () => {
      class Sized {
        size = 1;
        @decorate(temporaryFolder())
        kind(): string {
          return Object.getPrototypeOf(this) === null ? 'bare' : 'other';
        }
      }
      // eslint-disable-next-line @typescript-eslint/unbound-method -- called on what is no instance
      const { kind } = Sized.prototype;
      const [plain, bare] = [Object.prototype, null].map((prototype) =>
        Object.assign(Object.create(prototype) as Sized, { size: 1 }),
      ) as [Sized, Sized];
      for (let round = 0; round < 2; round++) {
        expect(kind.call(plain)).to.equal('other');
        expect(kind.call(bare)).to.equal('bare');
        expect(new Sized().kind()).to.equal('other');
      }
    });
  });
}

describe('the user’s word on functions of one name', () => {
  it('is taken where the code is to be ignored: they are one', () => {
    const folder = temporaryFolder();
    const made = [2, 3].map((factor) =>
      persist(timesOf(factor), { cache: folder, name: 'times', onCodeChange: 'ignore' }),
    );
    expect(made.map((times) => times(7))).to.deep.equal([14, 14]);
    const bucket = new Bucket(folder);
    const wrapped = [2, 3].map((factor) => bucket.wrap(timesOf(factor), { name: 'times', onCodeChange: 'ignore' }));
    expect(wrapped.map((times) => times(7))).to.deep.equal([14, 14]);
  });
});
