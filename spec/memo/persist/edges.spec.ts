import { expect } from 'chai';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { persist, type ByteStore } from 'stowage/memo';
import { settings } from '#lib/base/settings.js';
import { codeThrownBy, filesIn, listen } from '../../support/analyses/analysis.js';
import { unprivileged } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const callable = (fn: unknown): (() => unknown) => fn as () => unknown;

describe('the files of persist', () => {
  it('have names that lead nowhere else, and never one for two keys', () => {
    const folder = temporaryFolder();
    const names = [
      '',
      '.',
      '..',
      '../../etc',
      'a/b',
      'a\\b',
      'a%2Fb',
      'nul',
      'NUL.txt',
      'x.',
      'x',
      'x.json',
      'x~0123456789abcdef',
      '\0',
      '\uD83D',
      '\u{1F52D}',
      'long'.repeat(100),
      `${'long'.repeat(100)}er`,
    ];
    const tell = persist((name: string) => `told ${name}`, {
      cache: folder,
      name: '../odd',
      key: String,
      hash: (name) => name,
      unhash: (name) => name,
    });
    for (const name of names) tell(name);
    for (const name of names) expect(tell.cache.get(name)).to.equal(`told ${name}`);
    expect([...tell.cache.keys()].sort()).to.deep.equal([...names].sort());
    expect(readdirSync(folder)).to.deep.equal(['..%2Fodd']);
    for (const name of readdirSync(join(folder, '..%2Fodd')))
      expect(statSync(join(folder, '..%2Fodd', name)).isFile()).to.equal(true);
  });

  it('lie where a path, a file URL or file:// says', () => {
    for (const form of [
      (path: string) => path,
      (path: string) => `file://${path}`,
      (path: string) => pathToFileURL(path),
    ]) {
      const folder = join(temporaryFolder(), 'a b');
      persist(() => 1, { cache: form(folder), name: 'one' })();
      expect(existsSync(join(folder, 'one'))).to.equal(true);
    }
  });

  it('are private, and marked as a cache', () => {
    const folder = temporaryFolder();
    persist(() => new Float64Array(3), { cache: folder, name: 'f' })();
    for (const name of filesIn(join(folder, 'f'))) expect(statSync(join(folder, 'f', name)).mode & 0o077).to.equal(0);
    expect(existsSync(join(folder, 'f', 'CACHEDIR.TAG'))).to.equal(true);
  });

  it('are a miss where they are truncated, damaged or gone, and are made whole again', () => {
    const folder = temporaryFolder();
    let runs = 0;
    const blob = persist((x: number) => new Map([[x, ++runs]]), {
      cache: folder,
      name: 'blob',
      hash: String,
      verbosity: 0,
    });
    blob(1);
    const [data, record] = [join(folder, 'blob', '1.v8'), join(folder, 'blob', '1.json')];
    const harms = [
      () => {
        truncateSync(data, 10);
      },
      () => {
        writeFileSync(data, Buffer.alloc(statSync(data).size));
      },
      () => {
        truncateSync(record, statSync(record).size - 20);
      },
      () => {
        writeFileSync(record, readFileSync(record, 'utf8').replace('"seconds"', '"secondz"'));
      },
    ];
    for (const harm of harms) {
      const corrupt = listen('corrupt');
      harm();
      expect(blob.cache.get([1])).to.equal(undefined);
      expect(blob(1)).to.deep.equal(new Map([[1, runs]]));
      expect(blob(1)).to.deep.equal(new Map([[1, runs]]));
      expect(corrupt.length).to.be.greaterThan(0);
    }
    expect(runs).to.equal(1 + harms.length);
  });

  it('that cannot be written cost nothing but the next computation', function () {
    const user = unprivileged(this);
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    const script = `
      import { events } from 'stowage';
      import { persist } from 'stowage/memo';
      const told = [];
      events.on('fault', ({ reason }) => told.push(reason));
      const f = persist((x) => x + 1, { cache: ${JSON.stringify(join(folder, 'closed'))}, name: 'f' });
      const values = [f(1), f(1)];
      let thrown;
      try { f.cache.set([1], 5); } catch (error) { thrown = error.code; }
      console.log(JSON.stringify({ values, told, thrown }));`;
    mkdirSync(join(folder, 'closed'), { mode: 0o555 });
    const options = { encoding: 'utf8', cwd: import.meta.dirname, ...user } as const;
    const told = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], options);
    expect(JSON.parse(told)).to.deep.equal({ values: [2, 2], told: ['EACCES', 'EACCES'], thrown: 'STOWAGE_DISK' });
    expect(readdirSync(join(folder, 'closed'))).to.deep.equal([]);
  });

  it('are read and left alone where nothing may be written, and not even read where caching is off', () => {
    const folder = temporaryFolder();
    let runs = 0;
    const f = persist((x: number) => x + ++runs, { cache: folder, name: 'f' });
    f(1);
    const before = filesIn(folder);
    settings.readonly = true;
    try {
      expect(f(1)).to.equal(2);
      expect(f(2)).to.equal(4);
      expect(f(2)).to.equal(5);
      for (const change of [
        () => f.cache.set([1], 0),
        () => f.cache.delete([1]),
        () => {
          f.cache.clear();
        },
      ]) {
        expect(codeThrownBy(change)).to.equal('STOWAGE_READONLY');
      }
    } finally {
      settings.readonly = false;
    }
    settings.off = true;
    try {
      expect(f(1)).to.equal(5);
    } finally {
      settings.off = false;
    }
    expect(filesIn(folder)).to.deep.equal(before);
    expect(f(1)).to.equal(2);
  });
});

