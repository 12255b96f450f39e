import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runChild } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the environment', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const typesOf = (told: { events: { type: string }[] }): string[] => told.events.map(({ type }) => type);

  it('STOWAGE_TMPDIR is where results lie', () => {
    const told = runChild({ tag: 't', calls: ['array'] }, { env: { STOWAGE_TMPDIR: folder } });
    expect(told.stderr).to.equal('');
    expect(existsSync(join(folder, 'cachet', 'root.Analysis.array.npy'))).to.equal(true);
    expect(runChild({ tag: 't', calls: ['array'] }, { env: { STOWAGE_TMPDIR: folder } }).ran).to.deep.equal([]);
  });

  it('STOWAGE_TMPDIR gives way to setTmpdir', () => {
    const other = join(folder, 'other');
    runChild({ tmpdir: other, tag: 't', calls: ['array'] }, { env: { STOWAGE_TMPDIR: join(folder, 'unused') } });
    expect(readdirSync(folder)).to.deep.equal(['other']);
  });

  it("without it, or with an empty one, results lie in the user's cache folder", () => {
    runChild({ tag: 't', calls: ['array'] }, { env: { XDG_CACHE_HOME: folder } });
    const again = runChild({ tag: 't', calls: ['array'] }, { env: { XDG_CACHE_HOME: folder, STOWAGE_TMPDIR: '' } });
    expect(again.stderr).to.equal('');
    expect(again.ran).to.deep.equal([]);
    const file = join(folder, 'stowage', 'no-project', 'cachet', 'root.Analysis.array.npy');
    expect(existsSync(file)).to.equal(true);
  });

  it("STOWAGE_TMPDIR=temporary is the system's temporary folder", () => {
    runChild({ tag: 't', calls: ['array'] }, { env: { TMPDIR: folder, STOWAGE_TMPDIR: 'temporary' } });
    expect(existsSync(join(folder, 'cachet', 'root.Analysis.array.npy'))).to.equal(true);
  });

  for (const [env, said] of [
    [
      { STOWAGE: 'readnoly' },
      "STOWAGE=readnoly says nothing (did you mean 'readonly'?): it is 'off', 'readonly' or not set",
    ],
    [
      { STOWAGE_TEMPDIR: '/nowhere' },
      "the environment variable STOWAGE_TEMPDIR is not read by Stowage (did you mean 'STOWAGE_TMPDIR'?)",
    ],
  ] as [Record<string, string>, string][]) {
    it(`${Object.keys(env).join()} that is mistyped is warned of`, () => {
      const told = runChild({ tmpdir: folder, tag: 't', calls: ['array'] }, { env });
      expect(told.stderr).to.contain(`[STOWAGE_ENVIRONMENT] StowageWarning: ${said}`);
    });
  }

  it('STOWAGE=off runs everything uncached, with results on disk, and writes nothing', () => {
    runChild({ tmpdir: folder, tag: 't', calls: ['array'] });
    const before = readdirSync(join(folder, 'cachet'));
    const told = runChild(
      { tmpdir: folder, tag: 't', calls: ['array', 'array', 'later'] },
      { env: { STOWAGE: 'off' } },
    );
    expect(told.ran).to.deep.equal(['array', 'array', 'later']);
    expect(told.values).to.deep.equal([['1.5', '0', 'NaN'], ['1.5', '0', 'NaN'], ['2']]);
    expect(told.events).to.deep.equal([]);
    expect(readdirSync(join(folder, 'cachet'))).to.deep.equal(before);
  });

  for (const [how, configuration, env] of [
    ['STOWAGE=readonly', undefined, { STOWAGE: 'readonly' }],
    ['configure({ readonly: true })', { readonly: true }, {}],
    ['STOWAGE=readonly in spite of configure({ readonly: false })', { readonly: false }, { STOWAGE: 'readonly' }],
  ] as [string, { readonly: boolean } | undefined, Record<string, string>][]) {
    it(`${how} loads, computes what is missing once a process, and writes nothing, not even a folder`, () => {
      runChild({ tmpdir: folder, tag: 't', calls: ['array'] });
      const before = readdirSync(folder, { recursive: true }).sort();
      const job = {
        tmpdir: folder,
        tag: 't',
        calls: ['array', 'small', 'small', 'later'],
        ...(configuration && { configuration }),
      };
      const told = runChild(job, { env });
      expect(told.ran).to.deep.equal(['small', 'later']);
      expect(typesOf(told)).to.deep.equal(['hit', 'miss', 'hit', 'miss']);
      expect(readdirSync(folder, { recursive: true }).sort()).to.deep.equal(before);
      const elsewhere = runChild({ ...job, tmpdir: join(folder, 'none') }, { env });
      expect(elsewhere.ran).to.deep.equal(['array', 'small', 'later']);
      expect(existsSync(join(folder, 'none'))).to.equal(false);
      expect(told.stderr + elsewhere.stderr).to.equal('');
    });
  }

  it('readonly refuses to clear the disk, and says what to do instead', () => {
    const told = runChild({ tmpdir: folder, tag: 't', calls: ['!clear'] }, { env: { STOWAGE: 'readonly' } });
    expect(told.values[0]).to.contain('forget');
  });

  it('gives new folders to the user alone', () => {
    runChild({ tmpdir: join(folder, 'new'), tag: 't', calls: ['array'] });
    expect(modeOf(join(folder, 'new'))).to.equal('700');
    expect(modeOf(join(folder, 'new', 'cachet'))).to.equal('700');
  });

  it('gives new folders the permissions that configure says, whatever the umask, and leaves old ones', () => {
    const before = process.umask(0o027);
    mkdirSync(join(folder, 'old'), { mode: 0o711 });
    runChild({ tmpdir: join(folder, 'old'), tag: 't', calls: ['array'], configuration: { permissions: 0o777 } });
    process.umask(before);
    expect(modeOf(join(folder, 'old'))).to.equal('710');
    expect(modeOf(join(folder, 'old', 'cachet'))).to.equal('777');
  });
});
