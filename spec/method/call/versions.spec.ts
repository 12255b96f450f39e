import { join } from 'node:path';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  accept,
  clearCache,
  configure,
  explain,
  explainAll,
  getDiskCacher,
  invalidate,
  InvalidOptionError,
  peek,
  record,
  revalidate,
  verify,
} from 'stowage';
import { setReadonly } from '#lib/base/settings.js';
import { settings } from '#lib/method/state/options.js';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { Program, type RunOptions, type Told } from '../../support/children/program.js';
import { opticsOf, Telescope, type Optics } from '../../support/analyses/of-some-code.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const files = {
  optics: `
    export const scale = (value: number): number => value * 2;
  `,
  night: `
    import { cacheOnDisk } from 'stowage';
    import { ran } from './runs.js';
    import { scale } from './optics.js';
    class Camera {
      @cacheOnDisk
      frames(): Float64Array {
        ran('frames');
        return Float64Array.of(scale(1), 2);
      }
      @cacheOnDisk
      master(): number {
        ran('master');
        return this.frames()[0];
      }
    }
    class Night {
      camera = new Camera();
      @cacheOnDisk
      strehl(): string {
        ran('strehl');
        return \`strehl \${this.camera.master()}\`;
      }
    }
    export const root = new Night();
    export const calls = [[root, 'strehl']];
  `,
};

describe('a branch that is left and come back to', () => {
  let program: Program;
  let tmpdir: string;
  const run = (options?: RunOptions): Told => program.run(tmpdir, options);
  /** From one branch to another: what a helper of the farthest upstream result does. */
  const go = (from: number, to: number): void => {
    program.edit('optics', `value * ${String(from)}`, `value * ${String(to)}`);
  };

  beforeEach(() => {
    tmpdir = temporaryFolder();
    program = new Program(temporaryFolder(), files);
  });

  it('finds all its results again, through any depth', async () => {
    expect(run().ran).to.eql(['strehl', 'master', 'frames']);
    go(2, 3);
    expect(run()).to.deep.include({ values: ['strehl 3'], ran: ['frames', 'master', 'strehl'] });
    go(3, 2);
    const back = run();
    expect(back).to.deep.include({ values: ['strehl 2'], ran: [], state: 'disk' });
    expect(back.reasons).to.have.length(1);
    expect(back.reasons[0]).to.match(/^an earlier version; of the latest result, /);
    go(2, 3);
    expect(run()).to.deep.include({ values: ['strehl 3'], ran: [], reasons: [] });
    const { entries, sound, versions, findings } = await verify(join(tmpdir, 'cachet'));
    expect({ entries, sound, versions, findings }).to.eql({ entries: 6, sound: 6, versions: 3, findings: [] });
  });

  it('is what a later edit is compared with, once it was used again', () => {
    run();
    go(2, 3);
    run();
    go(3, 2);
    run();
    program.edit('optics', 'value * 2', 'value * LIMIT');
    program.edit('optics', 'export const scale', 'const LIMIT = 2;\n    export const scale');
    expect(run()).to.deep.include({ values: ['strehl 2'], ran: [] });
    const edit = (from: string, to: string): void => {
      program.edit('optics', `LIMIT = ${from}`, `LIMIT = ${to}`);
    };
    for (const [from, to] of [
      ['2', '4'],
      ['4', '5'],
    ] as const) {
      edit(from, to);
      run();
    }
    edit('5', '4');
    expect(run()).to.deep.include({ values: ['strehl 4'], ran: [] });
    edit('4', '6');
    const told = run();
    const cause = 'upstream Camera.frames: its code changed: constant LIMIT 4 → 6';
    expect(told.reasons).to.eql([cause]);
    expect(told.stale).to.deep.include({ 'Night.strehl': cause });
    expect(told.stale['Camera.frames']).to.equal("the method's code changed: constant LIMIT 4 → 6");
  });

  it('finds them after three others, and not after a fourth', () => {
    for (const branch of [2, 3, 4, 5]) {
      if (branch > 2) go(branch - 1, branch);
      expect(run().values).to.eql([`strehl ${String(branch)}`]);
    }
    go(5, 2);
    expect(run()).to.deep.include({ values: ['strehl 2'], ran: [] });
    go(2, 6);
    run();
    go(6, 2);
    expect(run()).to.deep.include({ values: ['strehl 2'], ran: ['frames', 'master', 'strehl'] });
    go(2, 4);
    expect(run()).to.deep.include({ values: ['strehl 4'], ran: [] });
  });

  it('finds what is upstream of an edit that another branch made downstream', () => {
    run();
    program.edit('night', "ran('master');", "ran('master'); if (Date.now() < 0) return 0;");
    expect(run().ran).to.eql(['master']);
    program.edit('night', "ran('master'); if (Date.now() < 0) return 0;", "ran('master');");
    expect(run()).to.deep.include({ values: ['strehl 2'], ran: [] });
  });

  it('finds them without writing anything', () => {
    run();
    go(2, 3);
    run();
    go(3, 2);
    const before = filesIn(tmpdir);
    expect(run({ settings: { readonly: true } })).to.deep.include({ values: ['strehl 2'], ran: [] });
    expect(filesIn(tmpdir)).to.eql(before);
  });

  it('computes again where none is to be kept', () => {
    const none = { settings: { keepVersions: 0 } };
    run(none);
    go(2, 3);
    run(none);
    go(3, 2);
    expect(run(none).ran).to.eql(['frames', 'master', 'strehl']);
    expect(filesIn(tmpdir).filter((name) => name.includes('~'))).to.eql([]);
  });

  it('in two folders at once never finds the results of the other', async () => {
    const other = new Program(temporaryFolder(), { ...files, optics: files.optics.replace('2', '3') });
    for (let round = 0; round < 2; round++) {
      const told = await Promise.all([program.start(tmpdir), other.start(tmpdir)]);
      expect(told.map(({ values }) => values)).to.eql([['strehl 2'], ['strehl 3']]);
      if (round > 0) expect(told.map(({ ran }) => ran)).to.eql([[], []]);
    }
    expect((await verify(join(tmpdir, 'cachet'))).findings).to.eql([]);
  });
});

