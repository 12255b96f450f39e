import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cacheOnDisk,
  clearCache,
  configure,
  forget,
  getDiskCacher,
  InvalidOptionError,
  setPrefix,
  setTag,
  setTmpdir,
} from 'stowage';
import { codeThrownBy, collected, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Lamp {
  constructor(readonly parts: Lamp[] = []) {}

  @cacheOnDisk
  on(_level?: number): number {
    return computations++;
  }

  @cacheOnDisk
  spectrum(): Float64Array {
    return new Float64Array([computations++]);
  }
}

class Bench {
  lamp = new Lamp([new Lamp()]);
  lamps = [new Lamp(), new Lamp()];
  byName = new Map([['tip', new Lamp()]]);
  lampshade = new Lamp();
  optional?: Lamp;

  @cacheOnDisk
  align(): number {
    return computations++;
  }

  /** Every result that there is, by its path. */
  all(): Map<string, number> {
    const { lamp, lamps, byName, lampshade } = this;
    const nested = lamp.parts;
    const on = [lamp, ...nested, ...lamps, ...byName.values(), lampshade].flatMap((each) => [each.on(), each.on(1)]);
    const names = ['lamp', 'lamp.parts[0]', 'lamps[0]', 'lamps[1]', 'byName', 'lampshade'];
    return new Map([
      ['root', this.align()],
      ...names.flatMap((name, i): [string, number][] => [
        [name, on[2 * i] ?? NaN],
        [`${name} 1`, on[2 * i + 1] ?? NaN],
      ]),
    ]);
  }
}

describe('clearing', () => {
  let dir: string;
  let bench: Bench;
  beforeEach(() => {
    dir = temporaryFolder();
    bench = tagIn(dir, new Bench());
  });
  afterEach(() => {
    configure({ readonly: false });
  });

  /** Names of the results that are computed anew after a clearing, here and in a session of its own. */
  function gone(clear: () => void): string[] {
    const before = bench.all();
    clear();
    const files = filesIn(dir).length;
    const after = bench.all();
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(files).to.equal(before.size - changed.length);
    expect([...tagIn(dir, new Bench()).all()]).to.eql([...after]);
    return changed;
  }

  it('a root clears everything, with the folder', () => {
    expect(
      gone(() => {
        clearCache(bench);
        expect(existsSync(join(dir, 'cachenight'))).to.equal(false);
      }),
    ).to.have.length(13);
  });

  it('a member clears itself and what is below it, not one whose name begins like its own', () => {
    expect(
      gone(() => {
        clearCache(bench.lamp);
      }),
    ).to.eql(['lamp', 'lamp 1', 'lamp.parts[0]', 'lamp.parts[0] 1']);
  });

  it('an array, a Map or a plain object clears the analyzers that it holds', () => {
    expect(
      gone(() => {
        clearCache(bench.lamps);
        clearCache(bench.byName);
        clearCache({ in: [bench.lampshade] });
      }),
    ).to.eql(['lamps[0]', 'lamps[0] 1', 'lamps[1]', 'lamps[1] 1', 'byName', 'byName 1', 'lampshade', 'lampshade 1']);
  });

  it('removes what was stored by analyzers that are not attached in this run', () => {
    const before = tagIn(dir, new Bench());
    before.optional = new Lamp([new Lamp()]);
    before.optional.parts[0]?.spectrum();
    expect(filesIn(dir)).to.have.length(2);
    clearCache(bench);
    expect(filesIn(dir)).to.eql([]);
    before.optional.parts[0]?.spectrum();
    bench.optional = new Lamp();
    clearCache(bench.optional);
    expect(filesIn(dir)).to.eql([]);
  });

  it('removes results in every format, with their data', () => {
    bench.lamp.spectrum();
    bench.lamp.on(2);
    expect(filesIn(dir)).to.have.length(3);
    clearCache(bench.lamp);
    expect(filesIn(dir)).to.eql([]);
  });

  it('leaves other prefixes, tags and roots, and files that it does not know', () => {
    class OtherBench extends Bench {}
    const others = [tagIn(dir, new OtherBench()), tagIn(dir, new Bench(), 'day'), tagIn(dir, new Bench(), 'ight')];
    setPrefix(others[2] as Bench, 'cachen');
    bench.align();
    const values = others.map((other) => other.lamp.on());
    const foreign = ['notes.txt', 'root.Bench.align.npy', 'package.json', 'root.Lamp.on/xx/notes.json'];
    mkdirSync(join(dir, 'cachenight', 'root.Lamp.on', 'xx'), { recursive: true });
    for (const name of foreign) writeFileSync(join(dir, 'cachenight', name), '{}');
    const before = filesIn(dir);
    clearCache(bench);
    expect(before.filter((file) => !filesIn(dir).includes(file))).to.eql([join('cachenight', 'root.Bench.align.json')]);
    for (const other of others) forget(other);
    expect(others.map((other) => other.lamp.on())).to.eql(values);
  });

  it('removes the folders that it empties, and those only', () => {
    bench.lamp.on(1);
    bench.lamp.on(2);
    bench.lampshade.on(1);
    clearCache(bench.lamp);
    expect(existsSync(join(dir, 'cachenight', 'root.lamp.Lamp.on'))).to.equal(false);
    expect(existsSync(join(dir, 'cachenight', 'root.lampshade.Lamp.on'))).to.equal(true);
    clearCache(bench.lampshade);
    expect(existsSync(join(dir, 'cachenight'))).to.equal(false);
    expect(existsSync(dir)).to.equal(true);
  });

  it('twice, or of what was never stored or tagged, does nothing', () => {
    clearCache(bench);
    clearCache(bench);
    clearCache(new Bench());
    clearCache({});
    clearCache(() => 1);
    expect(filesIn(dir)).to.eql([]);
  });

  it('forget drops memory alone', () => {
    const before = [...bench.all()];
    const files = filesIn(dir);
    const hits = listen('hit');
    forget(bench.lamp);
    expect(filesIn(dir)).to.eql(files);
    expect([...bench.all()]).to.eql(before);
    const fromDisk = hits.filter(({ reason }) => reason === 'disk');
    expect(new Set(fromDisk.map(({ instance }) => instance))).to.eql(new Set(['root.lamp', 'root.lamp.parts[0]']));
  });

  it('is refused where nothing may be written, and memory is cleared all the same', () => {
    bench.align();
    configure({ readonly: true });
    expect(
      codeThrownBy(() => {
        clearCache(bench);
      }),
    ).to.equal('STOWAGE_READONLY');
    expect(
      codeThrownBy(() => {
        getDiskCacher(bench, 'align').clearCache();
      }),
    ).to.equal('STOWAGE_READONLY');
    expect(filesIn(dir)).to.have.length(1);
    const hits = listen('hit');
    bench.align();
    expect(hits.map(({ reason }) => reason)).to.eql(['disk']);
  });

  it('of no object is refused', () => {
    for (const wrong of [undefined, null, 3, 'night', Symbol('s')]) {
      for (const clear of [clearCache, forget]) {
        expect(() => Reflect.apply(clear, undefined, [wrong]) as unknown).to.throw(InvalidOptionError);
      }
    }
  });

  it('a result that is computed while its analyzer is cleared is returned and not stored', async () => {
    class Slow {
      go: () => void = () => undefined;

      @cacheOnDisk
      async value(): Promise<number> {
        await new Promise<void>((resolve) => (this.go = resolve));
        return computations++;
      }
    }
    const slow = tagIn(dir, new Slow());
    const promise = slow.value();
    clearCache(slow);
    slow.go();
    await promise;
    expect(filesIn(dir)).to.eql([]);
    const next = slow.value();
    slow.go();
    expect(await next).not.to.equal(await promise);
  });
});

describe('an analyzer that is dropped', () => {
  it('is collected with its results after it was tagged and called: a root, a member and a frozen one', async () => {
    const dir = temporaryFolder();
    const weak = ((): WeakRef<object>[] => {
      const bench = new Bench();
      const frozen = Object.freeze(new Lamp());
      bench.optional = frozen;
      setTmpdir(bench, dir);
      setTag(bench, 'dropped');
      bench.all();
      const results = [bench.lamp.spectrum(), frozen.spectrum()];
      return [bench, bench.lamp, frozen, ...results].map((each) => new WeakRef(each));
    })();
    expect(await collected(() => weak.every((each) => each.deref() === undefined))).to.equal(true);
    expect(filesIn(dir)).not.to.eql([]);
  });

  it('is collected though its root lives on', async () => {
    const bench = tagIn(temporaryFolder(), new Bench());
    const weak = ((): WeakRef<object> => {
      const { lampshade } = bench;
      lampshade.on();
      bench.lampshade = new Lamp();
      return new WeakRef(lampshade);
    })();
    expect(await collected(() => weak.deref() === undefined)).to.equal(true);
    expect(bench.lamp.on()).to.equal(bench.lamp.on());
  });
});
