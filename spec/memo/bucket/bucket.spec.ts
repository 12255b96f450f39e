/** What bucketcache's pages show, in TypeScript, with the results that they state; and what they leave open. */
import { expect } from 'chai';
import fc from 'fast-check';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setMemoryBudget } from 'stowage';
import { Bucket, MutatedInputError, type BucketOptions, type CachedCall } from 'stowage/memo';
import { memory } from '#lib/store/entry/memory.js';
import { codeThrownBy, filesIn, listen } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const codecs = ['v8', 'json', 'msgpack'] as const;

/** JSON and MessagePack refuse an own `__proto__`. */
const isTame = (value: unknown): boolean => !fc.stringify(value).includes('__proto__');

/** A clock that stands still until it is set. */
function stoppedClock(): { time: number; now(): number } {
  const clock = { time: 1_000_000, now: () => clock.time };
  return clock;
}

describe('a bucket', () => {
  for (const codec of codecs) {
    describe(`of ${codec} files`, () => {
      const make = <V>(options: BucketOptions = {}): Bucket<unknown, V> =>
        new Bucket(temporaryFolder(), { codec, ...options });

      it('brings back what was set, from memory and from disk', () => {
        const bucket = make<string>();
        bucket.set('my key', 'this');
        expect(bucket.get('my key')).to.equal('this');
        bucket.unloadKey('my key');
        expect(bucket.get('my key')).to.equal('this');
        bucket.set('my key', 'that');
        expect(bucket.get('my key')).to.equal('that');
        expect(bucket.has('my key')).to.equal(true);
        expect(bucket.size).to.equal(1);
        expect(new Bucket(bucket.folder, { codec }).get('my key')).to.equal('that');
      });

      it('has nothing under a key that is missing or deleted', () => {
        const bucket = make<string>();
        expect(bucket.get('none')).to.equal(undefined);
        expect(bucket.has('none')).to.equal(false);
        expect(bucket.delete('none')).to.equal(false);
        bucket.set('new key', 'banana');
        expect(bucket.delete('new key')).to.equal(true);
        expect(bucket.get('new key')).to.equal(undefined);
        expect(bucket.delete('new key')).to.equal(false);
        expect(filesIn(bucket.folder)).to.deep.equal([]);
      });

      it('takes any object as a key, by its state', () => {
        class Custom {
          constructor(
            readonly here: string,
            readonly be: number[],
            readonly parameters: object,
          ) {}
        }
        const value = Array.from({ length: 1000 }, (_, i) => i);
        const bucket = make<number[]>();
        for (const key of [
          () => new Custom('hello', [1, 2, 3], { this: 'that' }),
          () => new Date(5),
          () => ({ b: 1, a: 2 }),
          () => value,
        ]) {
          bucket.set(key(), value);
          expect(bucket.get(key())).to.deep.equal(value);
          bucket.unloadKey(key());
          expect(bucket.get(key())).to.deep.equal(value);
        }
        expect(bucket.get({ a: 2, b: 1 })).to.deep.equal(value);
        expect(bucket.get(value.slice(1))).to.equal(undefined);
      });

      it('counts a file that was damaged as missing, says so, and sets it anew', () => {
        const bucket = make<string[]>();
        const value = Array.from({ length: 200 }, (_, i) => `line ${i}`);
        const harms = [
          // A record of which nothing is left is nobody's: without one, there is no result to be damaged.
          {
            harm: (file: string) => {
              truncateSync(file, statSync(file).size - 1);
            },
            files: '',
            said: 1,
          },
          {
            harm: (file: string) => {
              writeFileSync(file, readFileSync(file).subarray(1));
            },
            files: '',
            said: 0,
          },
          {
            harm: (file: string) => {
              writeFileSync(file, '');
            },
            files: '',
            said: 0,
          },
          {
            harm: (file: string) => {
              writeFileSync(file, readFileSync(file).subarray(1));
            },
            files: codec === 'json' ? '.json' : `.${codec}`,
            said: codec === 'json' ? 0 : 1,
          },
        ];
        for (const { harm, files, said } of harms) {
          const corrupt = listen('corrupt');
          bucket.set('my key', value);
          for (const name of filesIn(bucket.folder).filter((each) => each.endsWith(files)))
            harm(join(bucket.folder, name));
          bucket.unloadKey('my key');
          expect(bucket.get('my key')).to.equal(undefined);
          bucket.set('my key', value);
          expect(bucket.get('my key')).to.deep.equal(value);
          expect(filesIn(bucket.folder).length).to.be.at.most(4);
          expect(corrupt.map(({ type }) => type)).to.deep.equal(new Array(said).fill('corrupt'));
        }
      });

      it('hands out copies, and keeps one', () => {
        const bucket = make<{ list: number[] }>();
        const value = { list: [1] };
        bucket.set('key', value);
        value.list.push(2);
        bucket.get('key')?.list.push(3);
        expect(bucket.get('key')).to.deep.equal({ list: [1] });
      });

      it('behaves as a Map does', () => {
        const key = fc.constantFrom<unknown>(1, '1', 'a', [1], null);
        const value =
          codec === 'json'
            ? fc.jsonValue().filter((each) => !fc.stringify(each).includes('-0') && isTame(each))
            : fc
                .anything({
                  withDate: true,
                  withMap: true,
                  withSet: true,
                  maxDepth: 2,
                  withNullPrototype: codec === 'v8',
                })
                .filter(isTame);
        const command = fc.oneof(
          fc.record({ do: fc.constant('set' as const), key, value }),
          fc.record({ do: fc.constantFrom('get' as const, 'delete' as const, 'has' as const), key }),
          fc.record({ do: fc.constantFrom('unload' as const, 'clear' as const), key }),
        );
        fc.assert(
          fc.property(fc.array(command, { maxLength: 10 }), (commands) => {
            const bucket = make<unknown>();
            const model = new Map<string, unknown>();
            for (const each of commands) {
              const modelKey = JSON.stringify(each.key);
              if (each.do === 'set') {
                bucket.set(each.key, each.value);
                model.set(modelKey, each.value);
              } else if (each.do === 'unload') bucket.unloadKey(each.key);
              else if (each.do === 'clear') {
                bucket.clear();
                model.clear();
              } else expect(bucket[each.do](each.key)).to.deep.equal(model[each.do](modelKey));
              expect(bucket.size).to.equal(model.size);
            }
          }),
          { numRuns: 15 },
        );
      });
    });
  }

  it('writes what its format brings back exactly, and refuses the rest by name, with nothing changed', () => {
    const folder = temporaryFolder();
    const json = new Bucket(folder, { codec: 'json' });
    json.set('long', 'x'.repeat(100_000)).set('key', { a: [1, 'x', null] });
    expect(String(json.get('long')).length).to.equal(100_000);
    expect(json.get('key')).to.deep.equal({ a: [1, 'x', null] });
    const refused: [unknown, string][] = [
      [{ when: [new Date(0)] }, 'result.when[0]'],
      [[1, undefined], 'result[1]'],
      [{ a: NaN }, 'result.a'],
    ];
    for (const [value, place] of refused) expect(() => json.set('key', value)).to.throw(place);
    expect(json.get('key')).to.deep.equal({ a: [1, 'x', null] });
    expect(() => new Bucket(folder, { codec: 'msgpack' }).set('key', { fit: /x/ })).to.throw(
      'result.fit is an instance of RegExp',
    );
    expect(() => new Bucket(folder).set('key', { fit: () => 0 })).to.throw('result.fit is a function');
  });

  it('of JSON keeps its value readable, in one file', () => {
    const bucket = new Bucket(temporaryFolder(), { codec: 'json' });
    bucket.set('key', { magnitude: 4.5 });
    const [name = '', ...others] = filesIn(bucket.folder);
    expect(others).to.deep.equal([]);
    expect(JSON.parse(readFileSync(join(bucket.folder, name), 'utf8'))).to.deep.include({ value: { magnitude: 4.5 } });
  });

  it('shares its folder with buckets of other formats, and sees none of theirs', () => {
    const path = temporaryFolder();
    const buckets = codecs.map((codec) => new Bucket(path, { codec }));
    for (const bucket of buckets) bucket.set('key', bucket.codec);
    expect(buckets.map((bucket) => [bucket.get('key'), bucket.size])).to.deep.equal([
      ['v8', 1],
      ['json', 1],
      ['msgpack', 1],
    ]);
    buckets[0]?.clear();
    expect(buckets.map(({ size }) => size)).to.deep.equal([0, 1, 1]);
  });

  it('takes the codecs of arrays and tables by name, and a file URL as its path', () => {
    const bucket = new Bucket(pathToFileURL(temporaryFolder()), { codec: 'npy' });
    bucket.set('flat', Float64Array.of(1, 2));
    expect(bucket.get('flat')).to.deep.equal(Float64Array.of(1, 2));
    expect(filesIn(bucket.folder).some((name) => name.endsWith('.npy'))).to.equal(true);
  });

  it('makes its keys as its option key says', () => {
    const bucket = new Bucket<{ id: number; note: string }, string>(temporaryFolder(), { key: ({ id }) => id });
    bucket.set({ id: 1, note: 'a' }, 'one');
    expect(bucket.get({ id: 1, note: 'b' })).to.equal('one');
  });

  it('keeps no more in memory than the budget, and reads the rest', () => {
    const bucket = new Bucket<number, Uint8Array>(temporaryFolder());
    setMemoryBudget(5000);
    try {
      for (let key = 0; key < 20; key++) bucket.set(key, new Uint8Array(1000).fill(key));
      for (let key = 0; key < 20; key++) expect(bucket.get(key)?.[0]).to.equal(key);
      expect(memory.bytes).to.be.within(1, 5000);
      for (let key = 0; key < 20; key++) expect(bucket.get(key)?.[999]).to.equal(key);
    } finally {
      setMemoryBudget(1e9);
    }
  });

  it('survives a move of its folder', () => {
    const bucket = new Bucket(join(temporaryFolder(), 'a'));
    bucket.set('key', new Map([[1, 2]]));
    const moved = temporaryFolder();
    for (const name of readdirSync(bucket.folder))
      writeFileSync(join(moved, name), readFileSync(join(bucket.folder, name)));
    expect(new Bucket(moved).get('key')).to.deep.equal(new Map([[1, 2]]));
  });

  it('says so where it is asked for what the disk refuses', () => {
    const path = join(temporaryFolder(), 'bucket');
    const bucket = new Bucket(path);
    writeFileSync(path, 'a file where the folder would be');
    const asks = [
      () => bucket.set('a', 1),
      () => bucket.size,
      () => {
        bucket.clear();
      },
      () => bucket.pruneDirectory(),
    ];
    expect(asks.map(codeThrownBy)).to.deep.equal(asks.map(() => 'STOWAGE_DISK'));
  });

  const wrong: [string, () => unknown][] = [
    ['an empty path', () => new Bucket('')],
    ['a path that is none', () => new Bucket(5 as never)],
    ['an unknown option', () => new Bucket('x', { nonsense: 4 } as never)],
    ['an unknown codec', () => new Bucket('x', { codec: 'pickle' })],
    ['a codec that is no name', () => new Bucket('x', { codec: 5 as never })],
    ['a lifetime in words', () => new Bucket('x', { lifetime: 'wrong type' as never })],
    ['a negative lifetime', () => new Bucket('x', { lifetime: { seconds: -5 } })],
    ['an unknown unit', () => new Bucket('x', { lifetime: { weeks: 1 } as never })],
    ['a lifetime that is set wrong later', () => (new Bucket('x').lifetime = -1)],
  ];
  for (const [what, act] of wrong) {
    it(`says at once what is wrong with ${what}`, () => {
      expect(codeThrownBy(act)).to.equal('STOWAGE_INVALID_OPTION');
    });
  }
});

