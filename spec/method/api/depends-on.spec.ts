import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheKey, cacheOnDisk, dependsOn, dependsOnFile, explain, parameter, record } from 'stowage';
import { codeThrownBy, filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];

class Source {
  @parameter dark = 0;

  @cacheOnDisk
  level(): number {
    ran.push('level');
    return 10 - this.dark;
  }

  @cacheOnDisk
  async slow(): Promise<number> {
    ran.push('slow');
    await Promise.resolve();
    return 10 - this.dark;
  }
}

/** Reads in its constructor, where no trace sees it. */
class Late {
  readonly source: Source;
  readonly level: () => number;

  constructor(source: Source) {
    this.source = source;
    const level = 10 - source.dark;
    this.level = () => level;
  }

  @cacheOnDisk
  twice(): number {
    ran.push('twice');
    dependsOn(this.source, 'level');
    return 2 * this.level();
  }

  @cacheOnDisk
  thrice(): number {
    ran.push('thrice');
    dependsOn(this.source, 'slow');
    return 3 * this.level();
  }

  @cacheOnDisk
  wrong(): number {
    dependsOn(this.source, 'dark' as string);
    return 1;
  }
}

describe('dependsOn', () => {
  let folder: string;
  const make = (dark = 0): Late => {
    const source = new Source();
    source.dark = dark;
    return tagIn(folder, { source, late: new Late(source) }).late;
  };
  beforeEach(() => {
    folder = temporaryFolder();
    ran = [];
  });

  it('of a result that is there includes what belongs to its analyzer: with another parameter it is another result', () => {
    const first = make();
    first.source.level();
    expect(first.twice()).to.equal(20);
    ran = [];
    expect(make().twice()).to.equal(20);
    expect(ran, 'nothing changed').to.deep.equal([]);
    expect(make(4).twice()).to.equal(12);
  });

  it('computes a synchronous result that is not there, once', () => {
    expect(make().twice()).to.equal(20);
    expect(ran).to.deep.equal(['twice', 'level']);
  });

  it('of an asynchronous result wants it awaited first, and is stale when that cannot be had', async () => {
    expect(codeThrownBy(() => make().thrice())).to.equal('STOWAGE_INVALID_OPTION');
    const first = make();
    await first.source.slow();
    expect(first.thrice()).to.equal(30);
    const stale = listen('stale');
    expect(make().thrice(), 'the stored one will do').to.equal(30);
    expect(stale).to.deep.equal([]);
  });

  it('outside a computation, and with everything off, does nothing; of what is not cached throws', () => {
    dependsOn(make().source, 'level');
    expect(ran).to.deep.equal([]);
    expect(codeThrownBy(() => make().wrong())).to.equal('STOWAGE_NOT_CACHED');
    expect(
      codeThrownBy(() => {
        dependsOn(new Source(), 'nothing' as string);
      }),
    ).to.equal('STOWAGE_NOT_CACHED');
  });

  it('of an analyzer without a tag does nothing', () => {
    const late = tagIn(folder, new Late(new Source()));
    class Loose extends Late {
      @cacheOnDisk
      loose(): number {
        dependsOn(new Source(), 'level');
        return 1;
      }
    }
    expect(tagIn(folder, new Loose(late.source)).loose()).to.equal(1);
    expect(ran).to.deep.equal([]);
  });

  it('does not let a damaged disk break the method', () => {
    const first = make();
    first.source.level();
    const [path = ''] = filesIn(join(folder, 'cachenight')).filter((file) => file.includes('Source.level'));
    writeFileSync(join(folder, 'cachenight', path), 'no record');
    expect(make().twice()).to.equal(20);
  });
});

describe('a thing that a computation used twice', () => {
  const longAgo = new Date('2020-01-01');

  it('as a file that changed in between leaves the result unstored, also that of its caller', () => {
    class Careless {
      constructor(readonly file: string) {}

      @cacheOnDisk
      sum(): number {
        const first = Number(readFileSync(dependsOnFile(this.file), 'utf8'));
        writeFileSync(this.file, '2');
        return first + Number(readFileSync(dependsOnFile(this.file), 'utf8'));
      }

      @cacheOnDisk
      twice(): number {
        return 2 * this.sum();
      }
    }
    const folder = temporaryFolder();
    const file = join(folder, 'x.txt');
    writeFileSync(file, '1');
    utimesSync(file, longAgo, longAgo);
    const careless = tagIn(folder, new Careless(file));
    expect(careless.twice()).to.equal(6);
    expect(filesIn(join(folder)), 'a sum of both is made of neither').to.deep.equal(['x.txt']);
    expect(careless.twice()).to.equal(8);
  });

  it('as a parameter that was set in between leaves the result unstored', () => {
    class Reader {
      constructor(readonly source: Source) {}

      @cacheOnDisk
      both(): number {
        const before = this.source.dark;
        this.source.dark = before + 1;
        return before + this.source.dark;
      }
    }
    const folder = temporaryFolder();
    const { reader } = tagIn(folder, { source: new Source(), reader: new Reader(new Source()) });
    expect(reader.both()).to.equal(1);
    expect(reader.both()).to.equal(3);
    expect(record(reader, 'both')).to.equal(undefined);
  });

  it('and that a named pipe has taken the place of is not waited for', () => {
    class Reader {
      constructor(readonly file: string) {}

      @cacheOnDisk
      one(): number {
        dependsOnFile(this.file);
        return 1;
      }
    }
    const folder = temporaryFolder();
    const file = join(folder, 'x.txt');
    writeFileSync(file, '');
    tagIn(folder, new Reader(file)).one();
    rmSync(file);
    execFileSync('mkfifo', [file]);
    const again = tagIn(folder, new Reader(file));
    expect(explain(again, 'one')).to.deep.include({ state: 'stale', reasons: [`the file ${file} changed`] });
    expect(again.one()).to.equal(1);
  });

  it('and that did not change leaves it stored', () => {
    class Twice {
      constructor(readonly file: string) {}

      @cacheOnDisk
      sum(): number {
        return (
          Number(readFileSync(dependsOnFile(this.file), 'utf8')) +
          Number(readFileSync(dependsOnFile(this.file), 'utf8'))
        );
      }
    }
    const folder = temporaryFolder();
    const file = join(folder, 'x.txt');
    writeFileSync(file, '1');
    const twice = tagIn(folder, new Twice(file));
    twice.sum();
    expect(explain(tagIn(folder, new Twice(file)), 'sum').state).to.equal('disk');
    expect(record(twice, 'sum')?.trace).to.have.lengthOf(1);
  });
});

describe('what belongs to an analyzer', () => {
  it('by its [cacheKey]() makes another result of what another analyzer computes from it', () => {
    class Keyed {
      constructor(public state: { gain: number }) {}

      [cacheKey](): unknown {
        return this.state.gain;
      }

      @cacheOnDisk
      scaled(): number {
        ran.push('scaled');
        return 2 * this.state.gain;
      }
    }
    class User {
      constructor(readonly keyed: Keyed) {}

      @cacheOnDisk
      total(): number {
        ran.push('total');
        return this.keyed.scaled() + 1;
      }
    }
    const folder = temporaryFolder();
    const make = (gain: number): User => tagIn(folder, new User(new Keyed({ gain })));
    expect(make(1).total()).to.equal(3);
    expect(make(2).total()).to.equal(5);
    ran = [];
    const again = make(2);
    expect(again.total()).to.equal(5);
    expect(ran).to.deep.equal([]);
    expect(explain(make(3), 'total').reasons).to.deep.equal(['root.keyed: what identifies it changed']);
  });
});
