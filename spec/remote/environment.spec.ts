import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runChild } from '../support/analyses/analysis-job.js';
import { mainProgram } from '../support/output/command-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const calls = ['array', 'small', 'blob', 'later', 'big'];

describe('a remote of the environment', () => {
  let env: Record<string, string>;

  beforeEach(() => {
    env = { STOWAGE_REMOTE: `file://${temporaryFolder()}`, STOWAGE_REMOTE_KEY: 'a secret of enough letters' };
  });

  const run = (more: Record<string, string> = {}, flags: string[] = []): ReturnType<typeof runChild> =>
    runChild({ tmpdir: temporaryFolder(), tag: 't', calls }, { env: { ...env, ...more }, flags });

  it('is that of every root, in every process', () => {
    const first = run();
    expect([first.stderr, first.ran]).to.deep.equal(['', calls]);
    const second = run();
    expect([second.stderr, second.ran]).to.deep.equal(['', []]);
    expect(second.values).to.deep.equal(first.values);
  });

  it('that is none is warned of, and results are computed', () => {
    const { ran, stderr } = run({ STOWAGE_REMOTE: 's3:/results' });
    expect(ran).to.deep.equal(calls);
    expect(stderr).to.include('[STOWAGE_ENVIRONMENT]').and.to.include("'s3:/results' is no remote");
  });

  it('that no thread can be started for is said once, and results are computed', () => {
    const flag = process.versions.node.startsWith('20.') ? '--experimental-permission' : '--permission';
    const { ran, events } = run({}, ['--no-warnings', flag, '--allow-fs-read=*', '--allow-fs-write=*']);
    expect(ran).to.deep.equal(calls);
    expect(events.filter(({ type }) => type === 'fault').map(({ reason }) => reason)).to.deep.equal(['NO_THREAD']);
  });

  it('gets what threads have computed ahead, and gives it to others', () => {
    const module = fileURLToPath(new URL('../support/analyses/reduction.js', import.meta.url));
    const ahead = (): { computed: number; found: number } => {
      const argv = ['precompute', module, 'n1', 'n2', 'n3', '--jobs', '2', '--methods', 'summary', '--json'];
      const child = spawnSync(process.execPath, [mainProgram, ...argv, '--tmpdir', temporaryFolder()], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      });
      return JSON.parse(child.stdout) as ReturnType<typeof ahead>;
    };
    expect(ahead()).to.include({ computed: 3, found: 0 });
    expect(ahead()).to.include({ computed: 0, found: 3 });
  });
});
