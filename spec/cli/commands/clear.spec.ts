import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { getDiskCacher } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('stowage clear', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;
  let night: Night;
  const clear = async (...argv: string[]): ReturnType<typeof stowage> => stowage(['clear', ...argv], { env });

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
    night = tagIn(tmpdir, new Night());
    night.summary();
    tagIn(tmpdir, new Night(), 'other').summary();
  });

  it('removes a tag with its folder, and no other', async () => {
    expect((await clear('night', '-y')).code).to.equal(0);
    expect(readdirSync(tmpdir)).to.deep.equal(['cacheother']);
  });

  it('names the entry or the tag that was meant', async () => {
    expect((await stowage(['clear', 'night/root.camera.Camera.frmaes', '-y'], { env })).stderr).to.include(
      "(did you mean 'root.camera.Camera.frames'?)",
    );
    expect((await stowage(['clear', 'nihgt', '-y'], { env })).stderr).to.include("(did you mean 'night'?)");
  });

  it('removes what a pattern fits, records and data, and the folders that it empties', async () => {
    await clear('night/root.camera.Camera.b*', 'night/root.camera.Camera.frames', '-y');
    expect(readdirSync(join(tmpdir, 'cachenight')).sort()).to.deep.equal([
      'CACHEDIR.TAG',
      'root.Night.summary.json',
      'root.Night.summary.v8',
      'root.camera.Camera.total.json',
    ]);
  });

  it('removes what is damaged, and keeps what is not ours', async () => {
    appendFileSync(`${getDiskCacher(night.camera, 'frames').fullpath()}.json`, ' ');
    rmSync(`${getDiskCacher(night, 'summary').fullpath()}.v8`);
    writeFileSync(join(tmpdir, 'cachenight', 'notes.json'), '{}');
    expect((await clear('night', '-y')).code).to.equal(0);
    expect(readdirSync(join(tmpdir, 'cachenight')).sort()).to.deep.equal(['CACHEDIR.TAG', 'notes.json']);
  });

  it('asks, and refuses where nobody can be asked', async () => {
    expect((await clear('night')).code).to.equal(2);
    expect((await stowage(['clear', 'night'], { env, answer: 'n' })).code).to.equal(1);
    expect(existsSync(join(tmpdir, 'cachenight'))).to.equal(true);
    expect((await stowage(['clear', 'night'], { env, answer: 'yes' })).code).to.equal(0);
    expect(existsSync(join(tmpdir, 'cachenight'))).to.equal(false);
  });

  it('only says what would go with --dry-run', async () => {
    const said = await stowageJson<{ removed: string[] }>(['clear', 'night/root.Night.*', '--dry-run'], { env });
    expect(said.removed).to.deep.equal(['night/root.Night.summary']);
    expect(existsSync(`${getDiskCacher(night, 'summary').fullpath()}.v8`)).to.equal(true);
  });

  it('says where nothing fits, and returns 1', async () => {
    const { code, stderr } = await clear('night/root.nothing', '-y');
    expect(code).to.equal(1);
    expect(stderr).to.equal('stowage clear: no entry fits night/root.nothing\n');
  });
});
