import { appendFileSync, utimesSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import {
  accept,
  cacheOnDisk,
  clearCache,
  dependsOn,
  dependsOnFile,
  explain,
  InvalidOptionError,
  invalidate,
  parameter,
  peek,
  record,
  revalidate,
  setTag,
  setTmpdir,
} from 'stowage';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What ran, in order, over all analyzers of a test. */
let ran: string[] = [];

class Frames {
  @parameter dark = 0;

  constructor(readonly file: string) {}

  @cacheOnDisk
  raw(): Float64Array {
    ran.push('raw');
    return Float64Array.from(readFileSync(dependsOnFile(this.file), 'utf8').split(/\s+/).filter(Boolean), Number);
  }

  @cacheOnDisk
  count(): number {
    ran.push('count');
    return this.raw().length;
  }

  @cacheOnDisk
  reduced(scale: number): Float64Array {
    ran.push(`reduced ${scale}`);
    return this.raw().map((x) => x * scale - this.dark);
  }
}

class Seeing {
  constructor(readonly frames: Frames) {}

  @cacheOnDisk
  async fwhm(): Promise<number> {
    ran.push('fwhm');
    await Promise.resolve();
    const later = this.later();
    const [count, length] = await Promise.all([Promise.resolve(this.frames.count()), later]);
    return count + length;
  }

  @cacheOnDisk
  async later(): Promise<number> {
    ran.push('later');
    await new Promise(setImmediate);
    return this.frames.raw().length;
  }

  @cacheOnDisk
  darkness(): number {
    ran.push('darkness');
    return this.frames.dark;
  }
}

class Night {
  frames: Frames;
  seeing: Seeing;

  constructor(file: string) {
    this.frames = new Frames(file);
    this.seeing = new Seeing(this.frames);
  }

  @cacheOnDisk
  isEmpty(): boolean {
    ran.push('isEmpty');
    return this.frames.count() === 0;
  }
}

/** An old time, so that a file's time proves something. */
const longAgo = new Date('2020-01-01');
let minutes = 0;

describe('what a result was made of', () => {
  let folder: string;
  let file: string;

  const write = (text: string): void => {
    writeFileSync(file, text);
    const time = new Date(longAgo.getTime() + 60_000 * minutes++);
    utimesSync(file, time, time);
  };
  const night = (): Night => tagIn(folder, new Night(file));
  const ranIn = <T>(action: () => T): { value: T; ran: string[] } => {
    ran = [];
    const value = action();
    return { value, ran };
  };

  beforeEach(() => {
    ran = [];
    folder = temporaryFolder();
    file = join(folder, 'frames.txt');
    write('1 2 3');
  });

  it('is in the record, in the order in which it was used, with paths inside the tmpdir relative to it', async () => {
    const first = night();
    await first.seeing.fwhm();
    first.frames.reduced(2);
    const names = (of: ReturnType<typeof record>): string[] =>
      (of?.trace ?? []).map((item) =>
        'call' in item ? item.call.method : 'file' in item ? item.file : item.parameter,
      );
    expect(names(record(first.frames, 'raw'))).to.deep.equal(['frames.txt']);
    expect(names(record(first.seeing, 'fwhm'))).to.deep.equal(['*', 'Frames.count', 'Seeing.later']);
    expect(names(record(first.seeing, 'later'))).to.deep.equal(['*', 'Frames.raw']);
    expect(record(first.frames, 'reduced', 2)?.arguments?.preview).to.equal('2');
  });

  it('a file whose content changed makes stale what used it, through sync and async chains, and says why', async () => {
    await night().seeing.fwhm();
    write('1 2 3 4');
    const stale = listen('stale');
    const second = night();
    ran = [];
    expect(await second.seeing.fwhm()).to.equal(8);
    expect(ran).to.include.members(['fwhm', 'count', 'raw', 'later']);
    expect(stale.map((event) => event.reason).join('\n')).to.match(/frames\.txt changed/);
  });

  it('a file may be declared by its URL, and what is no file is refused', () => {
    expect(dependsOnFile(pathToFileURL(file)).href).to.equal(pathToFileURL(file).href);
    for (const wrong of ['', new URL('https://example.org/dark.fits'), 7 as unknown as string]) {
      expect(() => dependsOnFile(wrong)).to.throw(InvalidOptionError, /path of a file/);
    }
  });

  it('a file that was only touched changes nothing', () => {
    night().isEmpty();
    utimesSync(file, new Date('2021-01-01'), new Date('2021-01-01'));
    expect(ranIn(() => night().isEmpty()).ran).to.deep.equal([]);
  });

  it('an upstream result that comes out the same leaves what was made of it valid', async () => {
    const first = night();
    first.isEmpty();
    await first.seeing.fwhm();
    write('7 8 9');
    const second = night();
    const { value, ran: again } = ranIn(() => second.isEmpty());
    expect(value).to.equal(false);
    expect(again, 'the count is the same, so its dependents hold').to.deep.equal(['raw', 'count']);
    ran = [];
    expect(await second.seeing.fwhm()).to.equal(6);
    expect(ran).to.deep.equal(['later']);
  });

  it('a file that is new within two seconds of the computation is known by its content', () => {
    appendFileSync(file, ' 4');
    night().isEmpty();
    expect(ranIn(() => night().isEmpty()).ran).to.deep.equal([]);
    writeFileSync(file, '9 9 9 9');
    expect(ranIn(() => night().frames.raw()).ran).to.deep.equal(['raw']);
  });

  it('a file that changes while it is used leaves the result unstored', () => {
    class Careless extends Frames {
      override raw(): Float64Array {
        const values = super.raw();
        return values;
      }

      @cacheOnDisk
      sum(): number {
        const [first = 0] = readFileSync(dependsOnFile(this.file), 'utf8').split(' ').map(Number);
        writeFileSync(this.file, `${first + 1} 2`);
        return first;
      }
    }
    const careless = tagIn(folder, new Careless(file));
    expect(careless.sum()).to.equal(1);
    expect(careless.sum()).to.equal(2);
    expect(filesIn(join(folder, 'cachenight'))).to.deep.equal([]);
  });

  it('a parameter that is set drops from memory what read it, across analyzers, and makes it stale on disk', () => {
    const first = night();
    expect(first.seeing.darkness()).to.equal(0);
    first.frames.dark = 5;
    expect(first.seeing.darkness()).to.equal(5);
    const second = night();
    expect(ranIn(() => second.seeing.darkness()).value).to.equal(0);
  });

  it('clearing a member drops from memory what was computed from it, and nothing else from disk', () => {
    const first = night();
    first.isEmpty();
    clearCache(first.frames);
    const { ran: again } = ranIn(() => first.isEmpty());
    expect(again, 'the same count again: the result on disk holds').to.deep.equal(['count', 'raw']);
  });

  it('invalidating by hand recomputes the call and what was made of it, in memory and on disk, up to a value that stays', () => {
    const first = night();
    first.isEmpty();
    const before = filesIn(join(folder, 'cachenight'));
    invalidate(first.frames, 'raw');
    expect(filesIn(join(folder, 'cachenight')), 'nothing is deleted').to.deep.equal(before);
    expect(explain(first.frames, 'raw')).to.include({ state: 'stale' });
    expect(ranIn(() => first.isEmpty()).ran).to.deep.equal(['count', 'raw']);
    invalidate(first.frames, 'raw');
    expect(ranIn(() => night().isEmpty()).ran).to.deep.equal(['count', 'raw']);
    expect(ranIn(() => night().isEmpty()).ran).to.deep.equal([]);
  });

  it('invalidating one call leaves the others', () => {
    const first = night();
    first.frames.reduced(1);
    first.frames.reduced(2);
    invalidate(first.frames, 'reduced', 1);
    expect(ranIn(() => [first.frames.reduced(2), first.frames.reduced(1)]).ran).to.deep.equal(['reduced 1']);
    invalidate(first.frames);
    expect(ranIn(() => [first.frames.reduced(2), first.frames.reduced(1)]).ran).to.deep.equal([
      'reduced 2',
      'raw',
      'reduced 1',
    ]);
  });

  it('revalidate finds what has become stale in memory', () => {
    const first = night();
    first.isEmpty();
    expect(revalidate(first)).to.equal(0);
    write('');
    expect(first.isEmpty(), 'memory is not revalidated unasked').to.equal(false);
    expect(revalidate(first)).to.be.greaterThan(0);
    expect(first.isEmpty()).to.equal(true);
  });

  it('dependsOn declares what the trace cannot see', () => {
    class Late {
      readonly length: number;
      constructor(readonly frames: Frames) {
        this.length = frames.raw().length;
      }

      @cacheOnDisk
      twice(): number {
        dependsOn(this.frames, 'raw');
        ran.push('twice');
        return this.length * 2;
      }
    }
    const make = (): { frames: Frames; late: Late } => {
      const root: { frames: Frames; late?: Late } = { frames: new Frames(file) };
      tagIn(folder, root);
      root.late = new Late(root.frames);
      setTag(root, 'night');
      return root as { frames: Frames; late: Late };
    };
    expect(make().late.twice()).to.equal(6);
    expect(ranIn(() => make().late.twice()).ran).to.deep.equal([]);
    write('1');
    expect(make().late.twice()).to.equal(2);
  });
});

describe('explain, peek and record', () => {
  it('say what a call would find, and compute nothing', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'frames.txt');
    writeFileSync(file, '1 2');
    utimesSync(file, longAgo, longAgo);
    const untagged = new Frames(file);
    expect(explain(untagged, 'raw')).to.include({ state: 'untagged' });
    const frames = new Frames(file);
    setTmpdir(frames, folder);
    setTag(frames, 'night');
    expect(explain(frames, 'raw')).to.deep.equal({ state: 'missing', reasons: ['no call of this method is stored'] });
    expect(peek(frames, 'raw')).to.equal(undefined);
    expect(record(frames, 'raw')).to.equal(undefined);
    frames.raw();
    frames.reduced(3);
    ran = [];
    expect(explain(frames, 'raw')).to.include({ state: 'memory' });
    const again = tagIn(folder, new Frames(file));
    expect(explain(again, 'raw').state).to.equal('disk');
    expect(explain(again, 'reduced', 4)).to.deep.equal({ state: 'missing', reasons: ['argument 1: scale 3 → 4'] });
    expect(peek(again, 'raw')).to.deep.equal(Float64Array.of(1, 2));
    writeFileSync(file, '1 2 3');
    expect(explain(again, 'raw').state).to.equal('stale');
    expect(explain(again, 'reduced', 3).reasons.join()).to.match(/Frames\.raw is stale: the file .* changed/);
    expect(peek(again, 'raw')).to.equal(undefined);
    expect(ran).to.deep.equal([]);
  });
});

