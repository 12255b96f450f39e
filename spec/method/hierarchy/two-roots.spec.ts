import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, explain, forget, getDiskCacher, invalidate, parameter, untag } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];

/** Both roots are of one class, as two nights are. */
class Night {
  @parameter threshold = 3;
  /** Behind a function, where the walk does not go. */
  flat?: () => Night;
  file = '';

  @cacheOnDisk
  level(): number {
    ran.push('level');
    return Number(readFileSync(dependsOnFile(this.file), 'utf8'));
  }

  @cacheOnDisk
  twice(): number {
    ran.push('twice');
    return 2 * this.level();
  }

  @cacheOnDisk
  relative(): number {
    ran.push('relative');
    return this.flat === undefined ? 1 : this.flat().twice();
  }

  @cacheOnDisk
  borrowed(): number {
    ran.push('borrowed');
    return this.flat?.().threshold ?? NaN;
  }
}

describe('results of one root that were made of those of another', () => {
  let here: string;
  let there: string;
  let time = 0;
  const write = (folder: string, text: string): void => {
    const file = join(folder, 'level.txt');
    writeFileSync(file, text);
    const at = new Date(Date.UTC(2020, 0, 1) + 60_000 * time++);
    utimesSync(file, at, at);
  };
  const make = (threshold = 3): { night: Night; flat: Night } => {
    const flat = tagIn(there, new Night(), 'flats');
    flat.threshold = threshold;
    flat.file = join(there, 'level.txt');
    const night = tagIn(here, new Night(), 'night');
    night.flat = () => flat;
    return { night, flat };
  };

  beforeEach(() => {
    here = temporaryFolder();
    there = temporaryFolder();
    write(here, '10');
    write(there, '10');
    ran = [];
  });

  it('hold while nothing changes, and follow files of the other tmpdir, not of their own', () => {
    expect(make().night.relative()).to.equal(20);
    ran = [];
    expect(make().night.relative()).to.equal(20);
    expect(ran).to.deep.equal([]);
    // The file of the same name under the other tmpdir stays what it was.
    write(there, '11');
    expect(make().night.relative()).to.equal(22);
  });

  it('are not taken in by a file of the same name under their own tmpdir', () => {
    make().night.relative();
    write(here, '99');
    ran = [];
    expect(make().night.relative()).to.equal(20);
    expect(ran).to.deep.equal([]);
  });

  it('follow a parameter of the other root, not the one of the same name of their own', () => {
    expect(make(3).night.borrowed()).to.equal(3);
    ran = [];
    expect(make(3).night.borrowed()).to.equal(3);
    expect(ran, 'nothing changed').to.deep.equal([]);
    expect(make(5).night.borrowed()).to.equal(5);
  });

  it('recompute an upstream result of the other root, and hold where it comes out the same', () => {
    make().night.relative();
    write(there, '10.0');
    ran = [];
    expect(make().night.relative()).to.equal(20);
    expect(ran).to.deep.equal(['level']);
  });

  it('are stale where nobody can tell what identifies the other, and where that was invalidated', () => {
    const first = make();
    first.night.relative();
    const second = make();
    untag(second.flat);
    untag(first.flat);
    expect(explain(second.night, 'relative').reasons.join()).to.match(
      /what identifies it cannot be looked at, since no root/,
    );
    const third = make();
    expect(explain(third.night, 'relative').state).to.equal('disk');
    invalidate(third.flat, 'twice');
    expect(explain(third.night, 'relative')).to.deep.include({
      state: 'stale',
      reasons: ['root.Night.twice is stale: invalidated'],
    });
  });
});

/** What it gives is its dataset's. */
class Sky {
  level = 0;
  inner?: Sky;

  @cacheOnDisk
  value(): number {
    return this.level;
  }
}

class Target {
  sky?: Sky;
  skies: Sky[] = [];
  /** Behind a function, where the walk does not go. */
  far?: () => Sky;

  @cacheOnDisk
  minus(): number {
    ran.push('minus');
    return -((this.sky ?? this.far?.())?.value() ?? 0);
  }

