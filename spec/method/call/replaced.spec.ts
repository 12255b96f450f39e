import { expect } from 'chai';
import { cacheOnDisk, explain } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran = 0;

abstract class Solver {
  @cacheOnDisk
  solve(): string {
    return this.name();
  }

  protected abstract name(): string;
}

class Slow extends Solver {
  protected name(): string {
    return 'slow';
  }
}

class Fast extends Solver {
  protected name(): string {
    return 'fast';
  }
}

/** Solves likewise, and caches nothing. */
class Plain {
  solve(): string {
    return 'plain';
  }
}

interface Parts {
  solver?: { solve(): string } | undefined;
  list?: Iterable<{ solve(): string }>;
  byName?: Record<string, { solve(): string }>;
}

class Night {
  solver: Parts['solver'];
  list: Iterable<{ solve(): string }>;
  byName: Record<string, { solve(): string }>;

  constructor({ solver, list = [], byName = {} }: Parts) {
    this.solver = solver;
    this.list = list;
    this.byName = byName;
  }

  @cacheOnDisk
  report(): string {
    ran++;
    return `by ${this.solver?.solve() ?? 'nobody'}`;
  }

  @cacheOnDisk
  all(): string[] {
    ran++;
    return [...this.list].map((solver) => solver.solve());
  }

  @cacheOnDisk
  named(): string[] {
    ran++;
    return Object.values(this.byName).map((solver) => solver.solve());
  }

  @cacheOnDisk
  lazy(): string {
    ran++;
    this.solver ??= new Slow();
    return this.solver.solve();
  }
}

describe('a stored result that was made of another analyzer', () => {
  let folder: string;
  const today = (parts: Parts): Night => tagIn(folder, new Night(parts));
  beforeEach(() => {
    folder = temporaryFolder();
    ran = 0;
  });

  it('is not used when another class stands in its place, its method inherited or not', () => {
    expect([Slow, Fast, Slow].map((Class) => today({ solver: new Class() }).report())).to.deep.equal([
      'by slow',
      'by fast',
      'by slow',
    ]);
    expect(explain(today({ solver: new Fast() }), 'report')).to.deep.include({ state: 'disk', reasons: [] });
    const { state, reasons } = explain(today({ solver: new Slow() }), 'report');
    expect(state).to.equal('disk');
    expect(reasons.length).to.equal(1);
    expect(reasons[0]).to.match(/^an earlier version; of the latest result, .*stands? at/);
  });

  it('is not used when what stands in its place caches nothing, or nothing stands there', () => {
    today({ solver: new Slow() }).report();
    expect(today({ solver: new Plain() }).report()).to.equal('by plain');
    folder = temporaryFolder();
    today({ solver: new Slow() }).report();
    expect(today({}).report()).to.equal('by nobody');
  });

  it('is not used when the collection that it stood in has more members, or fewer', () => {
    const solvers = (count: number): Solver[] => Array.from({ length: count }, () => new Slow());
    const answers = [2, 3, 1, 2].map((count) => today({ list: solvers(count) }).all().length);
    expect(answers).to.deep.equal([2, 3, 1, 2]);
    expect([2, 3].map((count) => today({ list: new Set(solvers(count)) }).all().length)).to.deep.equal([2, 3]);
    today({ byName: { tip: new Slow() } }).named();
    expect(today({ byName: { tip: new Slow(), tilt: new Slow() } }).named()).to.have.length(2);
  });

  it('is used while the same stands there', () => {
    const parts = (): Parts => ({ solver: new Slow(), list: [new Fast(), new Slow()], byName: { tip: new Fast() } });
    const ask = (night: Night): unknown[] => [night.report(), night.all(), night.named()];
    const first = ask(today(parts()));
    expect(ask(today(parts()))).to.deep.equal(first);
    expect(ran).to.equal(3);
  });

  it('is used before an analyzer is there that its method itself attaches', () => {
    expect(today({}).lazy()).to.equal('slow');
    expect(today({}).lazy()).to.equal('slow');
    expect(ran).to.equal(1);
  });

  it('is not used when another class is attached after the tagging, as the one before it was', () => {
    const late = (solver: Solver): string => {
      const night = today({});
      night.solver = solver;
      return night.report();
    };
    expect([new Slow(), new Fast(), new Fast()].map(late)).to.deep.equal(['by slow', 'by fast', 'by fast']);
    expect(ran).to.equal(2);
  });

  it('is used when the analyzer is attached after the tagging', () => {
    today({ solver: new Slow() }).report();
    const night = today({});
    night.solver = new Slow();
    expect(night.report()).to.equal('by slow');
    expect(ran).to.equal(1);
  });
});

describe('an analyzer of another class in the place of one that left no result', () => {
  class Odd {
    constructor(private readonly way: 'throws' | 'cannot be stored' | 'throws later') {}

    @cacheOnDisk
    solve(): unknown {
      if (this.way === 'throws') throw new Error('no');
      return this.way === 'throws later' ? Promise.reject(new Error('no')) : (): string => 'odd';
    }
  }

  class Even {
    @cacheOnDisk
    solve(): unknown {
      return () => 'even';
    }
  }

  class User {
    solver: { solve(): unknown };
    list: { solve(): unknown }[];

    constructor(solver: { solve(): unknown }) {
      this.solver = solver;
      this.list = [solver];
    }

    @cacheOnDisk
    use(): string {
      ran++;
      return outcomeOf(() => (this.solver.solve() as () => string)());
    }

    @cacheOnDisk
    useMember(): string {
      return outcomeOf(() => (this.list[0]?.solve() as () => string)());
    }

    @cacheOnDisk
    async useLater(): Promise<string> {
      try {
        return ((await this.solver.solve()) as () => string)();
      } catch {
        return 'failed';
      }
    }
  }

  function outcomeOf(work: () => string): string {
    try {
      return work();
    } catch {
      return 'failed';
    }
  }

  let folder: string;
  const user = (solver: { solve(): unknown }): User => tagIn(folder, new User(solver), 'night');
  beforeEach(() => {
    folder = temporaryFolder();
    ran = 0;
  });

  it('is asked where the first threw', () => {
    expect(user(new Odd('throws')).use()).to.equal('failed');
    expect(user(new Even()).use()).to.equal('even');
  });

  it('is asked where the value of the first could not be stored', () => {
    expect(user(new Odd('cannot be stored')).use()).to.equal('odd');
    expect(user(new Even()).use()).to.equal('even');
  });

  it('is asked where it is a member of a collection', () => {
    expect(user(new Odd('throws')).useMember()).to.equal('failed');
    expect(user(new Even()).useMember()).to.equal('even');
  });

  it('is asked where the first rejected', async () => {
    expect(await user(new Odd('throws later')).useLater()).to.equal('failed');
    expect(await user(new Even()).useLater()).to.equal('even');
  });

  it('is not looked for where the class is the same: the result is used', () => {
    expect(user(new Odd('throws')).use()).to.equal('failed');
    expect(user(new Odd('throws')).use()).to.equal('failed');
    expect(ran).to.equal(1);
  });
});
