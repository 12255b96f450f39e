import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { getDiskCacher } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('stowage adopt', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
    const night = tagIn(tmpdir, new Night());
    night.camera.frames();
    mkdirSync(join(tmpdir, 'cachearte'));
    copyFileSync(
      `${getDiskCacher(night.camera, 'frames').fullpath()}.npy`,
      join(tmpdir, 'cachearte', 'root.camera.Camera.frames.npy'),
    );
  });

  for (const name of ['arte', 'cachearte', 'a path']) {
    it(`makes a hit of another program's file, in a folder named ${name}`, async () => {
      const folder = name === 'a path' ? join(tmpdir, 'cachearte') : name;
      const { code, stdout } = await stowage(['adopt', folder], { env });
      expect(code).to.equal(0);
      expect(stdout)
        .to.include('1 adopted, 0 were entries already')
        .and.include('is the result of root.camera.Camera.frames');
      const night = tagIn(tmpdir, new Night(), 'arte');
      expect(night.camera.frames()[999]).to.equal(999);
      expect(night.camera.ran).to.deep.equal([]);
    });
  }

  it('says what it leaves as it is and why, and returns 1', async () => {
    writeFileSync(join(tmpdir, 'cachearte', 'root.other.npy'), 'no array');
    const [report] = await stowageJson<{ adopted: unknown[]; skipped: { reason: string }[] }[]>(['adopt', 'arte'], {
      env,
    });
    expect(report?.adopted).to.have.length(1);
    expect(report?.skipped.map(({ reason }) => reason).join()).to.include('does not start like an npy file');
    expect((await stowage(['adopt', 'arte'], { env })).code).to.equal(1);
  });

  it('says where there is no such folder', async () => {
    const { code, stderr } = await stowage(['adopt', 'nothing'], { env });
    expect(code).to.equal(1);
    expect(stderr).to.include('there is no folder');
  });
});
