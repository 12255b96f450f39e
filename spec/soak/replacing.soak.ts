import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { numberIn } from '../support/children/crash-job.js';
import { Replaced } from '../support/analyses/replaced-in-loop.js';
import { listen, tagIn } from '../support/analyses/analysis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const replacements = Number(process.env.STOWAGE_SOAK_REPLACEMENTS ?? 10_000);
const writer = fileURLToPath(new URL('../support/children/replaced-writer.js', import.meta.url));

describe('a reader beside a writer', () => {
  it(`that replaces an entry ${replacements} times never sees it corrupt, absent or mixed`, async () => {
    const tmpdir = temporaryFolder();
    tagIn(tmpdir, new Replaced()).value();
    const trouble = listen('corrupt', 'fault', 'miss');
    const child = spawn(process.execPath, [writer, tmpdir, String(replacements)], { stdio: 'inherit' });
    const ended = once(child, 'exit');
    let last = 0;
    let reads = 0;
    const seen = new Set<number>();
    while (child.exitCode === null && child.signalCode === null) {
      const number = numberIn('replaced', tagIn(tmpdir, new Replaced()).value());
      if (number < last || trouble.length > 0) child.kill();
      expect(trouble).to.deep.equal([]);
      expect(number).to.be.at.least(last);
      last = number;
      seen.add(number);
      if (++reads % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).to.deep.equal([0, null]);
    expect(trouble).to.deep.equal([]);
    expect(numberIn('replaced', tagIn(tmpdir, new Replaced()).value())).to.equal(replacements);
    expect(seen.size).to.be.greaterThan(replacements / 100);
  });
});
