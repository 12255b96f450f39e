import { expect } from 'chai';
import { tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Sum {
  name: string;
  entries: number;
  bytes: number;
}

describe('stowage du', () => {
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    env = { STOWAGE_TMPDIR: temporaryFolder() };
    for (const tag of ['one', 'two']) tagIn(env.STOWAGE_TMPDIR ?? '', new Night(), tag).summary();
  });

  it('sums by tag, class and method, each to the same whole, the largest first', async () => {
    const sums = await stowageJson<Record<string, Sum[]>>(['du'], { env });
    expect(Object.keys(sums)).to.deep.equal(['tag', 'class', 'method']);
    expect(sums.tag?.map(({ name, entries }) => [name, entries])).to.have.deep.members([
      ['one', 4],
      ['two', 4],
    ]);
    expect(sums.class?.map(({ name, entries }) => [name, entries])).to.deep.equal([
      ['Camera', 6],
      ['Night', 2],
    ]);
    expect(sums.method?.[0]?.name).to.equal('Camera.frames');
    const wholes = Object.values(sums).map((rows) => rows.reduce((total, { bytes }) => total + bytes, 0));
    expect(new Set(wholes).size).to.equal(1);
  });

  it('shows one table alone where that is asked for', async () => {
    const { code, stdout } = await stowage(['du', 'one', '--by', 'class'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^ENTRIES +SIZE +INVESTED +CLASS\n +3 .* Camera\n +1 .* Night\n$/);
  });
});
