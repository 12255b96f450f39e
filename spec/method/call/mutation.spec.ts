import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type * as Arrow from 'apache-arrow';
import { expect } from 'chai';
import ndarray, { type NdArray } from 'ndarray';
import { cacheOnDisk, setMemoryBudget, setTag, setTmpdir } from 'stowage';
import { defaultBudget } from '#lib/store/entry/memory.js';
import { recordedEvents } from '../../support/output/recorded-events.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const arrow = createRequire(import.meta.url)('apache-arrow') as typeof Arrow;

/** A hook that a test fills. */
interface Box {
  act?: () => void;
}

class Upstream {
  readonly ran: string[] = [];
  readonly box: Box = {};
  readonly scratch = new Float64Array(3);
  readonly pooled = Buffer.allocUnsafe(8);

  @cacheOnDisk
  array(): Float64Array {
    this.ran.push('array');
    return Float64Array.of(1, 2, 3);
  }

  @cacheOnDisk
  nested(): { data: Map<string, number[]> } {
    this.ran.push('nested');
    return { data: new Map([['a', [1, 2]]]) };
  }

  @cacheOnDisk
  sumOfDoubled(): number {
    this.ran.push('sumOfDoubled');
    const array = this.array();
    for (const [i, x] of array.entries()) array[i] = 2 * x;
    return array.reduce((a, b) => a + b);
  }

  @cacheOnDisk
  putsFunction(): number {
    const nested = this.nested() as Record<string, unknown>;
    nested.callback = () => 1;
    return 7;
  }

  @cacheOnDisk
  innocent(): number {
    this.ran.push('innocent');
    return this.array().reduce((a, b) => a + b);
  }

  @cacheOnDisk
  outer(): number {
    return this.sumOfDoubled() + 1;
  }

  /** Fills one array again and again. */
  @cacheOnDisk
  refilled(n: number): Float64Array {
    this.ran.push(`refilled ${n}`);
    return this.scratch.fill(n);
  }

  @cacheOnDisk
  refilledInside(n: number): { data: NdArray<Float64Array> } {
    return { data: ndarray(this.scratch.fill(n), [3]) };
  }

  /** Two different results of {@link refilled}, or what looks like it. */
  @cacheOnDisk
  combined(): number {
    this.ran.push('combined');
    const [one, two] = [this.refilled(1), this.refilled(2)];
    return (one[0] ?? 0) * 10 + (two[0] ?? 0);
  }

  @cacheOnDisk
  combinedLater(): number {
    const [, two, three] = [this.refilled(1), this.refilled(2), this.refilled(3)];
    return (two[0] ?? 0) * 10 + (three[0] ?? 0);
  }

  @cacheOnDisk
  small(n: number): Buffer {
    return Buffer.from([n]);
  }

  @cacheOnDisk
  async written(): Promise<Float64Array> {
    await setImmediate();
    const result = Float64Array.of(1, 2, 3);
    // After the method returned, while its result is on the way to disk.
    if (this.box.act !== undefined) setTimeout(() => result.fill(9), 0);
    return result;
  }

  @cacheOnDisk
  large(): Set<number> {
    return new Set(Array(200_000).keys());
  }
}