describe('an earlier version', () => {
  let tmpdir: string;
  let folder: string;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
  });
  afterEach(() => {
    delete settings.shared.keepVersions;
    setReadonly(false);
  });

  const code = (number: number, options?: Parameters<typeof opticsOf>[1]): Optics =>
    tagIn(tmpdir, new Telescope(opticsOf(number, options))).optics;
  const psfBy = (number: number): number | undefined => code(number).psf()[0];
  const versionsThere = (): string[] => filesIn(folder).filter((name) => name.includes('~'));

  it('is what is said of the entry, where it would be used', () => {
    for (const number of [1, 2]) psfBy(number);
    const [first, second, third] = [code(1), code(2), code(3)];
    const hits = listen('hit');
    expect(first.psf()[0]).to.equal(1);
    expect(hits.map(({ reason }) => reason)).to.eql(['disk, an earlier version']);
    expect(getDiskCacher(first, 'psf').dataFile()).to.equal(hits[0]?.file);
    const again = code(1);
    expect(peek(again, 'psf')).to.eql(Float64Array.of(1, 2, 3));
    expect(record(again, 'psf')?.versions).to.equal(undefined);
    const explained = explain(again, 'psf');
    expect(explained).to.deep.include({ state: 'disk', file: hits[0]?.file });
    expect(explained.reasons).to.have.length(1);
    expect(explained.reasons[0]).to.match(/^an earlier version; of the latest result, the method's code changed/);
    expect(record(second, 'psf')?.versions).to.have.length(1);
    expect(explain(second, 'psf')).to.deep.include({ state: 'disk', reasons: [] });
    expect(record(third, 'psf')).to.deep.equal(record(second, 'psf'));
    expect(explain(third, 'psf').state).to.equal('stale');
  });

  it('stays in memory where that is checked again', () => {
    for (const number of [1, 2]) psfBy(number);
    const first = code(1);
    first.psf();
    expect(revalidate(first)).to.equal(0);
  });

  it('of a call with arguments is another for each', () => {
    for (const number of [1, 2]) for (const of of [3, 4]) code(number).small(of);
    const hits = listen('hit');
    expect(code(1).small(3)).to.equal(3);
    expect(code(1).small(4)).to.equal(4);
    expect(code(2).small(3)).to.equal(6);
    expect(hits.map(({ reason }) => reason)).to.eql(['disk, an earlier version', 'disk, an earlier version', 'disk']);
  });

  it('is one row with its entry where all are explained', async () => {
    for (const number of [1, 2]) psfBy(number);
    const rows = await explainAll(code(1));
    expect(rows.map(({ method, state }) => [method, state])).to.eql([['psf', 'disk']]);
  });

  it('goes where its method is invalidated, or its call', () => {
    const call = (number: number): number => code(number).small(3);
    for (const invalidating of [
      (): void => {
        invalidate(code(2), 'small');
      },
      (): void => {
        invalidate(code(2), 'small', 3);
      },
    ]) {
      for (const number of [1, 2]) call(number);
      expect(versionsThere()).to.have.length(1);
      invalidating();
      expect(versionsThere()).to.eql([]);
      const misses = listen('miss');
      expect(call(1)).to.equal(3);
      expect(call(2)).to.equal(6);
      expect(misses).to.have.length(2);
      expect(call(1)).to.equal(3);
      expect(misses).to.have.length(2);
    }
  });

  it('is found again where the record of its entry is damaged, and kept by the next one', () => {
    for (const number of [1, 2]) psfBy(number);
    const present = join(folder, 'root.optics.psf.json');
    writeFileSync(present, readFileSync(present, 'utf8').replace('"bytes"', '"bites"'));
    const hits = listen('hit');
    expect(psfBy(1)).to.equal(1);
    expect(hits.map(({ reason }) => reason)).to.eql(['disk, an earlier version']);
    expect(psfBy(3)).to.equal(3);
    expect(record(code(3), 'psf')?.versions).to.have.length(1);
    expect(psfBy(1)).to.equal(1);
    expect(hits).to.have.length(2);
  });

  it('goes with its entry where that is cleared', () => {
    for (const number of [1, 2, 3]) psfBy(number);
    clearCache(code(3));
    expect(existsSync(folder)).to.equal(false);
  });

  it('is not stamped anew where its entry is accepted', () => {
    for (const number of [1, 2]) psfBy(number);
    expect(accept(code(3))).to.equal(1);
    expect(psfBy(1)).to.equal(1);
    expect(psfBy(3)).to.equal(2);
  });

  it('stays the result of its code when that is back and accepts: what other code has put there is left alone', () => {
    for (const number of [1, 2]) psfBy(number);
    expect(accept(code(1))).to.equal(0);
    expect(psfBy(1)).to.equal(1);
    expect(psfBy(2)).to.equal(2);
  });

  it('is not used where its lifetime is over', () => {
    for (const number of [1, 2]) psfBy(number);
    const misses = listen('miss');
    expect(code(1, { lifetime: 0 }).psf()[0]).to.equal(1);
    expect(misses).to.have.length(1);
    expect(versionsThere()).to.eql([]);
  });

  it('is found, and nothing is written, where nothing may be', () => {
    for (const number of [1, 2]) psfBy(number);
    const before = readdirSync(folder);
    setReadonly(true);
    expect(psfBy(1)).to.equal(1);
    expect(psfBy(2)).to.equal(2);
    expect(psfBy(3)).to.equal(3);
    expect(readdirSync(folder)).to.eql(before);
  });

  it('is kept as often as its method, or else configure, says', () => {
    configure({ keepVersions: 1 });
    for (const number of [1, 2, 3]) psfBy(number);
    expect(versionsThere()).to.have.length(2);
    for (const number of [4, 5]) code(number, { keepVersions: 2 }).psf();
    expect(versionsThere()).to.have.length(4);
  });

  for (const wrong of [-1, 1.5, NaN, Infinity, '3', null, true]) {
    it(`is not kept ${String(wrong)} times`, () => {
      const keepVersions = wrong as number;
      expect(() => {
        configure({ keepVersions });
      }).to.throw(InvalidOptionError, 'keepVersions must be a whole number of versions, such as 3, or 0 for none');
      expect(() => opticsOf(1, { keepVersions })).to.throw(InvalidOptionError, 'keepVersions');
    });
  }
});
