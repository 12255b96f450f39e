import { basename, join } from 'node:path';
import { expect } from 'chai';
import { verify } from 'stowage';
import { calls, crashSometime } from '../support/children/crash-job.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/**
 * Killed between the record of another codec and the removal of the data before it, a writer leaves that data behind. It
 * cannot be told from another program's, so it stays, and the entry gets its `~` name when the codec changes back.
 */
function isOfChanging(name: string): boolean {
  return name.startsWith('root.Crashing.changing');
}

const kills = Number(process.env.STOWAGE_SOAK_KILLS ?? 1000);

describe(`a writer that is killed ${kills} times`, () => {
  it('leaves every entry absent or exact each time, and the next writer clears up', async () => {
    const tmpdir = temporaryFolder();
    const folder = join(tmpdir, 'cachecrash');
    const names = Object.keys(calls);
    const found: Record<string, number> = {};
    for (let kill = 0; kill < kills; kill++) {
      const { hits, troubles, leftovers } = await crashSometime(
        { tmpdir, number: kill * 1000, calls: names },
        Math.random() * 60,
      );
      const where = `kill ${kill}`;
      expect(troubles, where).to.deep.equal([]);
      expect(
        leftovers.filter((name) => !isOfChanging(name)),
        where,
      ).to.deep.equal([]);
      for (const [name, number] of Object.entries(hits)) {
        found[name] = (found[name] ?? 0) + 1;
        // Only the process before stored anything since: what is there is its, or what it found at its start.
        expect(number, `${where}, ${name}`).to.be.within((kill - 1) * 1000, kill * 1000 - 1);
      }
    }
    // Once a result is stored it is never lost by a kill, only replaced.
    for (const name of names) expect(found[name], name).to.equal(kills - 1);
    await verify(folder, { repair: true });
    const { findings } = await verify(folder);
    expect(findings.filter(({ file }) => !isOfChanging(basename(file)))).to.deep.equal([]);
  });
});
