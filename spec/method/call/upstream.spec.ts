import { cpSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { accept, cacheOnDisk, dependsOn, dependsOnFile, explain, parameter, record, revalidate } from 'stowage';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran: string[] = [];
let fails = false;

/** What is computed from a file, in every way that matters to those who use it. */
class Source {
  constructor(readonly path: () => string) {}

  private read(): number {
    return Number(readFileSync(dependsOnFile(this.path()), 'utf8'));
  }

  @cacheOnDisk
  plain(): number {
    ran.push('plain');
    return this.read();
  }

  @cacheOnDisk
  large(data: Float64Array): number {
    ran.push('large');
    return this.read() + data.length;
  }

  @cacheOnDisk
  failing(): number {
    ran.push('failing');
    if (fails) throw new Error('no more frames');
    return this.read();
  }

  @cacheOnDisk({ lifetime: 100 })
  brief(): number {
    ran.push('brief');
    return this.read();
  }

  @cacheOnDisk
  async later(): Promise<number> {
    ran.push('later');
    await new Promise(setImmediate);
    return this.read();
  }

  @cacheOnDisk
  unstorable(): unknown {
    ran.push('unstorable');
    const value = this.read();
    return fails ? { value, hidden: () => value } : { value };
  }
}

class User {
  source: Source | undefined;

  constructor(source: Source) {
    this.source = source;
  }

  private get of(): Source {
    return this.source ?? new Source(() => 'nowhere');
  }

  @cacheOnDisk
  plain(): string {
    ran.push('of plain');
    return `${this.of.plain()}`;
  }

  @cacheOnDisk
  large(): string {
    ran.push('of large');
    return `${this.of.large(new Float64Array(1000))}`;
  }

  @cacheOnDisk
  failing(): string {
    ran.push('of failing');
    try {
      return `${this.of.failing()}`;
    } catch {
      return 'none';
    }
  }

  @cacheOnDisk
  brief(): string {
    ran.push('of brief');
    return `${this.of.brief()}`;
  }

  @cacheOnDisk
  later(): string {
    ran.push('of later');
    dependsOn(this.of, 'later');
    return 'whatever came';
  }

  @cacheOnDisk
  unstorable(): string {
    ran.push('of unstorable');
    return JSON.stringify(this.of.unstorable());
  }

  @cacheOnDisk
  async all(): Promise<number[]> {
    ran.push('all');
    return Promise.all([this.of.later(), this.middle(), Promise.resolve(this.of.plain())]);
  }

  @cacheOnDisk
  async middle(): Promise<number> {
    ran.push('middle');
    await new Promise(setImmediate);
    return (await this.of.later()) + 1;
  }
}

describe('a result whose upstream has changed', () => {
  let folder: string;
  let file: string;
  let minutes = 0;
  const write = (text: string): void => {
    writeFileSync(file, text);
    const time = new Date(Date.UTC(2020, 0, 1) + 60_000 * minutes++);
    utimesSync(file, time, time);
  };
  const make = (): User => tagIn(folder, new User(new Source(() => file)));
  const ranBy = (action: () => unknown): string[] => {
    ran = [];
    action();
    return ran;
  };

  beforeEach(() => {
    ran = [];
    fails = false;
    folder = temporaryFolder();
    file = join(folder, 'source.txt');
    write('1');
  });

  it('holds where that is computed again to the same, and is computed again where not', () => {
    expect(make().plain()).to.equal('1');
    write('1.0');
    expect(ranBy(() => make().plain())).to.deep.equal(['plain']);
    write('2');
    expect(ranBy(() => expect(make().plain()).to.equal('2'))).to.deep.equal(['plain', 'of plain']);
  });

  it('is stale where that is asynchronous and the call is not', async () => {
    const first = make();
    await first.source?.later();
    first.later();
    write('2');
    const stale = listen('stale');
    const second = make();
    expect(explain(second, 'later').reasons.join()).to.match(
      /^root\.source\.Source\.later is stale: the file .* changed$/,
    );
    expect(() => second.later()).to.throw(/asynchronous and has no result yet/);
    expect(stale.map(({ reason }) => reason).join()).to.match(/Source\.later is stale: it is asynchronous/);
    await second.source?.later();
    expect(ranBy(() => second.later())).to.deep.equal(['of later']);
  });

  it('is stale where its analyzer, which was attached when the root was tagged, is not there any more', () => {
    class Level {
      @cacheOnDisk
      value(): number {
        return 1;
      }
    }
    class Twice {
      level: Level | undefined = new Level();

      @cacheOnDisk
      plain(): number {
        return 2 * (this.level?.value() ?? 0);
      }
    }
    tagIn(folder, new Twice()).plain();
    const without = new Twice();
    without.level = undefined;
    tagIn(folder, without);
    expect(explain(without, 'plain')).to.deep.include({ state: 'stale' });
    expect(explain(without, 'plain').reasons.join()).to.match(
      /Level\.value is stale: nothing cached stands at root\.level now/,
    );
  });

  it('is stale where the arguments were too large to be stored', () => {
    expect(make().large()).to.equal('1001');
    write('1.0');
    const stale = listen('stale');
    expect(ranBy(() => make().large())).to.deep.equal(['of large', 'large']);
    expect(stale[0]?.reason).to.match(
      /Source\.large is stale: the file .* changed, and its arguments are too large to be stored/,
    );
  });

  it('is stale where computing that again fails, and the failure is its own affair', () => {
    expect(make().failing()).to.equal('1');
    write('2');
    fails = true;
    const stale = listen('stale');
    expect(make().failing()).to.equal('none');
    expect(stale.map(({ reason }) => reason)).to.include(
      'root.source.Source.failing is stale: computing it again failed: Error: no more frames',
    );
  });

  it('is stale where what comes out now cannot be stored', () => {
    expect(make().unstorable()).to.equal('{"value":1}');
    write('1.0');
    fails = true;
    const stale = listen('stale');
    expect(make().unstorable()).to.equal('{"value":1}');
    expect(stale.map(({ reason }) => reason)).to.include('root.source.Source.unstorable is stale: it cannot be stored');
  });

  it('holds beyond the lifetime of that, where it comes out the same', () => {
    make().brief();
    const { now } = Date;
    const later = now() + 101_000;
    Date.now = () => later;
    try {
      expect(explain(make(), 'brief').reasons).to.deep.equal(['root.source.Source.brief is stale: expired']);
      expect(ranBy(() => make().brief())).to.deep.equal(['brief']);
      write('3');
      expect(ranBy(() => expect(make().brief()).to.equal('3'))).to.deep.equal(['brief', 'of brief']);
    } finally {
      Date.now = now;
    }
  });

  it('is stale where that is no longer stored, until it is computed again to the same', () => {
    make().plain();
    rmSync(join(folder, 'cachenight/root.source.Source.plain.json'));
    expect(explain(make(), 'plain').reasons).to.deep.equal([
      'root.source.Source.plain is stale: it is no longer stored',
    ]);
    expect(ranBy(() => make().plain())).to.deep.equal(['plain']);
  });

  it('under Promise.all attributes each use to its true caller, also of calls that join one under way', async () => {
    const first = make();
    const [all, again] = await Promise.all([first.all(), first.all()]);
    expect(all).to.deep.equal([1, 2, 1]);
    expect(again).to.deep.equal([1, 2, 1]);
    expect(ran.sort()).to.deep.equal(['all', 'later', 'middle', 'plain']);
    const used = (method: string): string[] =>
      (record(first, method)?.trace ?? []).map((item) => ('call' in item ? item.call.method : 'file')).sort();
    expect(used('all')).to.deep.equal(['Source.later', 'Source.plain', 'User.middle']);
    expect(used('middle')).to.deep.equal(['Source.later']);
    write('1.0');
    ran = [];
    expect(await make().all()).to.deep.equal([1, 2, 1]);
    expect(ran.sort(), 'the same values: nothing downstream is computed').to.deep.equal(['later', 'plain']);
  });

  it('revalidate takes it out of memory where the disk has another one since', () => {
    const first = make();
    first.plain();
    write('5');
    const second = make();
    second.plain();
    expect(revalidate(first)).to.be.greaterThan(0);
    expect(first.plain()).to.equal('5');
    expect(revalidate(new User(new Source(() => file)))).to.equal(0);
  });

  it('a file that was absent makes stale what knew it as absent when it appears, even empty', () => {
    class Optional {
      constructor(readonly path: () => string) {}

      @cacheOnDisk
      has(): boolean {
        ran.push('has');
        try {
          readFileSync(dependsOnFile(this.path()));
          return true;
        } catch {
          return false;
        }
      }
    }
    const absent = join(folder, 'not', 'yet.txt');
    const optional = (path = absent): Optional => tagIn(folder, new Optional(() => path));
    expect(optional().has()).to.equal(false);
    expect(ranBy(() => optional().has())).to.deep.equal([]);
    cpSync(file, absent);
    writeFileSync(absent, '');
    expect(optional().has()).to.equal(true);
    rmSync(absent);
    expect(optional().has()).to.equal(false);
    expect(optional(join(file, 'below a file')).has(), 'and below what is no folder').to.equal(false);
  });

  it('a tmpdir that is copied as a whole keeps what it says of files inside it, and not of files outside', () => {
    const outside = join(temporaryFolder(), 'outside.txt');
    writeFileSync(outside, '7');
    class Both {
      constructor(readonly paths: string[]) {}

      @cacheOnDisk
      sum(which: number): number {
        ran.push('sum');
        return Number(readFileSync(dependsOnFile(this.paths[which] ?? ''), 'utf8'));
      }
    }
    const first = tagIn(folder, new Both([file, outside]));
    expect(first.sum(0)).to.equal(1);
    expect(first.sum(1)).to.equal(7);
    const files = [0, 1].map((which) =>
      record(first, 'sum', which)?.trace.map((item) => ('file' in item ? item.file : '')),
    );
    expect(files).to.deep.equal([['source.txt'], [outside]]);
    const copy = join(temporaryFolder(), 'copy');
    cpSync(folder, copy, { recursive: true });
    rmSync(file);
    const moved = (): Both => tagIn(copy, new Both([join(copy, 'source.txt'), outside]));
    expect(
      ranBy(() => {
        moved().sum(0);
        moved().sum(1);
      }),
    ).to.deep.equal([]);
    writeFileSync(join(copy, 'source.txt'), '2');
    expect(moved().sum(0)).to.equal(2);
    writeFileSync(outside, '8');
    expect(moved().sum(1)).to.equal(8);
  });

  it('is followed through a chain of a thousand, computed and loaded', () => {
    class Chain {
      @parameter readonly start = 0;

      @cacheOnDisk({ durable: false })
      link(n: number): number {
        ran.push('link');
        return n === 0 ? Number(readFileSync(dependsOnFile(file), 'utf8')) : this.link(n - 1) + 1;
      }
    }
    const fault = listen('fault');
    const chain = (): Chain => tagIn(folder, new Chain());
    const first = chain();
    for (let n = 0; n <= 1000; n += 100) first.link(n);
    expect(explain(chain(), 'link', 1000)).to.include({ state: 'disk' });
    expect(ranBy(() => chain().link(1000))).to.deep.equal([]);
    write('1.0');
    expect(ranBy(() => expect(chain().link(1000)).to.equal(1001))).to.deep.equal(['link']);
    write('2');
    expect(explain(chain(), 'link', 1000).state).to.equal('stale');
    expect(chain().link(1000)).to.equal(1002);
    expect(fault.map(({ error }) => String(error))).to.deep.equal([]);
  });
});

describe('a change of nothing but comments and white space', () => {
  it('is no change of code', () => {
    const folder = temporaryFolder();
    const versions = [
      (): object => {
        class Model {
          @cacheOnDisk({ onCodeChange: 'recompute' })
          value(): number {
            ran.push('value');
            return 1 + 2;
          }
        }
        return new Model();
      },
      (): object => {
        class Model {
          @cacheOnDisk({ onCodeChange: 'recompute' })
          value(): number {
            // What it does is what it did.
            ran.push('value');
            return /* the sum */ 1 + 2;
          }
        }
        return new Model();
      },
    ];
    ran = [];
    const [one, two] = versions.map((version) => version()) as { value(): number }[];
    tagIn(folder, one as object);
    one?.value();
    const elsewhere = temporaryFolder();
    cpSync(folder, elsewhere, { recursive: true });
    tagIn(elsewhere, two as object);
    expect(two?.value()).to.equal(3);
    expect(ran).to.deep.equal(['value']);
    expect(explain(two as object, 'value').reasons).to.deep.equal([]);
    expect(accept(two as object), 'there is nothing to accept').to.equal(0);
  });
});
