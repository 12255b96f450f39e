/** What pypersist's pages show, in TypeScript, with the results that they state. */
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HashCollisionError, persist } from 'stowage/memo';
import { codeThrownBy, filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('persist', () => {
  let folder: string;
  let cache: string;
  beforeEach(() => {
    folder = temporaryFolder();
    cache = `file://${folder}`;
  });

  it('computes each result once, and shows them as a dictionary that can be changed', () => {
    let runs = 0;
    const triple = persist(
      function triple(x: number) {
        runs++;
        return 3 * x;
      },
      { cache },
    );
    expect(triple.cache.size).to.equal(0);
    expect(triple(3)).to.equal(9);
    expect(triple(3)).to.equal(9);
    expect(runs).to.equal(1);
    expect(triple.cache.size).to.equal(1);
    expect(triple.cache.get([3])).to.equal(9);
    triple.cache.set([10], 31);
    expect(triple(10)).to.equal(31);
    expect(triple.cache.get([5])).to.equal(undefined);
    expect(triple.cache.has([3])).to.equal(true);
    expect(triple.cache.has([5])).to.equal(false);
    expect(triple.cache.delete([3])).to.equal(true);
    expect(triple.cache.delete([3])).to.equal(false);
    expect(triple.cache.size).to.equal(1);
    triple.clear();
    expect(triple.cache.size).to.equal(0);
    expect(triple(10)).to.equal(30);
    expect(runs).to.equal(2);
  });

  it('keeps its results in persist/<name of the function>, below the working directory, unless told otherwise', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const double = persist((x: number) => 2 * x, { name: 'double' });
      double(3);
      expect(readdirSync(join(folder, 'persist', 'double')).filter((name) => name.endsWith('.json'))).to.have.length(1);
    } finally {
      process.chdir(before);
    }
  });

  it('writes files with descriptive names and readable content', () => {
    const power = persist((x: number, y: number) => x ** y, {
      cache,
      name: 'power',
      key: (x, y) => [x, y] as const,
      hash: ([x, y]) => `${x}_to_the_power_of_${y}`,
      serialize: String,
      deserialize: Number,
    });
    expect(power(2, 4)).to.equal(16);
    expect(power(10, 5)).to.equal(100_000);
    expect(power(2, 4)).to.equal(16);
    expect(filesIn(join(folder, 'power')).filter((name) => name.endsWith('.out'))).to.deep.equal([
      '10_to_the_power_of_5.out',
      '2_to_the_power_of_4.out',
    ]);
    expect(readFileSync(join(folder, 'power', '2_to_the_power_of_4.out'), 'utf8')).to.equal('16');
    expect(power.cache.get([2, 4])).to.equal(16);
  });

  it('takes a folder of several functions, each by a name of its own', () => {
    const shared = { cache: `${cache}/results_for_alice/`, name: 'foofighters' };
    const foo = persist((x: number, y: number, z?: number) => x + y + (z ?? 1), shared);
    expect(foo(1, 4, 3)).to.equal(8);
    expect(foo(1, 4)).to.equal(6);
    expect(foo(1, 4, undefined)).to.equal(6);
    expect(foo.cache.size).to.equal(2);
    expect(existsSync(join(folder, 'results_for_alice', 'foofighters'))).to.equal(true);
  });

  it('knows two calls as one by their key', () => {
    let runs = 0;
    const sum = persist(
      (...terms: number[]) => {
        runs++;
        return terms.reduce((total, term) => total + term, 0);
      },
      { cache, name: 'sum', key: (...terms) => [...terms].sort((a, b) => a - b) },
    );
    expect(sum(1, 4, 3, 7, 3, 12)).to.equal(30);
    expect(sum(4, 12, 7, 3, 3, 1)).to.equal(30);
    expect(runs).to.equal(1);
    expect(sum.cache.get([1, 3, 3, 4, 7, 12])).to.equal(30);
    expect(sum.cache.get([1, 4, 3, 7, 3, 12])).to.equal(undefined);
  });

  it('names its files by hash, without a key', () => {
    const pow = persist((x: number, y: number) => x ** y, {
      cache,
      name: 'pow',
      hash: ([x, y]) => `${x} to the ${y}`,
      serialize: String,
      deserialize: Number,
    });
    for (const [x, y] of [
      [2, 3],
      [7, 4],
      [1, 3],
      [10, 5],
      [0, 0],
      [2, 16],
    ] as const)
      pow(x, y);
    expect(
      filesIn(join(folder, 'pow'))
        .filter((name) => name.endsWith('.out'))
        .sort(),
    ).to.deep.equal([
      '0 to the 0.out',
      '1 to the 3.out',
      '10 to the 5.out',
      '2 to the 16.out',
      '2 to the 3.out',
      '7 to the 4.out',
    ]);
    expect(readFileSync(join(folder, 'pow', '7 to the 4.out'), 'utf8')).to.equal('2401');
  });

  it('lists its keys where they are stored', () => {
    const square = persist((x: number) => x * x, { cache, name: 'square', storeKey: true });
    for (const x of [12, 0, 8]) square(x);
    const byKey = (a: readonly number[], b: readonly number[]): number => Number(a[0]) - Number(b[0]);
    expect([...square.cache.keys()].sort(byKey)).to.deep.equal([[0], [8], [12]]);
    expect([...square.cache.values()].sort((a, b) => a - b)).to.deep.equal([0, 64, 144]);
    expect(new Map([...square.cache].map(([[x], y]) => [x, y]))).to.deep.equal(
      new Map([
        [0, 0],
        [8, 64],
        [12, 144],
      ]),
    );
  });

  it('raises an error over two keys of one hash, and gives neither the result of the other', () => {
    const square = persist((x: number) => x * x, {
      cache,
      name: 'square',
      hash: () => 'hello world',
      storeKey: true,
    });
    expect(square(3)).to.equal(9);
    expect(square(3)).to.equal(9);
    expect(() => square(4))
      .to.throw(HashCollisionError)
      .that.deep.include({ code: 'STOWAGE_HASH_COLLISION', storedKey: [3], key: [4] });
    expect(() => square.cache.get([4])).to.throw(HashCollisionError);
    expect(() => square.cache.set([4], 16)).to.throw(HashCollisionError);
    expect(square(3)).to.equal(9);
    expect(square.cache.size).to.equal(1);
  });

  it('sees the collision without the stored key as well', () => {
    const square = persist((x: number) => x * x, { cache, name: 'square', hash: () => 'hello world' });
    square(3);
    expect(() => square(4))
      .to.throw(HashCollisionError, "'hello world'")
      .with.property('storedKey', undefined);
  });

  it('lists its keys by unhash', () => {
    const exp = persist((x: number) => 2.71828 ** x, {
      cache,
      name: 'exp',
      key: Number,
      hash: (x) => `e to the ${x}`,
      unhash: (name) => Number(name.slice(9)),
    });
    for (const x of [2, 2.0, -1, 3.14]) exp(x);
    expect(exp.cache.size).to.equal(3);
    expect([...exp.cache.keys()].sort((a, b) => a - b)).to.deep.equal([-1, 2, 3.14]);
    expect([...exp.cache].map(([x, y]) => `e to the ${x} equals ${y}`.slice(0, 25)).sort()).to.deep.equal([
      'e to the -1 equals 0.3678',
      'e to the 2 equals 7.38904',
      'e to the 3.14 equals 23.1',
    ]);
  });

  it('raises an error where unhash does not give back the key', () => {
    const square = persist((x: number) => x * x, {
      cache,
      name: 'square',
      key: (x) => x,
      hash: () => '16',
      unhash: Number,
    });
    expect(square(16)).to.equal(256);
    expect(square(16)).to.equal(256);
    expect(() => square(12))
      .to.throw(HashCollisionError)
      .that.includes({ storedKey: 16, key: 12 });
  });

  it('says what is wrong with metadata where a result is set by hand', () => {
    const f = persist((x: number) => x, { cache, name: 'wrong_metadata', metadata: () => 5 as never });
    expect(codeThrownBy(() => f.cache.set([1], 2))).to.equal('STOWAGE_INVALID_OPTION');
    expect(f.cache.size).to.equal(0);
  });

  it('writes what metadata says beside the result, and removes it with it', () => {
    const toRadians = persist((degrees: number) => (degrees * Math.PI) / 180, {
      cache,
      name: 'deg_to_rad',
      hash: ([degrees]) => String(degrees),
      metadata: () => `Result cached at ${new Date(0).toISOString()}`,
    });
    expect(toRadians(90)).to.be.closeTo(1.5708, 1e-4);
    const file = join(folder, 'deg_to_rad', '90.meta');
    expect(readFileSync(file, 'utf8')).to.equal('Result cached at 1970-01-01T00:00:00.000Z');
    toRadians(180);
    toRadians.cache.delete([180]);
    expect(filesIn(join(folder, 'deg_to_rad'))).to.deep.equal(['90.json', '90.meta']);
    toRadians.clear();
    expect(existsSync(file)).to.equal(false);
  });

  it('returns what cannot be stored, computed each time', () => {
    let runs = 0;
    const multiplier = persist((x: number) => (runs++, (y: number) => x * y), { cache, name: 'multiplier' });
    expect(multiplier(3)(4)).to.equal(12);
    expect(multiplier(3)(5)).to.equal(15);
    expect(runs).to.equal(2);
    expect(multiplier.cache.size).to.equal(0);
  });

  it('gives every caller a copy, exact to the type', () => {
    const value = {
      when: new Date(5),
      data: Float64Array.of(-0, NaN),
      none: undefined,
      map: new Map([[1n, new Set(['x'])]]),
    };
    const measure = persist(() => value, { cache, name: 'measure' });
    expect(measure()).to.equal(value);
    const copy = measure();
    copy.data[0] = 5;
    copy.map.clear();
    expect(measure()).to.deep.equal(value);
    expect(Object.is(measure().data[0], -0)).to.equal(true);
  });

  it('keeps errors to their call', () => {
    let runs = 0;
    const failing = persist(
      () => {
        runs++;
        throw new RangeError('clouds');
      },
      { cache, name: 'failing' },
    );
    expect(failing).to.throw(RangeError, 'clouds');
    expect(failing).to.throw(RangeError, 'clouds');
    expect(runs).to.equal(2);
    expect(failing.cache.size).to.equal(0);
  });
});

