/** Cached methods that use persisted functions, and the reverse: each is stale when what it was made of is. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, dependsOnFile, forget, invalidate, parameter, record, type TracedCall } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;
let level = 1;
const runs: string[] = [];

class Dark {
  @parameter
  gain = 1;

  @cacheOnDisk
  level(): number {
    runs.push('level');
    return level * this.gain;
  }
}

/** A persisted function, and a function of a bucket, that use a cached method of this analyzer. */
let dark: Dark;
const corrected = (x: number): number => {
  runs.push('corrected');
  return x - dark.level();
};

class Night {
  constructor(readonly helper: (x: number) => number) {}

  @cacheOnDisk
  flux(): number {
    runs.push('flux');
    return this.helper(10);
  }
}

const helpers: Record<string, () => (x: number) => number> = {
  'a persisted function': () => persist(corrected, { cache: join(folder, 'persist') }),
  'a function of a bucket': () => new Bucket(join(folder, 'bucket')).wrap(corrected),
};

beforeEach(() => {
  folder = temporaryFolder();
  level = 1;
  runs.length = 0;
  dark = tagIn(join(folder, 'results'), new Dark(), 'dark');
});

for (const [kind, make] of Object.entries(helpers)) {
  describe(`${kind} that uses a cached method`, () => {
    it('is computed again once that is invalidated, and not before', () => {
      const helper = make();
      expect(helper(10)).to.equal(9);
      expect(helper(10)).to.equal(9);
      expect(runs).to.deep.equal(['corrected', 'level']);
      level = 3;
      expect(helper(10)).to.equal(9);
      invalidate(dark, 'level');
      expect(helper(10)).to.equal(7);
      expect(helper(10)).to.equal(7);
      expect(runs).to.deep.equal(['corrected', 'level', 'corrected', 'level']);
    });

    it('is computed again when a parameter changes on which that depends', () => {
      const helper = make();
      expect(helper(10)).to.equal(9);
      dark.gain = 4;
      expect(helper(10)).to.equal(6);
      dark.gain = 1;
      expect(helper(10)).to.equal(9);
    });

    it('passes on to a cached method what it was made of, whether it was computed or found', () => {
      const helper = make();
      helper(10);
      const night = tagIn(join(folder, 'results'), new Night(helper));
      expect(night.flux()).to.equal(9);
      const traced = record(night, 'flux')?.trace.filter((item): item is TracedCall => 'call' in item);
      expect(traced?.map(({ call }) => call.method)).to.deep.equal(['Dark.level']);
      forget(night);
      expect(night.flux()).to.equal(9);
      expect(runs.includes('flux')).to.equal(true);
      level = 2;
      invalidate(dark, 'level');
      const again = tagIn(join(folder, 'results'), new Night(helper));
      expect(again.flux()).to.equal(8);
      expect(runs.filter((each) => each === 'flux').length).to.equal(2);
    });

    it('is no part of the trace of a cached method where it uses none itself', () => {
      const pure = persist((x: number) => x + 1, { cache: join(folder, 'pure'), name: 'pure' });
      const night = tagIn(join(folder, 'results'), new Night(pure));
      expect(night.flux()).to.equal(11);
      expect(record(night, 'flux')?.trace).to.deep.equal([]);
    });
  });
}

describe('a persisted function', () => {
  it('depends on the files that it declares', () => {
    const file = join(folder, 'gain.txt');
    writeFileSync(file, '2');
    const read = persist((x: number) => `${x} ${dependsOnFile(file).length > 0 ? runs.push('read') : ''}`, {
      cache: join(folder, 'p'),
      name: 'read',
    });
    expect(read(1)).to.equal('1 1');
    expect(read(1)).to.equal('1 1');
    writeFileSync(file, '3');
    expect(read(1)).to.equal('1 2');
    expect(read(1)).to.equal('1 2');
  });

  it('that used cached methods is computed where those are not loaded, since nobody can tell', () => {
    const cache = join(folder, 'p');
    const source = '(x) => x - globalThis.measured()';
    const script = `import { persist } from 'stowage/memo';
      globalThis.measured = () => 5;
      console.log(persist(${source}, { cache: ${JSON.stringify(cache)}, name: 'f' })(10));`;
    const run = (): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      });
    Object.assign(globalThis, { measured: () => dark.level() });
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the same source as that of the other process
    const here = persist((new Function(`return ${source}`) as () => (x: number) => number)(), { cache, name: 'f' });
    expect(here(10)).to.equal(9);
    expect(run()).to.equal('5\n');
    expect(run()).to.equal('5\n');
    delete (globalThis as { measured?: unknown }).measured;
  });

  it('is not stored where something that it used changed before it was done', async () => {
    const mutated = listen('mutated');
    const slow = persist(
      async (x: number) => {
        const value = x - dark.level();
        await Promise.resolve();
        return value;
      },
      { cache: join(folder, 'p'), name: 'slow' },
    );
    const promise = slow(10);
    invalidate(dark, 'level');
    expect(await promise).to.equal(9);
    expect(slow.cache.size).to.equal(0);
    expect(mutated.length).to.equal(1);
  });

  it('keeps asynchronous callers apart', async () => {
    const later = persist(
      async (x: number) => {
        await Promise.resolve();
        return x - dark.level();
      },
      { cache: join(folder, 'p'), name: 'later' },
    );
    class Nights {
      @cacheOnDisk
      async one(): Promise<number> {
        return later(1);
      }
      @cacheOnDisk
      async none(): Promise<number> {
        await Promise.resolve();
        return 5;
      }
    }
    const nights = tagIn(join(folder, 'results'), new Nights());
    expect(await Promise.all([nights.one(), nights.none()])).to.deep.equal([0, 5]);
    expect(record(nights, 'one')?.trace.filter((item) => 'call' in item)).to.have.length(1);
    expect(record(nights, 'none')?.trace).to.deep.equal([]);
  });
});
