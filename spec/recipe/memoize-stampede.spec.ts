import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { memoizeStampede, type MemoizeStampedeOptions } from 'stowage/recipe';
import { rejection } from '../support/values/rejection.js';
import { requireDiskcache, runPython } from '../support/peers/numpy.js';
import { recordedEvents } from '../support/output/recorded-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Computes early at each call that finds a result, and never. */
const ALWAYS: MemoizeStampedeOptions = { name: 'square', beta: 1e12 };
const NEVER: MemoizeStampedeOptions = { name: 'square', beta: 0 };

const IN_PYTHON = `
import json, sys
from diskcache import Cache, memoize_stampede
cache = Cache(json.load(sys.stdin))
calls = []
@memoize_stampede(cache, 60, name='square', beta=0)
def square(number):
    calls.append(number)
    return number * number
json.dump([square(3), square(4), calls], sys.stdout)
`;

describe('memoizeStampede', () => {
  let cache: Cache;
  let computed: number[];
  const seen = recordedEvents('fault', 'uncacheable');

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    computed = [];
  });
  afterEach(() => {
    cache.close();
  });

  function square(number: number): number {
    computed.push(number);
    return number * number;
  }

  it('keeps a result for each instance, and refuses functions that it cannot tell apart', async () => {
    class Scale {
      constructor(readonly by: number) {}
    }
    const times = memoizeStampede(
      cache,
      60,
    )(async function times(this: Scale, x: number) {
      await turn();
      return x * this.by;
    });
    expect(await times.call(new Scale(2), 1)).to.equal(2);
    expect(await times.call(new Scale(3), 1)).to.equal(3);
    expect(await times.call(new Scale(2), 1)).to.equal(2);
    expect(cache.size).to.equal(2);
    expect(cache.delete(times.cacheKey.call(new Scale(2), 1))).to.equal(true);
    const scaled = (by: number) =>
      function scale(x: number) {
        return x * by;
      };
    expect(memoizeStampede(cache, 60)(scaled(2))(1)).to.equal(2);
    expect(() => memoizeStampede(cache, 60)(scaled(3))).to.throw(InvalidOptionError, /two functions scale/);
    expect(() => memoizeStampede(cache, 60)(scaled(3).bind(null))).to.throw(InvalidOptionError, /bound/);
  });

  async function squareLater(number: number): Promise<number> {
    computed.push(number);
    await turn();
    return number * number;
  }

  /** Lets the background have its turn. */
  async function background(): Promise<void> {
    for (let turns = 0; turns < 5; turns++) await turn();
  }

  it('computes once what does not expire soon', () => {
    const remembered = memoizeStampede(cache, 3600)(square);
    expect(remembered(3)).to.equal(9);
    expect(remembered(3)).to.equal(9);
    expect(remembered(4)).to.equal(16);
    expect(remembered(3)).to.equal(9);
    expect(computed).to.deep.equal([3, 4]);
  });

  it('computes again what has expired', () => {
    const remembered = memoizeStampede(cache, 3600, NEVER)(square);
    remembered(3);
    cache.touch(remembered.cacheKey(3), { expire: 0 });
    remembered(3);
    expect(computed).to.deep.equal([3, 3]);
  });

  it('computes early in the background, and returns what is stored', async () => {
    const remembered = memoizeStampede(cache, 3600, ALWAYS)(square);
    remembered(3);
    expect(remembered(3)).to.equal(9);
    expect(computed).to.deep.equal([3]);
    await background();
    expect(computed).to.deep.equal([3, 3]);
  });

  it('computes early what takes long, and not what does not, the sooner the nearer the end', async () => {
    const remembered = memoizeStampede(cache, 3600, { name: 'square' })(square);
    const key = remembered.cacheKey(3);
    const store = (seconds: number, expire: number): void => void cache.set(key, [9, seconds], { expire });
    // The chance of ever computing it early is e ** (-expire / seconds).
    for (const [seconds, expire, early] of [
      [1e-6, 100, 0],
      [1, 1000, 0],
      [1e9, 100, 1],
    ] as const) {
      store(seconds, expire);
      computed = [];
      expect(remembered(3)).to.equal(9);
      await background();
      expect(computed, `${seconds} s, ${expire} s to go`).to.have.length(early);
    }
  });

  it('computes an async function early in the background, and others need not wait for it', async () => {
    let finish = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const remembered = memoizeStampede(
      cache,
      3600,
      ALWAYS,
    )(async (number: number) => {
      computed.push(number);
      if (computed.length > 1) await gate;
      return number * computed.length;
    });
    expect(await remembered(3)).to.equal(3);
    cache.set(remembered.cacheKey(3), [3, 10], { expire: 3600 });
    expect(await remembered(3)).to.equal(3);
    await background();
    expect(computed).to.deep.equal([3, 3]);
    expect(await remembered(3)).to.equal(3);
    finish();
    await background();
    expect(await remembered(3)).to.equal(6);
  });

  it('computes early once, however many calls find that it is time', async () => {
    const remembered = memoizeStampede(cache, 3600, ALWAYS)(squareLater);
    cache.set(remembered.cacheKey(3), [9, 100], { expire: 3600 });
    const results = await Promise.all(Array.from({ length: 50 }, async () => remembered(3)));
    await background();
    expect(new Set(results)).to.deep.equal(new Set([9]));
    expect(computed).to.deep.equal([3]);
  });

  it('computes early once also where the claim is gone before the background has its turn', async () => {
    const remembered = memoizeStampede(cache, 3600, ALWAYS)(square);
    cache.set(remembered.cacheKey(3), [9, 1e-9], { expire: 3600 });
    const eager = memoizeStampede(cache, 3600, { name: 'square', beta: 1e300 })(square);
    for (let calls = 0; calls < 20; calls++) expect(eager(3)).to.equal(9);
    await background();
    expect(computed).to.deep.equal([3]);
  });

  it('computes once what many calls of an async function need at the same time', async () => {
    const remembered = memoizeStampede(cache, 3600, NEVER)(squareLater);
    const results = await Promise.all(Array.from({ length: 50 }, async (_, call) => remembered(call % 2)));
    expect(results).to.deep.equal(Array.from({ length: 50 }, (_, call) => call % 2));
    expect(computed).to.deep.equal([0, 1]);
  });

  it('keeps nothing of a call that fails', async () => {
    const remembered = memoizeStampede(
      cache,
      3600,
      NEVER,
    )(async (number: number) => {
      computed.push(number);
      await turn();
      if (computed.length < 2) throw new Error('inside');
      return number;
    });
    expect((await rejection(remembered(3))).message).to.equal('inside');
    expect(await remembered(3)).to.equal(3);
    const thrower = memoizeStampede(cache, 3600, { name: 'thrower' })((): never => {
      throw new Error('inside');
    });
    expect(thrower).to.throw('inside');
    expect(seen).to.deep.equal([]);
  });

  for (const [kind, failing] of [
    [
      'a function',
      (): never => {
        throw new Error('inside');
      },
    ],
    [
      'an async function',
      async (): Promise<never> => {
        await turn();
        throw new Error('inside');
      },
    ],
  ] as const) {
    it(`computes early what fails in the background, as ${kind}: an event, and what is stored stays`, async () => {
      const remembered = memoizeStampede(cache, 3600, { name: 'failing', beta: 1e12 })(failing as () => unknown);
      const key = remembered.cacheKey();
      cache.set(key, ['stored', 5], { expire: 3600 });
      expect(await remembered()).to.equal('stored');
      await background();
      expect(seen.map(({ type, method, reason }) => [type, method, reason])).to.deep.equal([
        ['fault', 'failing', 'STOWAGE_EARLY_COMPUTATION'],
      ]);
      expect(seen[0]?.error?.cause).to.have.property('message', 'inside');
      expect(cache.get(key)).to.deep.equal(['stored', 5]);
    });
  }

  it('does not block the end of a process', () => {
    const script = fileURLToPath(new URL('../support/children/stampede-child.js', import.meta.url));
    const run = (...args: string[]): string => execFileSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    expect(run(temporaryFolder(), 'later')).to.equal('computes 1\nreturned\ncomputes 2\nends\n');
    expect(run(temporaryFolder())).to.match(/^computes 1\nreturned\n(computes 2\n)?$/);
  });

  it('returns what it computes though it cannot be stored, or the cache fails', () => {
    const source = (): (() => string) => () => 'a function';
    const remembered = memoizeStampede(cache, 3600)(source);
    expect(remembered()()).to.equal('a function');
    expect(seen.map(({ type, method }) => [type, method])).to.deep.equal([['uncacheable', 'source']]);
    const broken = new Proxy(cache, {
      get: (...[target, name]) =>
        name === 'directory'
          ? target.directory
          : () => {
              throw new Error('no disk');
            },
    });
    expect(memoizeStampede(broken, 3600)(square)(3)).to.equal(9);
    expect(seen.map(({ type }) => type)).to.deep.equal(['uncacheable', 'fault', 'fault']);
  });

  it('computes anew where something else stands under its key', () => {
    const remembered = memoizeStampede(cache, 3600, NEVER)(square);
    cache.set(remembered.cacheKey(3), 9);
    expect(remembered(3)).to.equal(9);
    expect(computed).to.deep.equal([3]);
    expect(remembered(3)).to.equal(9);
    expect(computed).to.deep.equal([3]);
  });

  it('shares results with Python', function () {
    const python = requireDiskcache(this, 'results shared with Python');
    const remembered = memoizeStampede(cache, 60, NEVER)(square);
    remembered(3);
    expect(runPython(python, IN_PYTHON, cache.directory)).to.deep.equal([9, 16, [4]]);
    expect(remembered(4)).to.equal(16);
    expect(computed).to.deep.equal([3]);
  });

  it('hands on this, and has the tag, the name and the function', () => {
    const scale = {
      by: 3,
      times: memoizeStampede(
        cache,
        { minutes: 1 },
        { tag: 'results' },
      )(function times(this: { by: number }, number: number) {
        return this.by * number;
      }),
    };
    expect(scale.times(4)).to.equal(12);
    expect(cache.evict('results')).to.equal(1);
    expect(scale.times.name).to.equal('times');
    expect(scale.times.length).to.equal(1);
    expect(scale.times.wrapped.call({ by: 2 }, 4)).to.equal(8);
  });

  it('refuses at once what it cannot work with', () => {
    for (const expire of [0, -1, NaN])
      expect(() => memoizeStampede(cache, expire), String(expire)).to.throw(InvalidOptionError, 'expire');
    for (const beta of [-1, NaN, '1' as unknown as number])
      expect(() => memoizeStampede(cache, 1, { beta }), String(beta)).to.throw(InvalidOptionError, 'beta');
    expect(() => memoizeStampede(cache, 1)(() => undefined)).to.throw(InvalidOptionError, 'name');
  });
});
