import { join } from 'node:path';
import { expect } from 'chai';
import {
  Analyzer,
  cacheOnDisk,
  explain,
  getDiskCacher,
  parameter,
  peek,
  record,
  setTag,
  setTmpdir,
  untag,
} from 'stowage';
import { codeThrownBy, collected, filesIn, listen } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let tmpdir = '';
let computed: string[] = [];

class Slopes {
  constructor(readonly gain = 1) {}

  @cacheOnDisk
  rms(): number {
    computed.push('rms');
    return 2 * this.gain;
  }
}

class Night extends Analyzer {
  readonly slopes = new Slopes();

  @cacheOnDisk
  strehl(): number {
    computed.push(`strehl ${this.tag}`);
    return this.slopes.rms() / 4;
  }

  @cacheOnDisk
  get modes(): Float32Array {
    computed.push('modes');
    return new Float32Array([1, 2, 3]);
  }

  @cacheOnDisk
  async seeing(n: number): Promise<number> {
    await Promise.resolve();
    return n;
  }
}

describe('Analyzer', () => {
  beforeEach(() => {
    tmpdir = temporaryFolder();
    computed = [];
    process.env.STOWAGE_TMPDIR = tmpdir;
  });

  afterEach(() => {
    delete process.env.STOWAGE_TMPDIR;
  });

  it('tags itself, so that the second session finds what the first one computed', () => {
    expect(new Night('night').strehl()).to.equal(0.5);
    expect(new Night('night').strehl()).to.equal(0.5);
    expect(computed).to.deep.equal(['strehl night', 'rms']);
    expect(filesIn(tmpdir)).to.deep.equal([
      'cachenight/root.Night.strehl.json',
      'cachenight/root.slopes.Slopes.rms.json',
    ]);
  });

  it('reaches the fields of subclasses from the first call on, whoever is called first', () => {
    const night = new Night('night');
    expect(night.slopes.rms()).to.equal(2);
    expect(filesIn(tmpdir)).to.deep.equal(['cachenight/root.slopes.Slopes.rms.json']);
  });

  it('is tagged when asked about, before any call', () => {
    expect(getDiskCacher(new Night('night1'), 'strehl').fullpath()).to.equal(
      join(tmpdir, 'cachenight1', 'root.Night.strehl'),
    );
    expect(explain(new Night('night2'), 'strehl').state).to.equal('missing');
    expect(explain(new Night('night3').slopes, 'rms').state).to.equal('missing');
    expect(peek(new Night('night4'), 'strehl')).to.equal(undefined);
    expect(new Night('night5').tag).to.equal('night5');
    expect(new Night('night6').info().tag).to.equal('night6');
  });

  it('is tagged when it is handed on and called later', async () => {
    const night = new Night('night');
    await Promise.resolve();
    expect(night.strehl()).to.equal(0.5);
    expect(record(night, 'strehl')?.identity.tag).to.equal('night');
  });

  it('lets a setTmpdir right after the construction decide where all results lie', () => {
    const other = temporaryFolder();
    const night = new Night('night');
    setTmpdir(night, other);
    night.strehl();
    expect(filesIn(tmpdir)).to.deep.equal([]);
    expect(filesIn(other)).to.have.length(2);
  });

  it('takes a tag that was set by hand for the one that is meant', async () => {
    const night = new Night('night');
    setTag(night, 'another');
    await Promise.resolve();
    expect(night.tag).to.equal('another');
  });

  it('stays untagged where that was said before anything was asked', async () => {
    const night = new Night('night');
    untag(night);
    await Promise.resolve();
    night.strehl();
    expect(night.tag).to.equal('');
    expect(filesIn(tmpdir)).to.deep.equal([]);
  });

  it('refuses a tag that cannot name a folder at once', () => {
    expect(codeThrownBy(() => new Night('a/b'))).to.equal('STOWAGE_INVALID_TAG');
    expect(codeThrownBy(() => new Night(undefined as unknown as string))).to.equal('STOWAGE_INVALID_TAG');
    expect(codeThrownBy(() => Night.get(''))).to.equal('STOWAGE_INVALID_TAG');
  });

  it('stores nothing that a constructor calls, and everything under its right identity afterwards', () => {
    class Early extends Analyzer {
      readonly slopes = new Slopes();
      readonly early = [this.slopes.rms(), this.level()];
      @parameter gain = 3;

      constructor(tag: string) {
        super(tag);
        this.early.push(this.level());
      }

      @cacheOnDisk
      level(): number {
        return this.gain;
      }
    }
    const early = new Early('night');
    expect(early.early).to.deep.equal([2, undefined, 3]);
    expect(filesIn(tmpdir)).to.deep.equal([]);
    expect(early.level()).to.equal(3);
    expect(record(early, 'level')?.value).to.equal(3);
    expect(early.slopes.rms()).to.equal(2);
    expect(record(early.slopes, 'rms')?.identity.instance).to.equal('root.slopes');
  });

  it('knows that a constructor is at work through classes without a constructor, and in one that constructs its like', () => {
    const answers: (number | undefined)[] = [];
    class Base extends Analyzer {}
    class Chain extends Base {
      previous: Chain | undefined;
      length = 0;

      constructor(tag: string, depth: number) {
        super(tag);
        if (depth > 0) this.previous = new Chain(`${tag}-`, depth - 1);
        this.length = depth;
        // The previous one is there, this one is not.
        this.previous?.size();
        answers.push(this.previous && (record(this.previous, 'size')?.value as number), this.size());
      }

      @cacheOnDisk
      size(): number {
        return this.length;
      }
    }
    class Last extends Chain {}
    const chain = new Last('night', 2);
    expect(answers).to.deep.equal([undefined, 0, 0, 1, 1, 2]);
    expect(record(chain, 'size')).to.equal(undefined);
    expect(chain.size()).to.equal(2);
    expect(record(chain, 'size')?.value).to.equal(2);
    expect(filesIn(tmpdir)).to.have.length(3);
  });

  it('does not mistake the constructor of another object for its own', () => {
    class Plain extends Analyzer {
      @cacheOnDisk
      one(): number {
        return 1;
      }
    }
    class Observatory {
      readonly night: Plain;

      constructor() {
        this.night = new Plain('night');
        this.night.one();
        expect(record(this.night, 'one')?.value).to.equal(1);
      }
    }
    new Observatory();
    for (const tag of ['a', 'b']) [tag].map((each) => new Plain(each).one());
    expect(filesIn(tmpdir)).to.have.length(3);
  });

  it('is a root of its own within another analyzer', () => {
    class Pair extends Analyzer {
      readonly night = new Night('of its own');

      @cacheOnDisk
      both(): number {
        return this.night.strehl();
      }
    }
    new Pair('pair').both();
    expect(filesIn(tmpdir)).to.deep.equal([
      'cacheof its own/root.Night.strehl.json',
      'cacheof its own/root.slopes.Slopes.rms.json',
      'cachepair/root.Pair.both.json',
    ]);
  });

  it('is known by its tag as an argument, although nobody has asked for it before', () => {
    class Comparison extends Analyzer {
      @cacheOnDisk
      difference(other: Night): string {
        computed.push('difference');
        return other.tag;
      }
    }
    const comparison = new Comparison('all');
    expect(comparison.difference(new Night('a'))).to.equal('a');
    expect(comparison.difference(new Night('b'))).to.equal('b');
    expect(comparison.difference(new Night('a'))).to.equal('a');
    expect(computed).to.have.length(2);
  });

  it('puts the results of a class where the class says', () => {
    const folder = temporaryFolder();
    class Placed extends Night {
      static override readonly tmpdir = folder;
      static override readonly prefix = 'lbt';
    }
    Placed.get('night').strehl();
    expect(filesIn(folder)).to.contain('lbtnight/root.Night.strehl.json');
    expect(Placed.get('night').info().folder).to.equal(join(folder, 'lbtnight'));
  });

  describe('get', () => {
    it('returns the same instance once that has been used', () => {
      const night: Night = Night.get('night');
      night.strehl();
      expect(Night.get('night')).to.equal(night);
    });

    it('returns the same instance for the same class, tag, place and arguments', () => {
      class Site extends Night {
        constructor(
          tag: string,
          readonly site: string,
        ) {
          super(tag);
        }
      }
      const night: Night = Night.get('night');
      expect(Night.get('night')).to.equal(night);
      expect(Night.get('night', { tmpdir, prefix: 'cache' })).to.equal(night);
      expect(Night.get('night', { tmpdir: join(tmpdir, 'other') })).not.to.equal(night);
      expect(Night.get('night', { prefix: 'lbt' }).info().folder).to.equal(join(tmpdir, 'lbtnight'));
      expect(Night.get('another')).not.to.equal(night);
      expect(Site.get('night', { args: ['Mt Graham'] })).not.to.equal(night);
      expect(Site.get('night', { args: ['Mt Graham'] })).to.equal(Site.get('night', { args: ['Mt Graham'] }));
      expect(Site.get('night', { args: ['Paranal'] }).site).to.equal('Paranal');
      // @ts-expect-error -- the site is missing
      expect(Site.get('night').site).to.equal(undefined);
      expect(codeThrownBy(() => Site.get('night', { args: [(() => 1) as unknown as string] }))).to.equal(
        'STOWAGE_UNKEYABLE_ARGUMENT',
      );
    });

    it('leaves an instance that was tagged anew to those who did it', () => {
      const night = Night.get('night');
      setTag(night, 'another');
      expect(Night.get('night')).not.to.equal(night);
      expect(Night.get('night').tag).to.equal('night');
    });

    it('keeps no instance alive', async () => {
      const refs = Array.from({ length: 100 }, (_, n) => new WeakRef(Night.get(`night${n}`)));
      expect(await collected(() => refs.every((ref) => ref.deref() === undefined))).to.equal(true);
    });

    it('clears what is stored where recalc is said', () => {
      Night.get('night').strehl();
      const same = Night.get('night', { recalc: true });
      expect(filesIn(tmpdir)).to.deep.equal([]);
      same.strehl();
      Night.get('night').strehl();
      expect(computed.filter((each) => each === 'rms')).to.have.length(2);
    });
  });

  it('refuses to recalculate what is not constructed yet', () => {
    class Hasty extends Analyzer {
      constructor(tag: string) {
        super(tag);
        this.recalc();
      }
    }
    expect(codeThrownBy(() => new Hasty('night'))).to.equal('STOWAGE_INVALID_OPTION');
  });

  it('warns of nothing where a part is called before the root is constructed', () => {
    const untagged = listen('untagged');
    class Part extends Slopes {}
    class Whole extends Analyzer {
      readonly part = new Part();
      readonly first = this.part.rms();
    }
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', note);
    // Another root, so that there is somewhere to look.
    new Night('another').strehl();
    expect(new Whole('night').part.rms()).to.equal(2);
    process.off('warning', note);
    expect(untagged).to.have.length(1);
    expect(warnings).to.deep.equal([]);
  });

  describe('info and summary', () => {
    it('tell what is stored, what it cost and what it saved', async () => {
      const first = new Night('LBTISX20240410_112233');
      expect(first.summary()).to.equal(
        'Night LBTISX20240410_112233\n0 results, 0 B, 0 s to compute, 0 s saved'.replaceAll('0 s', '0 µs'),
      );
      first.strehl();
      expect(first.modes).to.have.length(3);
      await first.seeing(5);
      const before = first.info();
      expect(before).to.include({
        class: 'Night',
        tag: 'LBTISX20240410_112233',
        entries: 4,
        saved: 0,
        tmpdir,
        prefix: 'cache',
      });
      expect(before.date?.toISOString()).to.equal('2024-04-10T11:22:33.000Z');
      const again = new Night('LBTISX20240410_112233');
      for (let n = 0; n < 3; n++) again.strehl();
      const { seconds = 0 } = record(again, 'strehl') ?? {};
      expect(again.info().saved).to.equal(seconds * 3);
      const lines = again.summary().split('\n');
      expect(lines[0]).to.equal('Night LBTISX20240410_112233');
      expect(lines[1]).to.match(/^method +instance +arguments +result +size +computed in +saved$/);
      expect(lines).to.have.length(8);
      expect(lines[3]).to.match(/^Night\.modes +root +Float32Array 3 +140 B /);
      expect(lines[4]).to.match(/^Night\.seeing +root +5 +number /);
      expect(lines[5]).to.match(/^Night\.strehl +root +number .*s$/);
    });
  });
});
