import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { verify } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { opticsOf, Telescope } from '../../support/analyses/of-some-code.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('earlier versions on the command line', () => {
  let tmpdir: string;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
    env = { STOWAGE_TMPDIR: tmpdir };
    for (const number of [1, 2, 3]) {
      const { optics } = tagIn(tmpdir, new Telescope(opticsOf(number)));
      optics.psf();
      optics.small(7);
    }
  });

  const run = async (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    stowage(argv, { env });
  const listed = async (pattern: string): Promise<{ entry: string; version?: string }[]> =>
    stowageJson(['ls', pattern], { env });

  it('are counted beside entries, and marked in the list of those', async () => {
    expect((await run('ls')).stdout).to.match(/TAG +ENTRIES +VERSIONS .*\nnight +2 +4 /);
    const { stdout } = await run('ls', 'night/*');
    expect(stdout.match(/ version /g)).to.have.length(4);
    expect(stdout).to.match(/^night\/root\.optics\.psf~[0-9a-f]{12} +version +Float64Array 3/m);
    expect(stdout).to.match(/^night\/root\.optics\.small\/[0-9a-f]{12}~[0-9a-f]{12} +7 +version /m);
    expect((await run('du')).stdout).to.match(/ENTRIES +VERSIONS/);
  });

  it('are meant with their entry, and one alone by its digits', async () => {
    for (const name of ['psf', 'small']) {
      const entries = await listed(`night/root.optics.${name}`);
      expect(entries).to.have.length(3);
      for (const { entry, version } of entries) {
        const meant = (await listed(entry)).map((each) => each.entry);
        expect(meant).to.eql(version === undefined ? entries.map((each) => each.entry) : [entry]);
        expect(await listed(entry.replace(/(~....).*/, '$1'))).to.have.length(meant.length);
      }
    }
  });

  it('are shown as what they are, and their entry as the present one', async () => {
    const { stdout } = await run('show', 'night/root.optics.psf');
    expect(stdout).to.match(/state +stored/);
    expect(stdout).to.match(/earlier versions +\d{4}.* by code [0-9a-f]+; \d{4}.* by code /);
    expect(stdout).to.include('mean 2.66667');
    const means = [];
    for (const { entry, version } of await listed('night/root.optics.psf')) {
      if (version === undefined) continue;
      const shown = await run('show', entry);
      expect(shown.stdout).to.match(/state +version/);
      means.push(/mean ([0-9.]+)/.exec(shown.stdout)?.[1]);
      expect((await run('explain', entry)).stdout).to.include('it is an earlier version');
    }
    expect(means.sort()).to.eql(['2', '2.33333']);
  });

  it('are verified', async () => {
    expect((await run('verify')).stdout).to.match(/^6 of 6 entries are sound, .*, 4 of them earlier versions\n$/);
  });

  it('go alone, all but so many of an entry, or before all entries where room is to be made', async () => {
    const excess = await stowageJson<{ removed: string[] }>(
      ['prune', '--keep-versions', '1', '--forget', '--dry-run'],
      { env },
    );
    expect(excess.removed).to.have.length(2);
    // One of two versions' data, to the byte.
    const size = ['prune', '--max-size', `${String(2 * 152)}B`, '--dry-run'];
    const first = await stowageJson<{ removed: string[] }>(size, { env });
    expect(first.removed).to.have.length(1);
    expect(first.removed[0]).to.match(/psf~/);
    expect((await run('prune', '--keep-versions', '0', '--forget', '--yes')).code).to.equal(0);
    expect(filesIn(folder).filter((name) => name.includes('~'))).to.eql([]);
    expect((await verify(folder)).findings).to.eql([]);
    expect((await run('prune', '--keep-versions', '-1')).code).to.equal(2);
  });

  it('whose data is pruned are sound, and no hit', async () => {
    expect((await run('prune', '--keep-versions', '0', '--yes')).code).to.equal(0);
    expect((await run('ls', 'night/root.optics.psf')).stdout.match(/ pruned version /g)).to.have.length(2);
    expect((await verify(folder)).findings).to.eql([]);
    expect(tagIn(tmpdir, new Telescope(opticsOf(1))).optics.psf()).to.eql(Float64Array.of(1, 2, 3));
  });

  it('go with their entry', async () => {
    const { code, stdout } = await run('clear', 'night/root.optics.psf', '--yes');
    expect([code, stdout]).to.satisfy(() => code === 0 && stdout.startsWith('gone: 3 entries'));
    expect(filesIn(folder).filter((name) => name.includes('psf'))).to.eql([]);
    expect((await run('clear', 'night', '--yes')).code).to.equal(0);
    expect(existsSync(folder)).to.equal(false);
  });
});
