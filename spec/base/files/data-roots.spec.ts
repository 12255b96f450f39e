import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { cacheOnDisk, dependsOnFile, explain, InvalidOptionError, record, setDataRoot } from 'stowage';
import { fullPath, storedPath } from '#lib/base/files/data-roots.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Where the frames are mounted. */
const mount = { point: '' };
let ran = 0;

class Dark {
  @cacheOnDisk
  level(): number {
    ran++;
    return readFileSync(dependsOnFile(join(mount.point, 'dark', 'night1.txt'))).length;
  }
}

class Night {
  readonly dark = new Dark();

  @cacheOnDisk
  twice(): number {
    return 2 * this.dark.level();
  }
}

describe('a data root', () => {
  let here: string;
  let there: string;
  let tmpdir: string;
  beforeEach(() => {
    here = temporaryFolder();
    there = join(temporaryFolder(), 'mnt');
    tmpdir = temporaryFolder();
    mkdirSync(join(here, 'dark'));
    writeFileSync(join(here, 'dark', 'night1.txt'), 'frames');
    ran = 0;
    mount.point = here;
    setDataRoot('spec_raw', here);
  });
  afterEach(() => {
    for (const name of ['spec_raw', 'spec_dark']) setDataRoot(name, undefined);
  });

  /** The same data, mounted elsewhere. */
  function moveThere(): void {
    cpSync(here, there, { recursive: true });
    mount.point = there;
    setDataRoot('spec_raw', there);
  }

  it('is what records name a file by', () => {
    const dark = tagIn(tmpdir, new Dark());
    dark.level();
    expect(record(dark, 'level')?.trace).to.deep.include.members([
      { ...record(dark, 'level')?.trace[0], file: '$spec_raw/dark/night1.txt' },
    ]);
  });

  it('has results hold where it is mounted elsewhere, through any depth', () => {
    expect(tagIn(tmpdir, new Night()).twice()).to.equal(12);
    moveThere();
    expect(tagIn(tmpdir, new Night()).twice()).to.equal(12);
    expect(ran).to.equal(1);
  });

  it('has results stale where a file is another there', () => {
    tagIn(tmpdir, new Night()).twice();
    moveThere();
    appendFileSync(join(there, 'dark', 'night1.txt'), '!');
    expect(tagIn(tmpdir, new Night()).twice()).to.equal(14);
  });

  it('that is not set is said, and its results are computed', () => {
    tagIn(tmpdir, new Dark()).level();
    setDataRoot('spec_raw', undefined);
    const dark = tagIn(tmpdir, new Dark());
    expect(explain(dark, 'level').reasons).to.deep.equal([
      'the file $spec_raw/dark/night1.txt cannot be found: set its data root with ' +
        "setDataRoot('spec_raw', …) or STOWAGE_DATA_spec_raw",
    ]);
    expect(dark.level()).to.equal(6);
  });

  it('stands in the way of other tmpdirs as well', () => {
    const shared = join(here, 'results');
    const first = { dark: tagIn(shared, new Dark(), 'darks') };
    class Science {
      constructor(private readonly darks: Dark) {}

      @cacheOnDisk
      thrice(): number {
        return 3 * this.darks.level();
      }
    }
    tagIn(tmpdir, new Science(first.dark)).thrice();
    moveThere();
    const other = tagIn(join(there, 'results'), new Dark(), 'darks');
    const science = tagIn(tmpdir, new Science(other));
    expect(explain(science, 'thrice').reasons).to.deep.equal([]);
    expect(science.thrice()).to.equal(18);
    expect(ran).to.equal(1);
  });

  it('is the innermost of several', () => {
    setDataRoot('spec_dark', join(here, 'dark'));
    expect(storedPath(join(here, 'dark', 'night1.txt'), tmpdir)).to.equal('$spec_dark/night1.txt');
  });

  it('is found through links', () => {
    symlinkSync(here, there);
    expect(storedPath(join(there, 'dark', 'new.txt'), tmpdir)).to.equal('$spec_raw/dark/new.txt');
  });

  it('gives way to the tmpdir, and is not taken for a folder of such a name in it', () => {
    const odd = join(here, '$spec_raw', 'x');
    expect(fullPath(storedPath(odd, here), here)).to.equal(odd);
  });

  it('is set by the environment', () => {
    const program = `
      import { storedPath } from ${JSON.stringify(import.meta.resolve('#lib/base/files/data-roots.js'))};
      process.stdout.write(storedPath('/mnt/raw/night1.fits', '/results'));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, STOWAGE_DATA_raw: '/mnt/raw/' },
    });
    expect(stdout).to.equal('$raw/night1.fits');
  });

  for (const name of ['', 'a-b', '1st', 'a/b', '$raw', '..']) {
    it(`is not called '${name}'`, () => {
      expect(() => {
        setDataRoot(name, here);
      }).to.throw(InvalidOptionError, 'letters, digits and underscores');
    });
  }

  it('is no URL of another kind', () => {
    expect(() => {
      setDataRoot('spec_raw', 's3://bucket');
    }).to.throw(InvalidOptionError, 'needs the path of a folder');
  });
});
