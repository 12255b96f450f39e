import { readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  cacheKey,
  cacheOnDisk,
  clearCache,
  configure,
  CycleError,
  dependsOnFile,
  events,
  explain,
  forget,
  getDiskCacher,
  parameter,
  record,
  setMemoryBudget,
  setTag,
  setTmpdir,
} from 'stowage';
import { defaultBudget } from '#lib/store/entry/memory.js';
import { parseRecord } from '#lib/store/record/record.js';
import { rewriteRecord } from '#lib/store/entry/rewrite.js';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];
let folder: string;
let file: string;
let minutes = 0;

/** An old time, another one each time, so that it proves something. */
function write(text: string): void {
  writeFileSync(file, text);
  const time = new Date(Date.UTC(2020, 0, 1, 0, minutes++));
  utimesSync(file, time, time);
}

function content(): string {
  return readFileSync(dependsOnFile(file), 'utf8');
}

beforeEach(() => {
  ran = [];
  folder = temporaryFolder();
  file = join(folder, 'frames.txt');
  write('1');
});

describe('a result whose upstream has changed', () => {
  class Upstream {
    @cacheOnDisk
    level(): unknown {
      ran.push('level');
      const text = content();
      return text === 'f' ? () => 7 : text === 'p' ? Promise.resolve(5) : Number(text);
    }

    @cacheOnDisk
    async later(): Promise<number> {
      ran.push('later');
      await Promise.resolve();
      const text = content();
      if (text === 'broken') throw new Error('broken frames');
      return Number(text);
    }

    @cacheOnDisk
    weighted(weights: Float64Array): number {
      ran.push('weighted');
      return weights.length * Number(content());
    }
  }

  class Downstream {
    readonly upstream = new Upstream();

    @cacheOnDisk
    kind(): string {
      ran.push('kind');
      return typeof this.upstream.level();
    }

    @cacheOnDisk
    next(): unknown {
      ran.push('next');
      const level = this.upstream.level() as number | Promise<number>;
      return level instanceof Promise ? level.then((value) => value + 1) : level + 1;
    }

    /** Not an async function, but a promise comes. */
    @cacheOnDisk
    double(): Promise<number> {
      ran.push('double');
      return this.upstream.later().then((value) => 2 * value);
    }

    @cacheOnDisk
    async sturdy(): Promise<number> {
      ran.push('sturdy');
      return this.upstream.later().catch(() => -1);
    }

    @cacheOnDisk
    mean(): number {
      ran.push('mean');
      return this.upstream.weighted(new Float64Array(1000)) / 1000;
    }
  }

  const day = (): Downstream => {
    ran = [];
    return tagIn(folder, new Downstream());
  };

  it('is computed again where the upstream can no longer be stored', () => {
    expect(day().kind()).to.equal('number');
    write('f');
    expect(day().kind()).to.equal('function');
    expect(ran).to.include('kind');
  });

  it('is computed again where a value has become a promise, on the way of a synchronous call', async () => {
    expect(day().next()).to.equal(2);
    write('p');
    expect(await day().next()).to.equal(6);
    expect(ran).to.include('next');
  });

  it('is computed again where a function that returns a promise meets an async upstream', async () => {
    expect(await day().double()).to.equal(2);
    expect(await day().double()).to.equal(2);
    expect(ran, 'nothing has changed').to.deep.equal([]);
    write('4');
    expect(await day().double()).to.equal(8);
  });

  it('is computed again where its upstream now rejects; the method decides what that means', async () => {
    expect(await day().sturdy()).to.equal(1);
    write('broken');
    const stale = listen('stale');
    expect(await day().sturdy()).to.equal(-1);
    expect(stale.map(({ reason }) => reason).join()).to.contain('computing it again failed: Error: broken frames');
  });

  it('is computed again where the arguments of the upstream were too large to be stored', () => {
    expect(day().mean()).to.equal(1);
    expect(day().mean()).to.equal(1);
    expect(ran).to.deep.equal([]);
    write('3');
    const stale = listen('stale');
    expect(day().mean()).to.equal(3);
    expect(stale.map(({ reason }) => reason).join()).to.contain('too large to be stored');
  });

  it('is computed again where the stored arguments of the upstream cannot be read here', () => {
    class Sum {
      readonly upstream = new Upstream();
      @cacheOnDisk
      sum(): number {
        ran.push('sum');
        return this.upstream.weighted(Float64Array.of(1, 2));
      }
    }
    expect(tagIn(folder, new Sum()).sum()).to.equal(2);
    const stem = getDiskCacher(tagIn(folder, new Sum()), 'sum').fullpath();
    const stored = parseRecord(readFileSync(`${stem}.json`, 'utf8'));
    if (stored === undefined) throw new Error('no record');
    const trace = stored.trace.map((item) => ('call' in item ? { ...item, arguments: 'bm8gYmxvYg==' } : item));
    rewriteRecord(stem, { ...stored, trace });
    write('3');
    ran = [];
    expect(tagIn(folder, new Sum()).sum()).to.equal(6);
    expect(ran).to.deep.equal(['sum', 'weighted']);
  });

  it('shows long arguments cut, and stores only those that are small', () => {
    const { upstream } = day();
    upstream.weighted(new Float64Array(1000));
    const large = record(upstream, 'weighted', new Float64Array(1000))?.arguments;
    expect(large).to.have.property('preview').that.contains('Float64Array(1000)');
    expect(large).not.to.have.property('encoded');
    class Labels {
      @cacheOnDisk
      count(...labels: string[]): number {
        return labels.length;
      }
    }
    const labels = tagIn(folder, new Labels(), 'labels');
    const many = Array.from({ length: 20 }, (_, i) => `label number ${i}`);
    expect(labels.count(...many)).to.equal(20);
    const { preview = '' } = record(labels, 'count', ...many)?.arguments ?? {};
    expect(preview)
      .to.have.lengthOf(200)
      .and.match(/^'label number 0', .*…$/);
  });
});

