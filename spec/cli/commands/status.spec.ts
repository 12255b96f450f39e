import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { invalidate, type MethodStatus } from 'stowage';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { reducedNight } from '../../support/analyses/reduced-night.js';
import type { Night } from '../../support/analyses/reduction.js';

const module = fileURLToPath(new URL('../../support/analyses/reduction.js', import.meta.url));

describe('stowage status', () => {
  let env: NodeJS.ProcessEnv;
  let night: Night;
  let darkFile: string;
  const statesOf = async (argv: string[] = []): Promise<Record<string, string>> => {
    const { methods } = await stowageJson<{ methods: MethodStatus[] }>(['status', ...argv], { env });
    return Object.fromEntries(methods.map(({ method, state }) => [method, state]));
  };

  beforeEach(() => {
    const reduced = reducedNight();
    ({ darkFile, night } = reduced);
    env = { STOWAGE_TMPDIR: reduced.tmpdir };
  });

  it('shows what is up to date, and returns 0 with --check', async () => {
    const { code, stdout } = await stowage(['status', '--check'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^✔ +night +root\.Night\.summary/m);
    expect(stdout).to.match(/^5 of 5 methods need nothing$/m);
  });

  it('names the file that changed, and returns 1 with --check alone', async () => {
    writeFileSync(darkFile, '18');
    const { code, stdout } = await stowage(['status', 'night', '--check'], { env });
    expect(code).to.equal(1);
    expect(stdout).to.match(/^✖ .*root\.camera\.Camera\.dark.*dark\.txt: its content is another/m);
    expect((await stowage(['status'], { env })).code).to.equal(0);
  });

  it('shows what was made of something invalid', async () => {
    invalidate(night.camera, 'frames');
    expect(await statesOf()).to.deep.equal({
      'Night.summary': 'stale',
      'Camera.binned': 'stale',
      'Camera.dark': 'current',
      'Camera.frames': 'stale',
      'Camera.total': 'stale',
    });
  });

  it('shows what was pruned as missing', async () => {
    await stowage(['prune', 'night/root.camera.Camera.frames', '-y'], { env });
    expect(await statesOf()).to.include({ 'Camera.frames': 'missing', 'Camera.total': 'current' });
  });

  it('asks the program what could be computed, of tags that need not exist yet', async () => {
    expect(await statesOf(['another', '--module', module])).to.deep.equal({
      'Night.summary': 'missing',
      'Camera.dark': 'missing',
      'Camera.frames': 'missing',
      'Camera.total': 'missing',
    });
  });

  it('fits the terminal', async () => {
    writeFileSync(darkFile, '18');
    const { stdout } = await stowage(['status'], { env: { ...env, NO_COLOR: '1' }, columns: 60 });
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).to.be.at.most(60);
  });

  it('wants the file of an export', async () => {
    expect((await stowage(['status', '--analyzer', 'Night'], { env })).code).to.equal(2);
  });
});
