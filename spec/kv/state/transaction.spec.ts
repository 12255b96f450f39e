import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { sqlite } from '#lib/kv/database/sqlite.js';
import { InvalidOptionError } from 'stowage';
import { Cache, Deque, Disk, FanoutCache, Index, TimeoutError } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

const LARGE = Buffer.alloc(40_000, 7);

describe('transactions', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(folder, { timeout: 0.01 });
    cache.set('a', 1);
  });
  afterEach(() => {
    cache.close();
  });

  it('do all or nothing, and give what the function gives', () => {
    expect(
      cache.transact(() => {
        cache.incr('a');
        return cache.incr('b');
      }),
    ).to.equal(1);
    expect(() =>
      cache.transact(() => {
        cache.set('a', 'lost');
        cache.delete('b');
        throw new Error('no');
      }),
    ).to.throw('no');
    expect([...cache]).to.deep.equal([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('take back files that were made, and keep those that were to go', () => {
    cache.set('file', LARGE);
    expect(() =>
      cache.transact(() => {
        cache.set('file', 'x'.repeat(50_000));
        cache.set('other', LARGE);
        cache.push(LARGE);
        expect(cache.pop('file')).to.equal('x'.repeat(50_000));
        throw new Error('no');
      }),
    ).to.throw('no');
    expect(cache.get('file')).to.deep.equal(LARGE);
    expect(valueFiles(folder)).to.have.lengthOf(1);
    expect(cache.check()).to.deep.equal([]);
  });

  it('keep files until the outermost is committed', () => {
    cache.set('file', LARGE);
    cache.transact(() => {
      cache.transact(() => {
        cache.delete('file');
      });
      expect(valueFiles(folder)).to.have.lengthOf(1);
    });
    expect(valueFiles(folder)).to.deep.equal([]);
  });

  it('nest: an inner one that fails takes back its own part', () => {
    cache.transact(() => {
      cache.set('outer', 1);
      expect(() =>
        cache.transact(() => {
          cache.set('inner', LARGE);
          throw new Error('no');
        }),
      ).to.throw('no');
      expect(cache.has('inner')).to.equal(false);
      cache.transact(() => {
        cache.set('second', 2);
      });
    });
    expect([...cache.keys()]).to.deep.equal(['a', 'outer', 'second']);
    expect(valueFiles(folder)).to.deep.equal([]);
  });

  it('are shared by the caches of one folder', () => {
    using other = new Cache(folder);
    expect(() =>
      cache.transact(() => {
        other.set('b', 1);
        throw new Error('no');
      }),
    ).to.throw('no');
    expect(other.has('b')).to.equal(false);
  });

  it('refuse what would go on afterwards, before anything is done', () => {
    using sharded = new FanoutCache(temporaryFolder(), { shards: 2 });
    let begun = 0;
    const set = function* (): Generator<undefined> {
      begun++;
      cache.set('a', 2);
      yield;
    };
    const later = [
      set,
      async () => {
        begun++;
        await turn(0);
      },
      async function* () {
        begun++;
        yield await turn(0);
      },
      undefined,
      { call: set },
    ];
    for (const store of [cache, sharded, new Index(cache), new Deque([], { directory: temporaryFolder() })]) {
      for (const fn of later)
        expect(() => store.transact<unknown>(fn as () => unknown)).to.throw(
          InvalidOptionError,
          /transact was given .*function/,
        );
    }
    expect(begun).to.equal(0);
    expect(cache.get('a')).to.equal(1);
  });

  it('refuse a function that returns a promise, and take it back', async () => {
    const promised: Promise<void>[] = [];
    expect(() =>
      cache.transact(() => {
        const promise = (async () => {
          cache.set('a', 'half');
          await turn();
          throw new Error('nobody hears this');
        })();
        promised.push(promise);
        return promise;
      }),
    ).to.throw(/promise/);
    expect(cache.get('a')).to.equal(1);
    await Promise.allSettled(promised);
  });

  it('do not let the database be closed under them', () => {
    expect(() => {
      cache.transact(() => {
        cache.close();
      });
    }).to.throw(/transaction/);
    expect(cache.get('a')).to.equal(1);
  });

  describe('while another holds the database', () => {
    /** Runs with a second connection in the way, as another process has one. */
    function whileHeld(act: () => void): void {
      const other = sqlite().open(`${folder}/cache.db`);
      other.exec('BEGIN IMMEDIATE');
      try {
        act();
      } finally {
        other.exec('ROLLBACK');
        other.close();
      }
    }

    it('time out, and leave no file', () => {
      whileHeld(() => {
        for (const write of [
          () => cache.set('b', LARGE),
          () => cache.add('b', LARGE),
          () => cache.push(LARGE),
          () => cache.incr('a'),
          () => cache.delete('a'),
          () => cache.pop('a'),
          () => cache.touch('a'),
          () => cache.pull(),
          () => cache.transact(() => 1),
          () => cache.clear(),
          () => cache.check(),
        ]) {
          expect(write).to.throw(TimeoutError).with.property('code', 'STOWAGE_KV_TIMEOUT');
        }
        expect(valueFiles(folder)).to.deep.equal([]);
      });
      expect([...cache]).to.deep.equal([['a', 1]]);
    });

    it('time out by the time of the call, where that is given', () => {
      // Were its own time to hold, the spec would never end.
      using patient = new Cache(folder, { timeout: 3600 });
      whileHeld(() => {
        expect(() => patient.set('b', 1, { timeout: { milliseconds: 5 } })).to.throw(TimeoutError);
        expect(() => patient.transact(() => 1, { timeout: 0 })).to.throw(TimeoutError);
      });
      expect(patient.set('b', 1, { timeout: 0 })).to.equal(true);
    });

    it('still let read', () => {
      whileHeld(() => {
        expect(cache.get('a')).to.equal(1);
        expect(cache.has('a')).to.equal(true);
        expect(cache.size).to.equal(1);
        expect([...cache]).to.deep.equal([['a', 1]]);
      });
    });

    it('say how many items were removed before', () => {
      for (let i = 0; i < 150; i++) cache.set(i, LARGE);
      // The other gets in between two batches: while the first removes its files.
      let act: (() => void) | undefined;
      class Slow extends Disk {
        override remove(name: string): void {
          super.remove(name);
          act?.();
        }
      }
      using slow = new Cache(folder, { disk: Slow, timeout: 0.01 });
      const other = sqlite().open(`${folder}/cache.db`);
      act = () => {
        other.exec('BEGIN IMMEDIATE');
        act = undefined;
      };
      expect(() => slow.clear())
        .to.throw(TimeoutError)
        .with.property('count', 100);
      other.exec('ROLLBACK');
      other.close();
      expect(slow.clear()).to.equal(51);
    });

    it('go on trying with retry', () => {
      const other = sqlite().open(`${folder}/cache.db`);
      let tries = 0;
      class Counting extends Disk {
        override store(value: unknown, key?: unknown): ReturnType<Disk['store']> {
          const stored = super.store(value, key);
          other.exec('BEGIN IMMEDIATE');
          return stored;
        }
      }
      using counting = new Cache(folder, { disk: Counting, timeout: 0 });
      // Between two tries the thread pauses: there the other lets go.
      const { wait } = Atomics;
      Atomics.wait = ((...args: Parameters<typeof wait>) => {
        if (++tries === 3) other.exec('COMMIT');
        return wait(...args);
      }) as typeof wait;
      try {
        expect(counting.set('b', 2, { retry: true })).to.equal(true);
      } finally {
        Atomics.wait = wait;
        other.close();
      }
      expect(tries).to.equal(3);
      expect(cache.get('b')).to.equal(2);
    });
  });
});