describe('a missing file that a result depends on', () => {
  class Reader {
    constructor(readonly path: string) {}

    @cacheOnDisk
    size(): number {
      ran.push('size');
      try {
        return readFileSync(dependsOnFile(this.path)).length;
      } catch {
        return -1;
      }
    }
  }
  const day = (path: string): number => tagIn(folder, new Reader(path)).size();

  it('is noted as missing: the result holds until the file comes, and is stale when it goes again', () => {
    const elsewhere = join(temporaryFolder(), 'dark.txt');
    expect(day(elsewhere)).to.equal(-1);
    expect(day(elsewhere)).to.equal(-1);
    expect(ran).to.deep.equal(['size']);
    writeFileSync(elsewhere, '123');
    expect(day(elsewhere)).to.equal(3);
    expect(day(elsewhere)).to.equal(3);
    expect(ran).to.deep.equal(['size', 'size']);
    writeFileSync(elsewhere, '');
    expect(day(elsewhere), 'empty is not missing').to.equal(0);
  });

  it('makes the result stale when it was there and is gone', () => {
    const { unlinkSync } = process.getBuiltinModule('node:fs');
    expect(day(file)).to.equal(1);
    unlinkSync(file);
    expect(day(file)).to.equal(-1);
    expect(day(join(file, 'below'))).to.equal(-1);
    write('1');
    expect(day(file)).to.equal(1);
  });

  it('makes the result stale where the system cannot say what it is', () => {
    const { unlinkSync } = process.getBuiltinModule('node:fs');
    expect(day(file)).to.equal(1);
    unlinkSync(file);
    symlinkSync(file, file);
    const stale = listen('stale');
    expect(day(file)).to.equal(-1);
    expect(stale.map(({ reason }) => reason).join()).to.match(/cannot be looked at: ELOOP/);
  });
});

