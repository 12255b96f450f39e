import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Host } from '../../support/children/host.js';
import { asHost, Mount, requireNamespaces } from '../../support/services/other-hosts.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const WHAT = 'claims among hosts';

describe('a claim that hosts see which number their processes apart', () => {
  let shared: string;
  let gate: string;
  let ends: (() => Promise<void>)[] = [];

  before(function () {
    requireNamespaces(this, WHAT);
  });

  beforeEach(() => {
    shared = temporaryFolder();
    gate = temporaryFolder();
  });

  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    ends = [];
  });

  const host = (name: string, tmpdir: string): Host => {
    const each = new Host([tmpdir, '', '{}', gate], asHost(name));
    ends.push(() => each.kill());
    return each;
  };
  const mount = async (context: Mocha.Context): Promise<string> => {
    const each = await Mount.of(context, WHAT, shared, temporaryFolder());
    ends.push(() => each[Symbol.asyncDispose]());
    return each.path;
  };
  const open = (): void => {
    writeFileSync(join(gate, 'open'), '');
  };
  const claims = (): string[] => {
    const folder = join(shared, 'cachenight');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.claim'))
      .map((name) => join(folder, name));
  };

  it('lets one compute for both, though their pids are the same', async () => {
    const one = host('alpha', shared);
    await one.says('computing');
    const other = host('beta', shared);
    await other.says('waiting');
    const { host: owner, pid } = JSON.parse(readFileSync(claims()[0] ?? '', 'utf8')) as { host: string; pid: number };
    expect([owner, pid]).to.deep.equal(['alpha', 1]);
    open();
    expect(await one.words()).to.deep.equal(['computing', 'value 7']);
    expect(await other.words()).to.deep.equal(['waiting', 'value 7']);
  });

  it('lets one compute for both through a network file system, each by a mount of its own', async function () {
    const [here, there] = [await mount(this), await mount(this)];
    const one = host('alpha', here);
    await one.says('computing');
    const other = host('beta', there);
    await other.says('waiting');
    open();
    expect(await one.words()).to.deep.equal(['computing', 'value 7']);
    expect(await other.words()).to.deep.equal(['waiting', 'value 7']);
    expect(claims()).to.deep.equal([]);
  });

  it('goes to another there once its owner, who is gone, has given no sign of life for a while', async function () {
    const [here, there] = [await mount(this), await mount(this)];
    const one = host('alpha', here);
    await one.says('computing');
    await one.kill();
    open();
    const other = host('beta', there);
    await other.says('waiting');
    for (const claim of claims()) utimesSync(claim, 0, 0);
    expect(await other.words()).to.deep.equal(['waiting', 'computing', 'value 7']);
  });
});