describe('functions of one name in one folder', () => {
  it('are told apart by their code, and neither takes or removes the results of the other', () => {
    const cache = temporaryFolder();
    const hash = ([x]: readonly [number]): string => String(x);
    const add = persist((x: number) => x + 100, { cache, name: 'f', hash });
    const multiply = persist((x: number) => x * 100, { cache, name: 'f', hash });
    expect(add(2)).to.equal(102);
    expect(multiply(2)).to.equal(200);
    expect(add(2)).to.equal(102);
    expect(multiply(2)).to.equal(200);
    expect(add.cache.size).to.equal(1);
    expect(multiply.cache.size).to.equal(1);
    add.clear();
    expect(add.cache.size).to.equal(0);
    expect(multiply.cache.get([2])).to.equal(200);
    add(2);
    expect(add.cache.clearOtherCode()).to.equal(1);
    expect(add.cache.size).to.equal(1);
    expect(multiply.cache.size).to.equal(0);
  });

  it('still collide each in itself', () => {
    const cache = temporaryFolder();
    const one = persist((x: number) => x, { cache, name: 'f', hash: () => 'h' });
    const two = persist((x: number) => -x, { cache, name: 'f', hash: () => 'h' });
    expect(one(1)).to.equal(1);
    expect(two(1)).to.equal(-1);
    expect(codeThrownBy(() => one(2))).to.equal('STOWAGE_HASH_COLLISION');
    expect(codeThrownBy(() => two(2))).to.equal('STOWAGE_HASH_COLLISION');
  });

  it('have their results again when the code is what it was; comments and white space are no code', () => {
    const cache = temporaryFolder();
    const first = persist((x: number) => x + 1, { cache, name: 'f' });
    first.cache.set([1], 42);
    expect(persist((x: number) => x + 2, { cache, name: 'f' })(1)).to.equal(3);
    // As a process has it in which nothing else is known.
    const later = execFileSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { persist } from 'stowage/memo';
      console.log(persist((x)   =>   x /* plus */ + 1, { cache: ${JSON.stringify(cache)}, name: 'f' })(1));`,
    ]);
    expect(Number(later)).to.equal(42);
  });

  it('are one function whatever the code, where that is to be ignored', () => {
    const cache = temporaryFolder();
    const options = { cache, name: 'f', onCodeChange: 'ignore' } as const;
    expect(persist((x: number) => x + 1, options)(1)).to.equal(2);
    expect(persist((x: number) => x + 2, options)(1)).to.equal(2);
  });
});

describe('the key of a persisted call', () => {
  it('tells apart what JavaScript can tell apart', () => {
    let runs = 0;
    const f = persist((_a?: unknown, _b?: unknown) => ++runs, { cache: 'memory://', name: 'apart' });
    const calls = [
      [],
      [null],
      [1],
      ['1'],
      [1n],
      [true],
      [[1]],
      [{ a: 1 }],
      [new Map([['a', 1]])],
      [0],
      [-0],
      [NaN],
      [Uint8Array.of(1)],
      [1, 1],
      [undefined, 1],
    ];
    for (const args of calls) f(...args);
    expect(runs).to.equal(calls.length);
    expect(f(undefined)).to.equal(1);
    expect(f({ a: 1 })).to.equal(8);
    expect(runs).to.deep.equal(calls.length);
  });

  it('takes instances by their class and fields, and refuses those that hide their state', () => {
    class Star {
      constructor(
        readonly magnitude: number,
        readonly at: { ra: number },
      ) {}
    }
    class Planet {
      constructor(
        readonly magnitude: number,
        readonly at: { ra: number },
      ) {}
    }
    class Hidden {
      readonly #x = 1;
      get x() {
        return this.#x;
      }
    }
    let runs = 0;
    const f = persist((_: unknown) => ++runs, { cache: 'memory://', name: 'instances' });
    const values = [
      f(new Star(1, { ra: 2 })),
      f(new Star(1, { ra: 2 })),
      f(new Star(1, { ra: 3 })),
      f(new Planet(1, { ra: 2 })),
    ];
    expect(values).to.deep.equal([1, 1, 2, 3]);
    for (const hidden of [new Hidden(), [new Hidden()], () => 0, new WeakMap(), new (class Dates extends Date {})()]) {
      expect(() => f(hidden)).to.throw(/^the key \(\[0\].* is /);
    }
  });

  it('is made before the call, so that what the call does to its arguments is no matter', () => {
    const cache = temporaryFolder();
    const sorted = persist((list: number[]) => list.sort().join(), { cache, name: 'sorted' });
    expect(sorted([3, 1, 2])).to.equal('1,2,3');
    expect(sorted.cache.get([[3, 1, 2]])).to.equal('1,2,3');
    expect(sorted.cache.get([[1, 2, 3]])).to.equal(undefined);
  });

  it('of an asynchronous call that somebody changes meanwhile is no key: nothing is stored', async () => {
    const heard = listen('mutated');
    const sum = persist(
      async (list: number[]) => {
        await Promise.resolve();
        return list.length;
      },
      { cache: 'memory://', name: 'sum' },
    );
    const list = [1];
    const promise = sum(list);
    list.push(2);
    expect(await promise).to.equal(2);
    expect(sum.cache.size).to.equal(0);
    expect(heard.length).to.equal(1);
  });
});

describe('the stores of persist', () => {
  it('in memory are shared by their name, and give copies', () => {
    const options = (name: string) => ({ cache: `memory://${name}`, name: 'f', onCodeChange: 'ignore' }) as const;
    const one = persist((x: number) => ({ x }), options('a'));
    one(1).x = 5;
    expect(one(1)).to.deep.equal({ x: 1 });
    expect(persist((_: number) => ({ x: 9 }), options('a'))(1)).to.deep.equal({ x: 1 });
    expect(persist((_: number) => ({ x: 9 }), options('b'))(1)).to.deep.equal({ x: 9 });
  });

  it('may be a Map of bytes, or anything like it, several functions in one', () => {
    const store = new Map<string, Uint8Array>([['foreign', Uint8Array.of(1)]]);
    const f = persist((x: number) => new Map([[x, 'f']]), {
      cache: store,
      name: 'f',
      storeKey: true,
      metadata: () => 'noted',
    });
    const g = persist((x: number) => Float64Array.of(x), { cache: store, name: 'g' });
    expect(f(1)).to.deep.equal(new Map([[1, 'f']]));
    expect(f(1)).to.deep.equal(new Map([[1, 'f']]));
    expect(g(1)).to.deep.equal(Float64Array.of(1));
    expect(g(1)).to.deep.equal(Float64Array.of(1));
    expect([...f.cache.keys()]).to.deep.equal([[1]]);
    expect(f.cache.size).to.equal(1);
    expect(g.cache.size).to.equal(1);
    expect(store.size).to.equal(3);
    f.clear();
    expect(f.cache.size).to.equal(0);
    expect(g.cache.size).to.equal(1);
    expect(store.size).to.equal(2);
  });

  it('that lose or damage bytes cost a computation, never a wrong value', () => {
    const store = new Map<string, Uint8Array>();
    let runs = 0;
    const f = persist((x: number) => [x, new Date(++runs)], { cache: store, name: 'f', verbosity: 0 });
    f(1);
    const [[name, bytes] = ['', new Uint8Array()]] = [...store];
    for (let at = 0; at < bytes.length; at += 7) {
      const harmed = Uint8Array.from(bytes);
      harmed[at] = (harmed[at] ?? 0) ^ 1;
      for (const each of [harmed, bytes.slice(0, at)]) {
        store.set(name, each);
        expect(f.cache.get([1]), `at ${at}`).to.equal(undefined);
      }
    }
    store.set(name, bytes);
    expect(f(1)).to.deep.equal([1, new Date(1)]);
    expect(runs).to.equal(1);
  });

  it('that throw are a fault, and the value is returned', () => {
    const faults = listen('fault');
    const fail = (): never => {
      throw new Error('no such server');
    };
    const broken: ByteStore = { get: fail, set: fail, delete: fail, keys: fail };
    const f = persist((x: number) => x + 1, { cache: broken, name: 'broken' });
    expect(f(1)).to.equal(2);
    expect(f(1)).to.equal(2);
    expect(faults.map(({ error }) => (error as Error & { code: string }).code)).to.deep.equal([
      'STOWAGE_DISK',
      'STOWAGE_DISK',
    ]);
  });
});