describe('persist of an asynchronous function', () => {
  it('always answers with a promise, and computes once for those who ask at once', async () => {
    const cache = temporaryFolder();
    let runs = 0;
    const later = async (x: number): Promise<Float64Array> => {
      await Promise.resolve();
      runs++;
      return Float64Array.of(x);
    };
    const slow = persist(later, { cache });
    const values = await Promise.all([slow(1), slow(1), slow(1)]);
    expect(values).to.deep.equal([Float64Array.of(1), Float64Array.of(1), Float64Array.of(1)]);
    expect(runs).to.equal(1);
    expect(new Set(values).size).to.equal(3);
    expect(await persist(later, { cache })(1)).to.deep.equal(Float64Array.of(1));
    expect(runs).to.equal(1);
    expect(slow.cache.get([1])).to.deep.equal(Float64Array.of(1));
  });

  it('answers with a promise where a plain function returned one', async () => {
    const options = { cache: temporaryFolder(), name: 'promised' };
    const promised = persist((x: number) => Promise.resolve(x), options);
    const [first, second] = [promised(1), promised(1)];
    expect([first, second].every((each) => each instanceof Promise)).to.equal(true);
    expect(await first).to.equal(1);
    expect(await second).to.equal(1);
    expect(promised(1)).to.be.instanceOf(Promise);
  });

  it('rejects, to each who waits, with what the function threw, and forgets it', async () => {
    let runs = 0;
    const failing = persist(
      async () => {
        await Promise.resolve();
        throw new Error(`clouds ${++runs}`);
      },
      { cache: 'memory://', name: 'failing' },
    );
    const settled = await Promise.allSettled([failing(), failing()]);
    expect(settled.map((each) => String((each as PromiseRejectedResult).reason))).to.deep.equal([
      'Error: clouds 1',
      'Error: clouds 1',
    ]);
    expect(await failing().catch(String)).to.equal('Error: clouds 2');
    expect(
      await persist(async (f: unknown) => Promise.resolve(f), { name: 'odd', cache: 'memory://' })(() => 0).catch(
        (error: unknown) => (error as { code: string }).code,
      ),
    ).to.equal('STOWAGE_UNKEYABLE_ARGUMENT');
  });

  it('may need itself for other arguments, and says so where it needs itself', async () => {
    const cache = temporaryFolder();
    const fibonacci: (n: number) => Promise<number> = persist(
      async (n: number): Promise<number> => (n < 2 ? n : (await fibonacci(n - 1)) + (await fibonacci(n - 2))),
      { cache, name: 'fibonacci' },
    );
    expect(await fibonacci(20)).to.equal(6765);
    const circle: (n: number) => Promise<number> = persist(async (n: number): Promise<number> => circle(n), {
      cache,
      name: 'circle',
    });
    expect(await circle(1).catch((error: unknown) => (error as { code: string }).code)).to.equal('STOWAGE_CYCLE');
  });
});
