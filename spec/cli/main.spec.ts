import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { tagIn } from '../support/analyses/analysis.js';
import { ended, startStowage } from '../support/output/command-line.js';
import { Night } from '../support/analyses/reduction.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the command as a process', () => {
  it('answers, and ends with its exit code', async () => {
    const tmpdir = temporaryFolder();
    tagIn(tmpdir, new Night()).summary();
    const { code, stdout, stderr } = await ended(startStowage(['ls', '--tmpdir', tmpdir, '--json']));
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.have.length(1);
    expect((await ended(startStowage(['nonsense']))).code).to.equal(2);
  });

  it('ends quietly where nobody reads on', async () => {
    const tmpdir = temporaryFolder();
    const { camera } = tagIn(tmpdir, new Night());
    // More than a pipe holds.
    for (let width = 1; width < 60; width++) camera.binned(width);
    const child = startStowage(['ls', 'night/*', '--json', '--tmpdir', tmpdir]);
    child.stdout.destroy();
    const { code, stderr } = await ended(child);
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
  });

  it('is what the package names, and begins as the shell wants it', () => {
    const { bin } = JSON.parse(
      readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8'),
    ) as { bin: { stowage: string } };
    const file = fileURLToPath(new URL(`../../../${bin.stowage}`, import.meta.url));
    expect(existsSync(file) && statSync(file).isFile()).to.equal(true);
    expect(readFileSync(file, 'utf8')).to.match(/^#!\/usr\/bin\/env node\n/);
  });
});
