import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { getDiskCacher, type VerifyReport } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('stowage verify', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;
  let stem: string;

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
    const night = tagIn(tmpdir, new Night());
    night.summary();
    stem = getDiskCacher(night.camera, 'frames').fullpath();
    tagIn(tmpdir, new Night(), 'other').summary();
  });

  it('finds nothing wrong with what was just stored', async () => {
    const { code, stdout } = await stowage(['verify'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^8 of 8 entries are sound, 18\.\d kB of data\n$/);
  });

  it('names what is damaged, returns 1, and removes it when it is to repair', async () => {
    appendFileSync(`${stem}.npy`, ' ');
    const { code, stdout } = await stowage(['verify'], { env });
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^cachenight\/root\.camera\.Camera\.frames\.json +wrong size +/m)
      .and.include('7 of 8 entries are sound');
    expect((await stowage(['verify', 'other'], { env })).code).to.equal(0);
    const repaired = await stowage(['verify', '--repair'], { env });
    expect(repaired.code).to.equal(1);
    expect(existsSync(`${stem}.json`)).to.equal(false);
    expect((await stowage(['verify'], { env })).code).to.equal(0);
  });

  it('looks at no more than the entries of a pattern', async () => {
    appendFileSync(`${stem}.npy`, ' ');
    const reports = async (text: string): Promise<VerifyReport[]> =>
      stowageJson<VerifyReport[]>(['verify', text], { env });
    expect(
      (await reports('night/root.camera.Camera.frames')).map(({ entries, sound }) => [entries, sound]),
    ).to.deep.equal([[1, 0]]);
    expect(
      (await reports('night/root.camera.Camera.binned')).map(({ entries, sound }) => [entries, sound]),
    ).to.deep.equal([[1, 1]]);
  });

  it('names what is not ours without a reproach', async () => {
    writeFileSync(join(tmpdir, 'cachenight', 'notes.txt'), 'mine');
    const { code, stdout } = await stowage(['verify', 'night'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/notes\.txt +foreign/);
  });

  it('sends nobody to adopt where a file that is no record is in the way', async () => {
    const stem = join(tmpdir, 'cachenight', 'root.Night.flat');
    writeFileSync(`${stem}.npy`, '');
    expect((await stowage(['verify', 'night'], { env })).stdout).to.contain(
      'no record speaks of it; adopt may write one',
    );
    writeFileSync(`${stem}.json`, '');
    expect((await stowage(['verify', 'night'], { env })).stdout).to.contain(
      'no record speaks of it; root.Night.flat.json beside it is none',
    );
  });

  it('that is interrupted says what it found until then, and returns 130', async () => {
    const { code, stdout } = await stowage(['verify'], { env, signal: AbortSignal.abort() });
    expect(code).to.equal(130);
    expect(stdout).to.equal('0 of 0 entries are sound, 0 B of data\n');
  });
});
