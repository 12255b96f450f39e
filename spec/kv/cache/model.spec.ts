/** A cache against a Map: any sequence of operations gives the same answers, and leaves the same items in the same order. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Cache } from 'stowage/kv';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Model = Map<unknown, unknown>;
type Command = fc.Command<Model, Cache>;

const SETTINGS = { cullLimit: 0, diskMinFileSize: 64 };

/** An operation that gives the same on both sides. */
function command(name: string, onModel: (model: Model) => unknown, onCache: (cache: Cache) => unknown): Command {
  return {
    check: () => true,
    run(model, cache) {
      expectSame(onCache(cache), onModel(model));
    },
    toString: () => name,
  };
}

const key = fc.constantFrom<unknown>('a', 'b', 1, 2.5, null, 'nul\0');
const value = fc.oneof(
  fc.integer(),
  fc.constantFrom<unknown>(undefined, null, NaN, -0, 2n ** 70n, Buffer.alloc(100, 1), 'x'.repeat(100)),
  fc.array(fc.string(), { maxLength: 30 }),
);

function setDefault(model: Model, at: unknown, item: unknown): boolean {
  if (model.has(at)) return false;
  model.set(at, item);
  return true;
}

function take(model: Model, at: unknown): unknown {
  const item = model.get(at);
  model.delete(at);
  return item;
}

const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(key, value).map(([k, v]) =>
    command(
      `set ${String(k)}`,
      (model) => Boolean(model.set(k, v)),
      (cache) => cache.set(k, v),
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      `add ${String(k)}`,
      (model) => setDefault(model, k, v),
      (cache) => cache.add(k, v),
    ),
  ),
  key.map((k) =>
    command(
      `get ${String(k)}`,
      (model) => model.get(k),
      (cache) => cache.get(k),
    ),
  ),
  key.map((k) =>
    command(
      `has ${String(k)}`,
      (model) => model.has(k),
      (cache) => cache.has(k),
    ),
  ),
  key.map((k) =>
    command(
      `delete ${String(k)}`,
      (model) => model.delete(k),
      (cache) => cache.delete(k),
    ),
  ),
  key.map((k) =>
    command(
      `pop ${String(k)}`,
      (model) => take(model, k),
      (cache) => cache.pop(k),
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      `expired ${String(k)}`,
      (model) => model.delete(k),
      (cache) => {
        const had = cache.has(k);
        cache.set(k, v, { expire: 0 });
        cache.expire();
        return had;
      },
    ),
  ),
  fc.tuple(key, value).map(([k, v]) =>
    command(
      `take back ${String(k)}`,
      (model) => model.size,
      (cache) => {
        expect(() =>
          cache.transact(() => {
            cache.clear();
            cache.set(k, v);
            throw new Error('take it back');
          }),
        ).to.throw('take it back');
        return cache.size;
      },
    ),
  ),
  fc.constant(
    command(
      'last',
      (model) => [...model].at(-1),
      (cache) => {
        const item = cache.peekItem();
        return item === undefined ? undefined : [item.key, item.value];
      },
    ),
  ),
  fc.constant(
    command(
      'entries',
      (model) => [...model],
      (cache) => [...cache],
    ),
  ),
  fc.constant(
    command(
      'reversed',
      (model) => [...model.keys()].reverse(),
      (cache) => [...cache.keys({ reverse: true })],
    ),
  ),
  fc.constant(
    command(
      'clear',
      (model) => {
        const { size } = model;
        model.clear();
        return size;
      },
      (cache) => cache.clear(),
    ),
  ),
  fc.constant(
    command(
      'close',
      (model) => model.size,
      (cache) => {
        cache.close();
        return cache.size;
      },
    ),
  ),
];

describe('Cache and Map', () => {
  it('give the same answers to the same questions', function () {
    this.timeout(60_000);
    using cache = new Cache(temporaryFolder(), SETTINGS);
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 60 }), (sequence) => {
        cache.clear();
        const model: Model = new Map();
        fc.modelRun(() => ({ model, real: cache }), sequence);
        expectSame([...cache], [...model]);
        expect(cache.size).to.equal(model.size);
        expect(cache.check()).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });
});
