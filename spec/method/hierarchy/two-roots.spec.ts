import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, explain, invalidate, parameter, untag } from 'stowage';
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