describe('persist says at once what is wrong with', () => {
  const fn = (): number => 1;
  const cases: [string, () => unknown][] = [
    ['a function without a name', () => persist(callable(Object.defineProperty(() => 1, 'name', { value: '' })))],
    ['an unknown option', () => persist(fn, { caches: 'x' } as never)],
    ['a store that lacks a method', () => persist(fn, { cache: { get: fn } as never })],
    ['a scheme that it does not know', () => persist(fn, { cache: 'mongodb://localhost' })],
    ['an empty folder', () => persist(fn, { cache: 'file://' })],
    ['serialize alone', () => persist(fn, { serialize: String })],
    ['unhash alone', () => persist(fn, { unhash: () => [] as [] })],
    ['a verbosity beyond', () => persist(fn, { verbosity: 5 as never })],
    ['a hash that gives no text', () => persist(fn, { cache: 'memory://', hash: () => 5 as never })()],
    ['no function', () => (persist as unknown as (fn: number) => unknown)(5)],
    ['no function for its options', () => (persist({}) as unknown as (fn: number) => unknown)(5)],
  ];
  for (const [what, act] of cases) {
    it(what, () => {
      expect(codeThrownBy(act)).to.equal('STOWAGE_INVALID_OPTION');
    });
  }
});

describe('verbosity', () => {
  const job = (verbosity: number): string[] => {
    const script = `
      import { persist } from 'stowage/memo';
      const double = persist((x) => 2 * x, { cache: 'memory://', name: 'double', verbosity: ${verbosity} });
      double(1); double(1); double.cache.delete([1]); double.clear();`;
    const told = execFileSync(
      'sh',
      ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, '--input-type=module', '-e', script],
      {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      },
    );
    return told.split('\n').filter((line) => line !== '');
  };

  it('says nothing at 0 and 1, writing and clearing at 2, looking as well at 3, keys as well at 4', () => {
    expect(job(0)).to.deep.equal([]);
    expect(job(1)).to.deep.equal([]);
    expect(job(2)).to.deep.equal([
      'double: Stored a result',
      'double: Deleting a result',
      'double: Clearing the cache',
    ]);
    expect(job(3)).to.deep.equal([
      'double: Looking for a result',
      'double: Nothing to be used is stored: missing',
      'double: Stored a result',
      'double: Looking for a result',
      'double: Found it',
      'double: Deleting a result',
      'double: Clearing the cache',
    ]);
    expect(job(4).slice(0, -1)).to.satisfy((lines: string[]) =>
      lines.every((line) => line.includes('(key [ 1 ], memory:')),
    );
  });
});