describe('results of another tmpdir', () => {
  class Calibration {
    @parameter band = 'K';

    constructor(readonly path: string) {}

    @cacheOnDisk
    dark(): number {
      ran.push('dark');
      return Number(readFileSync(dependsOnFile(this.path), 'utf8'));
    }

    @cacheOnDisk
    twice(): number {
      ran.push('twice');
      return 2 * this.dark();
    }
  }
  class Night {
    @parameter band = 'K';

    constructor(readonly calibration: Calibration) {}

    @cacheOnDisk
    reduced(): number {
      ran.push('reduced');
      return 10 - this.calibration.twice();
    }
  }

  it('are named with it, are found there again, and make stale what was made of them when they change', () => {
    const other = temporaryFolder();
    const path = join(other, 'frames.txt');
    const day = (): number => {
      ran = [];
      const calibration = tagIn(other, new Calibration(path), 'calibration');
      return tagIn(folder, new Night(calibration)).reduced();
    };
    const writeThere = (text: string): void => {
      writeFileSync(path, text);
      const time = new Date(Date.UTC(2021, 0, 1, 0, minutes++));
      utimesSync(path, time, time);
    };
    // The same content under the same name in the other tmpdir must not be taken for it.
    writeThere('1');
    expect(day()).to.equal(8);
    expect(day()).to.equal(8);
    writeThere('2');
    expect(day()).to.equal(6);
  });
});

describe('calls', () => {
  class Many {
    @cacheOnDisk
    sum(...terms: number[]): number {
      ran.push(`sum ${terms.join()}`);
      return terms.reduce((total, term) => total + term, 0);
    }

    @cacheOnDisk({ name: undefined, version: undefined, refresh: undefined } as object)
    plain(): number {
      ran.push('plain');
      return 1;
    }

    @cacheOnDisk({ refresh: () => true })
    fresh(): number {
      ran.push('fresh');
      return 1;
    }

    @cacheOnDisk
    buffer(): { bytes: ArrayBuffer } {
      ran.push('buffer');
      shared[0] = ran.length;
      return { bytes: shared.buffer };
    }

    @cacheOnDisk
    otherBuffer(): ArrayBuffer {
      ran.push('otherBuffer');
      shared[0] = ran.length;
      return shared.buffer;
    }
  }
  const shared = new Uint8Array(8);

  it('of more than three arguments are answered from memory, and from disk the next day', () => {
    const many = tagIn(folder, new Many());
    expect(many.sum(1, 2, 3, 4)).to.equal(10);
    expect(many.sum(1, 2, 3, 4)).to.equal(10);
    expect(many.sum(1, 2, 3, 5)).to.equal(11);
    expect(tagIn(folder, new Many()).sum(1, 2, 3, 4)).to.equal(10);
    expect(ran).to.deep.equal(['sum 1,2,3,4', 'sum 1,2,3,5']);
  });

  it('take an option that is undefined for one that was not given', () => {
    const many = tagIn(folder, new Many());
    expect(many.plain()).to.equal(1);
    expect(many.plain()).to.equal(1);
    expect(ran).to.deep.equal(['plain']);
    expect(filesIn(folder)).to.include('cachenight/root.Many.plain.json');
  });

  it('that refresh give their value though what is stored cannot be read, and say so', () => {
    const many = tagIn(folder, new Many());
    many.fresh();
    const path = `${getDiskCacher(many, 'fresh').fullpath()}.json`;
    process.getBuiltinModule('node:fs').unlinkSync(path);
    symlinkSync(path, path);
    const faults = listen('fault');
    expect(many.fresh()).to.equal(1);
    expect(faults.map(({ reason }) => reason)).to.include('ELOOP');
  });

  it('that fill one ArrayBuffer again and again do not change what others returned', () => {
    const many = tagIn(folder, new Many());
    many.buffer();
    many.otherBuffer();
    expect([...new Uint8Array(many.buffer().bytes)].at(0), 'loaded again').to.equal(1);
    expect([...new Uint8Array(many.otherBuffer())].at(0)).to.equal(2);
    expect(ran).to.deep.equal(['buffer', 'otherBuffer']);
  });

  it('cleared by a listener of their own store event are computed again', () => {
    const many = tagIn(folder, new Many());
    events.once('store', () => {
      clearCache(many);
    });
    expect(many.sum(1)).to.equal(1);
    expect(many.sum(1)).to.equal(1);
    expect(many.sum(1)).to.equal(1);
    expect(ran).to.deep.equal(['sum 1', 'sum 1']);
  });

  it('of thousands of arguments are forgotten as their values go, and still answered rightly', () => {
    const many = tagIn(folder, new Many());
    setMemoryBudget(0);
    configure({ readonly: true });
    try {
      for (let n = 0; n < 2100; n++) expect(many.sum(n, 1)).to.equal(n + 1);
      expect(many.sum(7, 1)).to.equal(8);
    } finally {
      configure({ readonly: false });
      setMemoryBudget(defaultBudget());
    }
  });

  it('by an analyzer whose own key needs the result under way are refused, not repeated for ever', () => {
    class Inner {
      outer?: Outer;
      [cacheKey](): unknown {
        return this.outer?.sum();
      }
      @cacheOnDisk
      value(): number {
        return 1;
      }
    }
    class Outer {
      readonly inner = new Inner();
      @cacheOnDisk
      sum(): number {
        return this.inner.value();
      }
    }
    const outer = new Outer();
    outer.inner.outer = outer;
    tagIn(folder, outer);
    expect(() => outer.sum()).to.throw(CycleError, 'Outer.sum → root.Outer.sum');
  });
});

