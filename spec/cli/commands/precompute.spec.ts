import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ended, mainProgram, startProgram, stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { notesIn, NOTES } from '../../support/analyses/cluster-night.js';
import { requirePrograms } from '../../support/services/programs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = fileURLToPath(new URL('../../support/analyses/reduction.js', import.meta.url));

describe('stowage precompute', () => {
  it('computes what is named of tags that need not exist yet, and finds it the second time', async () => {
    const tmpdir = temporaryFolder();
    const argv = [
      'precompute',
      module,
      'night1',
      'night2',
      '--methods',
      'summary,camera.total',
      '--jobs',
      '1',
      '--tmpdir',
      tmpdir,
    ];
    const { code, stdout, stderr } = await stowage(argv);
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    // The total of each was computed for its summary.
    expect(stdout).to.match(/^2 computed, 2 found, 0 failed in /);
    expect(await stowageJson(argv)).to.deep.include({ computed: 0, found: 4, failures: [] });
    const night = tagIn(tmpdir, new Night(), 'night2');
    expect(night.summary().get('total')).to.equal(499_500);
    expect(night.camera.ran).to.deep.equal([]);
  });

  it('says what failed, and returns 1', async () => {
    const tmpdir = temporaryFolder();
    const { code, stderr } = await stowage([
      'precompute',
      module,
      'night',
      '--methods',
      'camera.dark',
      '--tmpdir',
      tmpdir,
    ]);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^night camera\.dark: .*dependsOnFile needs/);
  });

  it('says where there is no module, no tag that fits, or no such number of threads', async () => {
    const tmpdir = temporaryFolder();
    expect((await stowage(['precompute', '/no/module.js', 'night'])).stderr).to.include(
      'there is no module /no/module.js',
    );
    expect((await stowage(['precompute', module, 'night*', '--tmpdir', tmpdir])).stderr).to.include(
      "no tag fits 'night*'",
    );
    expect((await stowage(['precompute', module, 'night', '--jobs', '0'])).code).to.equal(2);
    expect((await stowage(['precompute', module])).code).to.equal(2);
  });

  it('says of a mistyped export or method which one was meant, and how that is said here', async () => {
    const argv = ['precompute', module, 'night', '--tmpdir', temporaryFolder(), '--analyzer', 'Nihgt'];
    const { stderr } = await stowage(argv);
    expect(stderr)
      .to.include("no export 'Nihgt' (did you mean 'Night'?)")
      .and.include('with the option analyzer')
      .and.not.include("analyzer: '");
    const methods = ['precompute', module, 'night', '--tmpdir', temporaryFolder(), '--methods'];
    expect((await stowage([...methods, 'camera.totl'])).stderr).to.include(
      "no cached method of root.camera (did you mean 'total'?)",
    );
    expect((await stowage([...methods, 'camra.total'])).stderr).to.include(
      "has no analyzer (did you mean 'root.camera'?)",
    );
    expect(await stowage([...methods, 'summary,'])).to.deep.include({ code: 2, stdout: '' });
  });

  it('computes one part, and says which of how many tags', async () => {
    const argv = ['precompute', module, 'n1', 'n2', 'n3', '--methods', 'camera.total', '--tmpdir', temporaryFolder()];
    const { code, stdout } = await stowage([...argv, '--part', '2/2']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^part 2 of 2: 1 of 3 tags \(list [0-9a-f]{8}\)\n1 computed, 0 found, 0 failed in /);
    const env = { SLURM_ARRAY_TASK_ID: '1' };
    const { part, computed } = await stowageJson<Record<string, unknown>>([...argv, '--part', 'array/2'], { env });
    expect(part).to.deep.include({ index: 1, count: 2, tags: 2, total: 3 });
    expect(computed).to.equal(2);
  });

  it('refuses a part that there is not, and computes nothing', async () => {
    const tmpdir = temporaryFolder();
    const argv = ['precompute', module, 'night', '--methods', 'camera.total', '--tmpdir', tmpdir];
    const mistyped = await stowage([...argv, '--part', '3/2']);
    expect(mistyped.code).to.equal(2);
    expect(mistyped.stderr).to.include("'3/2' is no part: write 3/8");
    const elsewhere = await stowage([...argv, '--part', 'array']);
    expect(elsewhere.code).to.equal(1);
    expect(elsewhere.stderr).to.include('this is no task of an array job');
    expect(await stowageJson(argv)).to.include({ computed: 1 });
  });

  it('refuses a scheduler that there is not, and options of one without it', async () => {
    const argv = ['precompute', module, 'night', '--tmpdir', temporaryFolder()];
    const unknown = await stowage([...argv, '--on', 'slrm']);
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.include("there is no scheduler 'slrm'");
    const alone = await stowage([...argv, '--partition', 'gpu']);
    expect(alone.code).to.equal(2);
    expect(alone.stderr).to.include('--partition says how others compute');
  });

  it('is spread by GNU parallel: four parts, each tag computed once', async function () {
    const [parallel = ''] = requirePrograms(this, 'parts under GNU parallel', ['parallel']);
    const tmpdir = temporaryFolder();
    const night = fileURLToPath(new URL('../../support/analyses/cluster-night.js', import.meta.url));
    const tags = Array.from({ length: 22 }, (_, place) => `night${place}`);
    const part = ['precompute', night, ...tags, '--analyzer', 'Night', '--methods', 'rms', '--tmpdir', tmpdir];
    const command = [
      process.execPath,
      mainProgram,
      ...part,
      '--jobs',
      '1',
      '--part',
      '{}/4',
      ':::',
      '1',
      '2',
      '3',
      '4',
    ];
    const { code, stdout } = await ended(
      startProgram(parallel, ['--will-cite', '--jobs', '2', ...command], { [NOTES]: tmpdir, HOME: tmpdir }),
    );
    expect(code).to.equal(0);
    expect(stdout.match(/^part \d of 4: [56] of 22 tags/gm)).to.have.length(4);
    expect(notesIn(tmpdir).what.sort()).to.deep.equal(tags.sort());
  });

  it('that is interrupted returns 130', async () => {
    const { code } = await stowage(['precompute', module, 'night', '--tmpdir', temporaryFolder()], {
      signal: AbortSignal.abort(),
    });
    expect(code).to.equal(130);
  });
});