describe('what a persisted function says', () => {
  it('costs no call where nobody can hear it', () => {
    const script = `
      import { closeSync } from 'node:fs';
      import { persist } from 'stowage/memo';
      closeSync(2);
      const double = persist((x) => 2 * x, { cache: 'memory://', name: 'double', verbosity: 4 });
      console.log(double(1), double(1), double.cache.size);`;
    expect(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      }),
    ).to.equal('2 2 1\n');
  });
});

describe('the cache of a function with keys', () => {
  it('behaves as a Map does, whatever is done to it', () => {
    const key = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', '1', '', '../x'));
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true, maxDepth: 2 });
    const command = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, value }),
      fc.record({ do: fc.constantFrom('get' as const, 'delete' as const, 'has' as const), key }),
      fc.record({ do: fc.constant('clear' as const) }),
    );
    let number = 0;
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), fc.boolean(), (commands, onDisk) => {
        const cache = onDisk ? temporaryFolder() : `memory://${number++}`;
        const map = persist((each: unknown) => each, {
          cache,
          name: 'f',
          key: (each) => each,
          storeKey: true,
        }).cache;
        const model = new Map<unknown, unknown>();
        for (const each of commands) {
          if (each.do === 'set') {
            map.set(each.key, each.value);
            model.set(each.key, each.value);
          } else if (each.do === 'clear') {
            map.clear();
            model.clear();
          } else {
            expect(map[each.do](each.key)).to.deep.equal(model[each.do](each.key));
          }
          expect(map.size).to.equal(model.size);
        }
        const byKey = ([a]: [unknown, unknown], [b]: [unknown, unknown]): number =>
          JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
        expect([...map].sort(byKey)).to.deep.equal([...model].sort(byKey));
        const seen: unknown[] = [];
        map.forEach((_, each, itself) => seen.push(each, itself));
        expect(seen.filter((_, index) => index % 2 === 0)).to.have.members([...model.keys()]);
      }),
      { numRuns: 40 },
    );
  });
});