describe('an analyzer as an argument', () => {
  class Camera {
    @parameter twin: Camera | undefined = undefined;
    @parameter gain = 1;

    @cacheOnDisk
    frame(): number {
      return 1;
    }
  }
  class Night {
    readonly cameras = { left: new Camera(), right: new Camera() };

    @cacheOnDisk
    ratio(camera: Camera): number {
      ran.push('ratio');
      return camera.gain;
    }
  }

  it('that belongs to itself through its parameters has an identity all the same', () => {
    const { cameras, ...rest } = new Night();
    expect(rest).to.deep.equal({});
    const night = new Night();
    Object.assign(night, { cameras });
    [cameras.left.twin, cameras.right.twin] = [cameras.right, cameras.left];
    tagIn(folder, night);
    expect(night.ratio(cameras.left)).to.equal(1);
    expect(night.ratio(cameras.left)).to.equal(1);
    cameras.right.gain = 3;
    expect(night.ratio(cameras.right)).to.equal(3);
    night.ratio(cameras.left);
    expect(ran, 'its twin is part of it').to.deep.equal(['ratio', 'ratio', 'ratio']);
  });
});

describe('analyzers without a class', () => {
  class Lender {
    @cacheOnDisk
    sum(...terms: number[]): number {
      ran.push('sum');
      return terms.length;
    }
  }
  interface Borrower {
    sum(...terms: number[]): number;
  }
  const { sum } = Object.getOwnPropertyDescriptors(Lender.prototype);

  it('are roots too: a bare object that borrowed a method is cached under its place', () => {
    const make = (): Borrower => Object.create(Object.create(null, { sum }) as object) as Borrower;
    expect(tagIn(folder, make()).sum(1)).to.equal(1);
    expect(tagIn(folder, make()).sum(1)).to.equal(1);
    expect(ran).to.deep.equal(['sum']);
    expect(getDiskCacher(tagIn(folder, make()), 'sum').fullpath()).to.equal(
      join(folder, 'cachenight', 'root.(no class).sum'),
    );
  });

  it('run what is lent to them for one call, tagged or not', () => {
    tagIn(folder, new Lender(), 'another root, so that they are looked for');
    const untagged = listen('untagged');
    const bare = Object.create(null) as object;
    expect(Lender.prototype.sum.call(bare as Lender, 1, 2)).to.equal(2);
    expect(untagged.map(({ method }) => method)).to.deep.equal(['Object.sum']);
    tagIn(folder, bare, 'bare');
    expect(Lender.prototype.sum.call(bare as Lender, 1, 2)).to.equal(2);
    expect(Lender.prototype.sum.call(bare as Lender, 1, 2)).to.equal(2);
    expect(ran).to.deep.equal(['sum', 'sum']);
  });
});