  @cacheOnDisk
  inside(): number {
    ran.push('inside');
    return -(this.sky?.inner?.value() ?? 0);
  }

  @cacheOnDisk
  sum(): number {
    ran.push('sum');
    return this.skies.reduce((total, sky) => total + sky.value(), 0);
  }
}

describe('a root that another root uses', () => {
  let folder: string;
  const sky = (level: number, tag: string): Sky => tagIn(folder, Object.assign(new Sky(), { level }), tag);
  const target = (parts: Partial<Target>): Target => tagIn(folder, Object.assign(new Target(), parts), 'target');

  beforeEach(() => {
    folder = temporaryFolder();
    ran = [];
  });

  for (const [what, parts] of [
    ['reached by the walk', (sky: Sky): Partial<Target> => ({ sky })],
    ['behind a function', (sky: Sky): Partial<Target> => ({ far: () => sky })],
  ] as const) {
    describe(what, () => {
      it('takes another tag: what was made of the other dataset is not used, in memory and on disk', () => {
        const first = sky(1, 'one');
        const top = target(parts(first));
        expect(top.minus()).to.equal(-1);
        first.level = 2;
        tagIn(folder, first, 'two');
        expect(top.minus()).to.equal(-2);
        const again = target(parts(first));
        ran = [];
        expect(again.minus()).to.equal(-2);
        expect(ran).to.deep.equal([]);
      });
    });
  }

  it('is another root with another tag, though the first still has its own', () => {
    const first = sky(1, 'one');
    const second = sky(2, 'two');
    expect(target({ sky: first }).minus()).to.equal(-1);
    expect(target({ sky: second }).minus()).to.equal(-2);
    expect(first.value()).to.equal(1);
  });

  it('is another root, whose inner analyzer is used', () => {
    const withInner = (level: number, tag: string): Sky =>
      tagIn(folder, Object.assign(new Sky(), { inner: Object.assign(new Sky(), { level }) }), tag);
    const first = withInner(1, 'one');
    const second = withInner(2, 'two');
    expect(target({ sky: first }).inside()).to.equal(-1);
    expect(target({ sky: second }).inside()).to.equal(-2);
    expect(first.inner?.value()).to.equal(1);
  });

  it('gives its place to an analyzer of the user itself, and that to a root', () => {
    const other = sky(1, 'one');
    const top = target({ sky: other });
    expect(top.minus()).to.equal(-1);
    top.sky = Object.assign(new Sky(), { level: 2 });
    forget(top);
    expect(top.minus()).to.equal(-2);
    top.sky = other;
    forget(top);
    expect(top.minus()).to.equal(-1);
  });

  it('is joined by another in a collection', () => {
    const [first, second] = [sky(1, 'one'), sky(2, 'two')];
    expect(target({ skies: [first] }).sum()).to.equal(1);
    expect(target({ skies: [first, second] }).sum()).to.equal(3);
    expect(target({ skies: [second] }).sum()).to.equal(2);
  });

  it('is an analyzer that another root holds, and another one now', () => {
    const holder = (level: number, tag: string): Sky =>
      tagIn(folder, Object.assign(new Sky(), { inner: Object.assign(new Sky(), { level }) }), tag);
    const first = holder(1, 'one');
    const second = holder(2, 'two');
    expect(target({ sky: first.inner as Sky }).minus()).to.equal(-1);
    expect(target({ sky: second.inner as Sky }).minus()).to.equal(-2);
  });

  it('has a method with a place of its own: what was made of its results elsewhere is not used', () => {
    const used = new Sky();
    const top = target({ sky: used });
    used.level = 1;
    expect(top.minus()).to.equal(-1);
    used.level = 2;
    getDiskCacher(used, 'value').setTag('other', 'sky');
    expect(top.minus()).to.equal(-2);
    ran = [];
    forget(top);
    expect(top.minus()).to.equal(-2);
    expect(ran).to.deep.equal([]);
  });
});