describe('mutation', () => {
  const seen = recordedEvents('mutated', 'store', 'fault', 'uncacheable');
  let folder: string;
  let analyzer: Upstream;
  const day = <T extends object>(Class: new () => T): T => {
    const made = new Class();
    setTmpdir(made, folder);
    setTag(made, 't');
    return made;
  };
  const told = (): string[] =>
    seen.filter(({ type }) => type !== 'store').map(({ type, method }) => `${type} ${method}`);
  const stored = (): string[] =>
    seen.filter(({ type }) => type === 'store').map(({ method }) => method.replace('Upstream.', ''));

  beforeEach(() => {
    folder = temporaryFolder();
    analyzer = day(Upstream);
  });

  describe('of a cached value that a method used', () => {
    it('leaves its result unstored, and the value is loaded again, right', () => {
      expect(analyzer.sumOfDoubled()).to.equal(12);
      expect(stored()).to.deep.equal(['array']);
      expect(told()).to.deep.equal(['mutated Upstream.sumOfDoubled']);
      expect([...analyzer.array()]).to.deep.equal([1, 2, 3]);
      expect(analyzer.ran).to.deep.equal(['sumOfDoubled', 'array']);
      expect(analyzer.sumOfDoubled(), 'computed again, from the right value').to.equal(12);
      expect(day(Upstream).innocent()).to.equal(6);
    });

    it('by somebody before it is noticed as well', () => {
      analyzer.array().fill(0);
      expect(analyzer.innocent()).to.equal(0);
      expect(stored()).to.deep.equal(['array']);
      expect(analyzer.innocent()).to.equal(6);
      expect(stored()).to.deep.equal(['array', 'innocent']);
    });

    it('reaches no caller further up either', () => {
      expect(analyzer.outer()).to.equal(13);
      expect(stored()).to.deep.equal(['array']);
    });

    it('into something that cannot be stored at all neither throws nor is stored', () => {
      expect(analyzer.putsFunction()).to.equal(7);
      expect(stored()).to.deep.equal(['nested']);
      expect(Object.keys(analyzer.nested())).to.deep.equal(['data']);
    });
  });

  it('of a result while it is written leaves it unstored and out of memory', async () => {
    analyzer.box.act = () => undefined;
    const value = await analyzer.written();
    if (stored().includes('written')) {
      // The disk was quicker; then what was stored is what was returned.
      expect([...(await day(Upstream).written())]).to.deep.equal([1, 2, 3]);
      return;
    }
    expect([...value]).to.deep.equal([9, 9, 9]);
    expect(told()).to.deep.equal(['mutated Upstream.written']);
    delete analyzer.box.act;
    expect([...(await analyzer.written())]).to.deep.equal([1, 2, 3]);
  });

  describe('of one array that a method fills for every result', () => {
    const check = (): void => {
      for (const n of [1, 2, 1, 2, 3, 1]) expect([...analyzer.refilled(n)], `refilled(${n})`).to.deep.equal([n, n, n]);
    };

    it('gives each call its own values', () => {
      check();
      expect(analyzer.ran).to.deep.equal(['refilled 1', 'refilled 2', 'refilled 3']);
    });

    it('gives each call its own values under a budget that keeps nothing, and one that evicts', () => {
      for (const budget of [0, 160]) {
        setMemoryBudget(budget);
        try {
          analyzer = day(Upstream);
          check();
        } finally {
          setMemoryBudget(defaultBudget());
        }
      }
    });

    it('gives each call its own values inside objects', () => {
      for (const n of [1, 2, 1, 2]) expect(analyzer.refilledInside(n).data.get(0)).to.equal(n);
    });

    for (const [method, right] of [
      ['combined', 12],
      ['combinedLater', 23],
    ] as const) {
      it(`lets no result be stored that ${method}() made of two of them`, () => {
        expect(analyzer[method]() % 11, 'both were one array').to.equal(0);
        expect(stored()).not.to.include(method);
        expect(day(Upstream)[method]()).to.equal(right);
        expect(stored()).to.include(method);
      });
    }
  });

  it("does not take small Buffers of Node's pool for one another", () => {
    const buffers = Array.from({ length: 12 }, (_, i) => analyzer.small(i + 1));
    expect(new Set(buffers.map(({ buffer }) => buffer)).size, 'some share the pool').to.be.lessThan(12);
    for (const [i, buffer] of buffers.entries()) expect(analyzer.small(i + 1)).to.equal(buffer);
    expect(told()).to.deep.equal([]);
  });

  it('takes values of very many parts', () => {
    const set = analyzer.large();
    expect(analyzer.large()).to.equal(set);
  });

  class Modes {
    @cacheOnDisk({ mutation: 'share' })
    share(): Float64Array {
      return Float64Array.of(1);
    }
    @cacheOnDisk({ mutation: 'copy' })
    copy(): Float64Array {
      return Float64Array.of(1);
    }
    @cacheOnDisk({ mutation: 'check' })
    check(): Float64Array {
      return Float64Array.of(1);
    }
    @cacheOnDisk({ mutation: 'copy' })
    nestedCopy(): { list: Map<string, Float64Array> } {
      return { list: new Map([['a', Float64Array.of(1)]]) };
    }
    @cacheOnDisk({ mutation: 'check' })
    nestedCheck(): { list: Map<string, Float64Array> } {
      return { list: new Map([['a', Float64Array.of(1)]]) };
    }
    @cacheOnDisk({ mutation: 'copy' })
    matrixCopy(): NdArray<Float64Array> {
      return ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]);
    }
    @cacheOnDisk({ mutation: 'check' })
    matrixCheck(): NdArray<Float64Array> {
      return ndarray(Float64Array.of(1, 2, 3, 4), [2, 2]);
    }
    @cacheOnDisk({ mutation: 'copy' })
    tableCopy(): Arrow.Table {
      return arrow.tableFromArrays({ x: Float64Array.of(1, 2) });
    }
    @cacheOnDisk({ mutation: 'check' })
    tableCheck(): Arrow.Table {
      return arrow.tableFromArrays({ x: Float64Array.of(1, 2) });
    }
    @cacheOnDisk({ mutation: 'check' })
    checkAgainstFunctions(): { x: number } {
      return { x: 1 };
    }
    @cacheOnDisk({ mutation: 'copy' })
    async laterCopy(): Promise<Float64Array> {
      await setImmediate();
      return Float64Array.of(1);
    }
  }

  /** The one number of a value that the tests change, as a place. */
  const places: Record<string, (modes: Modes) => Float64Array> = {
    copy: (modes) => modes.copy(),
    nestedCopy: (modes) => modes.nestedCopy().list.get('a') ?? new Float64Array(0),
    matrixCopy: (modes) => modes.matrixCopy().data,
    tableCopy: (modes) => modes.tableCopy().batches[0]?.data.children[0]?.values as Float64Array,
    check: (modes) => modes.check(),
    nestedCheck: (modes) => modes.nestedCheck().list.get('a') ?? new Float64Array(0),
    matrixCheck: (modes) => modes.matrixCheck().data,
    tableCheck: (modes) => modes.tableCheck().batches[0]?.data.children[0]?.values as Float64Array,
  };

  for (const [name, place] of Object.entries(places)) {
    for (const when of ['computed', 'loaded from disk']) {
      it(`of what ${name}() returned never reaches the next hit, where it was ${when}`, () => {
        let modes = day(Modes);
        if (when !== 'computed') {
          place(modes);
          modes = day(Modes);
        }
        for (let hit = 0; hit < 4; hit++) {
          const array = place(modes);
          expect(array[0], `hit ${hit}`).to.equal(1);
          array[0] = 99;
        }
        const mutated = seen.filter(({ type }) => type === 'mutated');
        expect(mutated).to.have.lengthOf(name.endsWith('heck') ? 3 : 0);
      });
    }
  }

  it('is shared in the mode share, as with any object that two hold', () => {
    for (const modes of [day(Modes), day(Modes)]) {
      const value = modes.share();
      value[0] = 99;
      expect(modes.share()).to.equal(value);
      expect([...modes.share()]).to.deep.equal([99]);
    }
    expect([...day(Modes).share()]).to.deep.equal([1]);
  });

  it('that did not happen leaves the mode check with the same object', () => {
    const modes = day(Modes);
    expect(modes.check()).to.equal(modes.check());
  });

  it('with what cannot be digested is found by the mode check too', () => {
    const modes = day(Modes);
    (modes.checkAgainstFunctions() as Record<string, unknown>).f = () => 1;
    expect(modes.checkAgainstFunctions()).to.deep.equal({ x: 1 });
    expect(told()).to.deep.equal(['mutated Modes.checkAgainstFunctions']);
  });

  it('of a copy of an asynchronous result reaches nobody', async () => {
    const modes = day(Modes);
    for (let hit = 0; hit < 3; hit++) {
      const value = await modes.laterCopy();
      expect([...value]).to.deep.equal([1]);
      value[0] = 99;
    }
  });

  it('of a copy of an asynchronous result does not reach those who joined its computation', async () => {
    const modes = day(Modes);
    const [one, ...others] = await Promise.all([modes.laterCopy(), modes.laterCopy(), modes.laterCopy()]);
    one[0] = 99;
    expect(others.map((other) => [...other])).to.deep.equal([[1], [1]]);
    expect(others[0]).not.to.equal(others[1]);
  });
});