describe('tagging and clearing at odd times', () => {
  const unnamed = Symbol();

  class Odd {
    readonly holder = { inner: new Inner() };

    @cacheOnDisk
    tagsItself(): number {
      ran.push('tagsItself');
      setTmpdir(this, folder);
      setTag(this, 'self');
      return 1;
    }

    @cacheOnDisk
    [unnamed](): number {
      ran.push('unnamed');
      return 1;
    }
  }
  class Inner {
    @cacheOnDisk
    value(): number {
      ran.push('value');
      return 1;
    }
  }

  it('lets an uncached method tag its own analyzer: from the next call on it is cached', () => {
    tagIn(folder, new Inner(), 'so that it is looked for');
    const odd = new Odd();
    expect(odd.tagsItself()).to.equal(1);
    expect(odd.tagsItself()).to.equal(1);
    expect(odd.tagsItself()).to.equal(1);
    // The second call tags again, from inside: what it set out from does not hold, so the third computes once more.
    expect(ran.length).to.be.within(2, 3);
    tagIn(folder, odd, 'self');
  });

  it('names a method whose symbol has no description', () => {
    const odd = tagIn(folder, new Odd());
    expect(odd[unnamed]()).to.equal(1);
    expect(odd[unnamed]()).to.equal(1);
    expect(ran).to.deep.equal(['unnamed']);
    expect(getDiskCacher(odd, unnamed).dataFile()).to.equal(join(folder, 'cachenight', 'root.Odd.[].json'));
  });

  it('clears what a holder holds, and leaves a root that merely lies in it to itself', () => {
    const odd = tagIn(folder, new Odd());
    const own = tagIn(folder, new Inner(), 'own');
    const holder = { inner: odd.holder.inner, own };
    for (const inner of [holder.inner, own]) inner.value();
    clearCache(holder);
    for (const inner of [holder.inner, own]) inner.value();
    expect(ran).to.deep.equal(['value', 'value', 'value']);
    expect(explain(own, 'value').state).to.equal('memory');
  });

  it('of a method without a tag has nothing to clear, and gives it a place once it has one of its own', () => {
    const inner = new Inner();
    const cacher = getDiskCacher(inner, 'value');
    cacher.clearCache();
    cacher.setPrefix('own');
    cacher.setTmpdir(folder);
    expect(inner.value()).to.equal(1);
    expect(filesIn(folder), 'no tag yet').to.deep.equal(['frames.txt']);
    cacher.setTag('night', 'alone');
    expect(inner.value()).to.equal(1);
    expect(inner.value()).to.equal(1);
    expect(filesIn(folder)).to.deep.equal(['frames.txt', 'ownnight/alone.Inner.value.json']);
    forget(inner);
    cacher.clearCache();
    expect(filesIn(folder)).to.deep.equal(['frames.txt']);
    inner.value();
    expect(ran).to.deep.equal(['value', 'value', 'value']);
    const fresh = getDiskCacher(new Inner(), 'value');
    fresh.setTag('night', 'fresh');
    fresh.setTmpdir(folder);
    expect(fresh.fullpath()).to.equal(join(folder, 'cachenight', 'fresh.Inner.value'));
  });
});