describe('a change of code', () => {
  const versionOne = (): object => {
    class Model {
      @cacheOnDisk
      value(): number {
        return 1; // the first
      }
    }
    return new Model();
  };
  const versionTwo = (onCodeChange: 'warn' | 'recompute' | 'ignore'): object => {
    class Model {
      @cacheOnDisk({ onCodeChange })
      value(): number {
        return 2;
      }
    }
    return new Model();
  };
  const value = (model: object): unknown => (model as { value(): unknown }).value();

  for (const [policy, expected] of [
    ['warn', 1],
    ['recompute', 2],
    ['ignore', 1],
  ] as const) {
    it(`under '${policy}' ${expected === 2 ? 'recomputes' : 'uses what is stored'}`, () => {
      const folder = temporaryFolder();
      const elsewhere = temporaryFolder();
      value(tagIn(folder, versionOne()));
      // Another process would have only the new class: a moved folder stands for it.
      expect(filesIn(folder)).to.deep.equal(['cachenight/root.Model.value.json']);
      writeFileSync(join(elsewhere, 'x'), '');
      const { cpSync } = process.getBuiltinModule('node:fs');
      cpSync(folder, elsewhere, { recursive: true });
      const model = tagIn(elsewhere, versionTwo(policy));
      const hits = listen('hit');
      expect(value(model)).to.equal(expected);
      expect(explain(model, 'value').reasons).to.deep.equal(policy === 'warn' ? ["the method's code changed"] : []);
      if (policy !== 'warn') return;
      expect(hits[0]?.reason).to.match(/code changed/);
      expect(accept(model)).to.equal(1);
      expect(explain(model, 'value').reasons).to.deep.equal([]);
      expect(accept(model)).to.equal(0);
    });
  }
});
