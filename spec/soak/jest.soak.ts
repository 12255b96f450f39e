import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { install, linkDependencies, write } from '../package/installed.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const test = `
import { cacheOnDisk, setTag, setTmpdir, events } from 'stowage';
const said = [];
for (const type of ['fault', 'uncacheable', 'corrupt', 'mutated', 'stale']) events.on(type, (event) => said.push(event));
let ran = 0;
class Analysis {
  held() {
    ran++;
    return { map: new Map([[1, new Set([2])]]), date: new Date(5), view: Uint16Array.of(1, 2), error: new TypeError('t') };
  }
  array() {
    ran++;
    return new Float64Array(300_000).fill(1);
  }
  async later(of) {
    ran++;
    return new Map([[of, 2]]);
  }
}
for (const name of ['held', 'array', 'later']) cacheOnDisk(Analysis.prototype, name);
const analysis = () => {
  const made = new Analysis();
  setTmpdir(made, process.env.CACHE);
  setTag(made, 't');
  return made;
};
for (const name of ['held', 'array', 'later']) {
  test(name, async () => {
    const before = ran;
    const one = await analysis()[name](new Date(1));
    expect(await analysis()[name](new Date(1))).toStrictEqual(one);
    expect(ran).toBe(before + 1);
    expect(said).toEqual([]);
  });
}
`;

describe('under Jest', () => {
  it('results are stored once and come back as they were', () => {
    const folder = temporaryFolder();
    write(folder, { 'package.json': { type: 'module' }, 'analysis.test.js': test });
    execFileSync('npm', ['install', '--silent', '--ignore-scripts', '--no-audit', '--no-fund', 'jest@30'], {
      cwd: folder,
    });
    // Jest brings other versions of some of the dependencies.
    const apart = join(folder, 'apart');
    mkdirSync(apart);
    install(apart);
    linkDependencies(apart);
    symlinkSync(join(apart, 'node_modules', 'stowage'), join(folder, 'node_modules', 'stowage'));
    const jest = [join(folder, 'node_modules', 'jest', 'bin', 'jest.js'), '--testEnvironment=node'];
    const { status, stderr } = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...jest], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CACHE: join(folder, 'cache'), NODE_OPTIONS: '' },
    });
    expect(status, stderr).to.equal(0);
    expect(stderr).to.contain('3 passed');
  });
});
