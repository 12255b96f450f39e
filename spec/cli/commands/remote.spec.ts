import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { invalidate } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { Night } from '../../support/analyses/reduction.js';
import { stowage, stowageJson, type Outcome } from '../../support/output/command-line.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('stowage push, pull and remote', () => {
  let tmpdir: string;
  let share: string;
  let env: NodeJS.ProcessEnv;
  let night: Night;
  const run = async (...argv: string[]): Promise<Outcome> => stowage(argv, { env });
  const elsewhere = (): NodeJS.ProcessEnv => ({ ...env, STOWAGE_TMPDIR: temporaryFolder() });

  beforeEach(() => {
    [tmpdir, share] = [temporaryFolder(), temporaryFolder()];
    env = {
      STOWAGE_TMPDIR: tmpdir,
      STOWAGE_REMOTE: `file://${share}`,
      STOWAGE_REMOTE_KEY: 'a secret of enough letters',
    };
    night = tagIn(tmpdir, new Night());
    night.summary();
  });

  it('move all results of some tags, and find nothing to move the next time', async () => {
    tagIn(tmpdir, new Night(), 'other').summary();
    expect(await stowageJson(['push', 'night'], { env })).to.include({ pushed: 4, present: 0, skipped: 0 });
    expect(await stowageJson(['push'], { env })).to.include({ pushed: 4, present: 4 });
    const there = elsewhere();
    expect(await stowageJson(['pull', 'n*'], { env: there })).to.include({ pulled: 4, present: 0 });
    expect(await stowageJson(['pull'], { env: there })).to.include({ pulled: 4, present: 4 });
    const here = tagIn(there.STOWAGE_TMPDIR ?? '', new Night());
    here.summary();
    expect(here.camera.ran).to.deep.equal([]);
  });

  it('move the entries that a pattern fits', async () => {
    expect((await run('push', 'night/root.camera.*')).stdout).to.match(/^3 pushed to file:/);
    expect(await stowageJson(['pull', 'night/*.frames'], { env: elsewhere() })).to.include({ pulled: 1, skipped: 2 });
  });

  it('list the tags of a remote', async () => {
    await run('push');
    expect(await stowageJson(['remote', 'ls'], { env })).to.have.nested.property('[0].records', 4);
    expect((await run('remote', 'ls', 'nig*')).stdout).to.match(/^FOLDER +RECORDS.*\ncachenight +4 /);
    expect((await run('remote', 'ls', 'day')).stdout).not.to.include('cachenight');
  });

  it('name what is not sound, and remove it on request', async () => {
    await run('push');
    const [bad = ''] = filesIn(share).filter((name) => name.startsWith('records/'));
    writeFileSync(join(share, bad), readFileSync(join(share, bad)).subarray(0, 300));
    const verified = await run('remote', 'verify', '--data');
    expect(verified.code).to.equal(1);
    expect(verified.stdout).to.include(bad).and.to.include('3 of 4 records are sound');
    await run('remote', 'verify', '--repair');
    expect((await run('remote', 'verify')).code).to.equal(0);
    expect(await stowageJson(['push'], { env })).to.include({ pushed: 1, present: 3 });
  });

  it('refuse what is not sound where it is pulled', async () => {
    await run('push');
    const [bad = ''] = filesIn(share).filter((name) => name.startsWith('records/'));
    writeFileSync(join(share, bad), 'nonsense');
    const { code, stdout, stderr } = await stowage(['pull'], { env: elsewhere() });
    expect(code).to.equal(1);
    expect(stdout).to.include('3 pulled').and.to.include('1 refused');
    expect(stderr).to.include(bad);
  });

  it('remove data that no record names, and what a later generation has replaced, but nothing that is young', async () => {
    await run('push');
    invalidate(night.camera, 'total');
    night.camera.total();
    await run('push');
    const orphan = `data/ab/${'ab'.repeat(32)}.npy`;
    mkdirSync(join(share, 'data/ab'), { recursive: true });
    writeFileSync(join(share, orphan), 'orphan');
    expect(await stowageJson(['remote', 'gc'], { env })).to.include({ removed: 0 });
    for (const each of filesIn(share)) utimesSync(join(share, each), 1, 1);
    expect((await run('remote', 'gc', '--dry-run')).stdout).to.match(/^would go: 2 objects/);
    expect((await run('remote', 'gc')).stdout).to.match(/^removed: 2 objects/);
    expect(filesIn(share)).not.to.include(orphan);
    expect((await run('remote', 'verify', '--data')).code).to.equal(0);
  });

  it('say which remote is missing, or is none', async () => {
    const { STOWAGE_REMOTE: _, ...without } = env;
    expect(await stowage(['push'], { env: without })).to.include({ code: 2 });
    expect((await stowage(['push', '--remote', 's3//bucket'], { env: without })).stderr).to.include(
      "'s3//bucket' is no remote",
    );
    expect((await run('remote', 'lst')).stderr).to.include("did you mean 'ls'?");
  });
});