describe('the lifetime of a bucket', () => {
  it('is over for what a clock stored that ran ahead', () => {
    const clock = stoppedClock();
    const path = temporaryFolder();
    clock.time += 365 * 86_400;
    new Bucket(path, { lifetime: { hours: 1 }, clock }).set('key', 1);
    clock.time -= 365 * 86_400;
    expect(new Bucket(path, { lifetime: { hours: 1 }, clock }).get('key')).to.equal(undefined);
  });

  const lifetimes: [BucketOptions['lifetime'], number][] = [
    [2, 2],
    [{ days: 1, seconds: 1 }, 86_401],
    [{ milliseconds: 300 }, 0.3],
    [{ hours: 1, minutes: 1 }, 3660],
  ];
  for (const [lifetime, seconds] of lifetimes) {
    it(`of ${JSON.stringify(lifetime)} is ${seconds} seconds`, () => {
      const clock = stoppedClock();
      const bucket = new Bucket(temporaryFolder(), { clock, ...(lifetime !== undefined && { lifetime }) });
      expect(bucket.lifetime).to.be.closeTo(seconds, 1e-9);
      bucket.set('my key', 'this');
      clock.time += seconds - 0.01;
      bucket.unloadKey('my key');
      expect(bucket.get('my key')).to.equal('this');
      clock.time += 0.02;
      expect(bucket.get('my key')).to.equal(undefined);
      expect(bucket.has('my key')).to.equal(false);
      expect(bucket.delete('my key')).to.equal(false);
      expect(bucket.size).to.equal(0);
    });
  }

  it('begins anew when a key is set again', () => {
    const clock = stoppedClock();
    const bucket = new Bucket(temporaryFolder(), { lifetime: 10, clock });
    bucket.set('key', 'this');
    clock.time += 6;
    bucket.set('key', 'that');
    clock.time += 6;
    expect(bucket.get('key')).to.equal('that');
    clock.time += 6;
    expect(bucket.get('key')).to.equal(undefined);
  });

  it('holds, where it became shorter, for what was stored before; where it became longer, the old one does', () => {
    const clock = stoppedClock();
    const path = temporaryFolder();
    const bucket = new Bucket(path, { clock });
    bucket.set('for ever', 1);
    clock.time += 5;
    bucket.lifetime = 10;
    bucket.set('ten', 2);
    bucket.lifetime = 3;
    expect(bucket.get('for ever')).to.equal(undefined);
    expect(bucket.get('ten')).to.equal(2);
    clock.time += 3;
    expect(bucket.get('ten')).to.equal(undefined);
    bucket.lifetime = { minutes: 5 };
    expect(bucket.get('for ever')).to.equal(1);
    expect(bucket.get('ten')).to.equal(2);
    clock.time += 7;
    expect(bucket.get('ten')).to.equal(undefined);
    expect(new Bucket(path, { clock }).get('ten')).to.equal(undefined);
    bucket.lifetime = undefined;
    expect(bucket.get('for ever')).to.equal(1);
  });

  it('lets pruneDirectory remove what has expired, and nothing else', () => {
    const clock = stoppedClock();
    const path = temporaryFolder();
    const bucket = new Bucket(path, { lifetime: 10, clock });
    const other = new Bucket(path, { lifetime: 1, clock, codec: 'msgpack' });
    bucket.set('old', new Map([[1, 'x']]));
    other.set('old', 1);
    const size = filesIn(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
    clock.time += 9;
    bucket.set('young', 2);
    expect(bucket.pruneDirectory()).to.deep.equal({ size: 0, count: 0 });
    clock.time += 2;
    const [first, second] = [bucket.pruneDirectory(), other.pruneDirectory()];
    expect(first.count).to.equal(1);
    expect(second.count).to.equal(1);
    expect(first.size + second.size).to.equal(size);
    expect(bucket.get('young')).to.equal(2);
    expect(filesIn(path)).to.have.length(2);
  });
});

describe('a function that a bucket wraps', () => {
  it('is called once for its arguments', () => {
    const bucket = new Bucket(temporaryFolder());
    let calls = 0;
    const add = bucket.wrap(function add(a: number, b?: number) {
      calls++;
      return a + (b ?? 1);
    });
    expect(add(1)).to.equal(2);
    expect(add(1)).to.equal(2);
    expect(add(1, undefined)).to.equal(2);
    expect(add(1, 1)).to.equal(2);
    expect(calls).to.equal(2);
    expect(add.name).to.equal('add');
    expect(add.length).to.equal(2);
    expect(bucket.size).to.equal(2);
  });

  it('is told apart from others of its name by its code, and from values by their keys', () => {
    const bucket = new Bucket(temporaryFolder());
    const one = bucket.wrap(Object.defineProperty((x: number) => x + 1, 'name', { value: 'f' }));
    const two = bucket.wrap(Object.defineProperty((x: number) => x + 2, 'name', { value: 'f' }));
    expect(one(1)).to.equal(2);
    expect(two(1)).to.equal(3);
    expect(one(1)).to.equal(2);
    expect(two(1)).to.equal(3);
    expect(bucket.has(1)).to.equal(false);
    expect(bucket.has('f')).to.equal(false);
  });

  it('raises MutatedInputError where it changes its arguments, and stores nothing', async () => {
    const bucket = new Bucket(temporaryFolder());
    const modifies = bucket.wrap(function modifies(list: number[]) {
      list.push(0);
      return list.length;
    });
    expect(() => modifies([1, 2, 4]))
      .to.throw(MutatedInputError, 'modifies changed its arguments')
      .with.property('code', 'STOWAGE_MUTATED_INPUT');
    const later = bucket.wrap(async function later(list: { done?: () => number }) {
      await Promise.resolve();
      list.done = () => 0;
      return 1;
    });
    expect(await later({}).catch((error: unknown) => error)).to.be.instanceOf(MutatedInputError);
    expect(bucket.size).to.equal(0);
    expect(filesIn(bucket.folder)).to.deep.equal([]);
  });

  it('is called again where refresh says so, by the name, the index or a function of its parameters', () => {
    const bucket = new Bucket(temporaryFolder());
    let calls = 0;
    const named = bucket.wrap((a: number, b: number, skipCache = false) => (calls++, a + b + Number(skipCache) * 0), {
      refresh: 'skipCache',
    });
    expect(named(3, 4)).to.equal(7);
    expect(named(3, 4, false)).to.equal(7);
    expect(calls).to.equal(1);
    expect(named(3, 4, true)).to.equal(7);
    expect(calls).to.equal(2);
    expect(named(3, 4)).to.equal(7);
    expect(calls).to.equal(2);
    const byIndex = bucket.wrap((a: number, again?: boolean) => (calls++, a + Number(again ?? 0)), { refresh: 1 });
    expect(byIndex(1)).to.equal(1);
    expect(byIndex(1, true)).to.equal(2);
    expect(byIndex(1)).to.equal(2);
    expect(calls).to.equal(4);
    const asked = bucket.wrap((a: number) => a + calls++, { refresh: (a) => a > 5 });
    expect(asked(1)).to.equal(5);
    expect(asked(1)).to.equal(5);
    expect(asked(6)).to.equal(11);
    expect(asked(6)).to.equal(12);
  });

  it('leaves ignored parameters out of its key', () => {
    const bucket = new Bucket(temporaryFolder());
    let calls = 0;
    const foo = bucket.wrap((a: number, b: number, _message: string) => (calls++, a + b), { ignore: ['_message'] });
    expect(foo(1, 2, 'message')).to.equal(3);
    expect(foo(1, 2, 'another')).to.equal(3);
    expect(calls).to.equal(1);
    expect(foo(1, 1, 'another')).to.equal(2);
    expect(calls).to.equal(2);
    const bar = bucket.wrap((a: number, b: number, ..._rest: string[]) => (calls++, a + b), { ignore: ['_rest'] });
    expect(bar(1, 2)).to.equal(3);
    expect(bar(1, 2, 'a')).to.equal(3);
    expect(bar(1, 2, 'b', 'c')).to.equal(3);
    expect(calls).to.equal(3);
    expect(bar(2, 2, 'b')).to.equal(4);
    expect(calls).to.equal(4);
    const first = bucket.wrap((_log: () => void, x: number) => (calls++, x), { ignore: [0] });
    expect(first(() => undefined, 1)).to.equal(1);
    expect(first(() => undefined, 1)).to.equal(1);
    expect(calls).to.equal(5);
  });

  it('tells onHit of the calls that it does not make', () => {
    const clock = stoppedClock();
    const bucket = new Bucket(temporaryFolder(), { lifetime: 60, clock });
    const told: CachedCall[] = [];
    const add = bucket.wrap(
      function add(a: number, b: number) {
        return a + b;
      },
      { onHit: (call) => void told.push(call) },
    );
    expect(add(1, 2)).to.equal(3);
    expect(told.length).to.equal(0);
    expect(add(1, 2)).to.equal(3);
    expect(told).to.deep.equal([{ args: [1, 2], value: 3, expiresAt: clock.time + 60 }]);
  });

  it('is called again when its lifetime is over, which begins when its result is stored', () => {
    const clock = stoppedClock();
    const bucket = new Bucket(temporaryFolder(), { lifetime: 10, clock });
    let calls = 0;
    const slow = bucket.wrap(function slow() {
      clock.time += 30;
      return ++calls;
    });
    expect(slow()).to.equal(1);
    expect(slow()).to.equal(2);
    const quick = bucket.wrap(function quick() {
      return ++calls;
    });
    expect(quick()).to.equal(3);
    expect(quick()).to.equal(3);
    clock.time += 11;
    expect(quick()).to.equal(4);
  });

  it('returns what cannot be stored, and says so', () => {
    const uncacheable = listen('uncacheable');
    const bucket = new Bucket(temporaryFolder(), { codec: 'json' });
    const now = bucket.wrap(function dates() {
      return new Date(5);
    });
    expect(now()).to.deep.equal(new Date(5));
    expect(now()).to.deep.equal(new Date(5));
    expect(uncacheable.length).to.equal(2);
    expect(bucket.size).to.equal(0);
  });

  const wrong: [string, (bucket: Bucket) => unknown][] = [
    ['no function', (bucket) => bucket.wrap(5 as never)],
    [
      'an unknown option',
      (bucket) =>
        bucket.wrap(
          function f() {
            return 1;
          },
          { nonsense: 4 } as never,
        ),
    ],
    [
      'a parameter that is not there',
      (bucket) =>
        bucket.wrap(
          function f(_a: number) {
            return 1;
          },
          { refresh: 'skipCache' },
        ),
    ],
    [
      'an ignored one that is not there',
      (bucket) =>
        bucket.wrap(
          function f(_a: number) {
            return 1;
          },
          { ignore: ['c'] },
        ),
    ],
    [
      'a function with neither name nor code',
      (bucket) =>
        bucket.wrap(
          (
            () => () =>
              1
          )(),
          { onCodeChange: 'ignore' },
        ),
    ],
  ];
  for (const [what, act] of wrong) {
    it(`says at once what is wrong with ${what}`, () => {
      expect(codeThrownBy(() => act(new Bucket('nowhere')))).to.equal('STOWAGE_INVALID_OPTION');
    });
  }
});
