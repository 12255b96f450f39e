import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { precomputeTags, slurm, type PrecomputeReport } from 'stowage';
import { NOTES, notesIn } from '../support/analyses/cluster-night.js';
import { ended, startProgram } from '../support/output/command-line.js';
import { PrivateSlurm } from '../support/services/slurm.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const module = fileURLToPath(new URL('../support/analyses/cluster-night.js', import.meta.url));
const driverProgram = fileURLToPath(new URL('../support/children/cluster-driver.js', import.meta.url));
const TAGS = Array.from({ length: 400 }, (_, place) => `night${String(place)}`);

describe('400 tags on Slurm', () => {
  let cluster: PrivateSlurm;
  let tmpdir = '';

  before(async function () {
    cluster = await PrivateSlurm.start(this, '400 tags on Slurm', temporaryFolder());
  });

  after(async () => {
    await (cluster as PrivateSlurm | undefined)?.[Symbol.asyncDispose]();
  });

  const computed = (): string[] => notesIn(tmpdir).what.filter((what) => !what.endsWith(' begun'));
  const until = async (count: number): Promise<void> => {
    while (computed().length < count) await later(20);
  };
  /** What is stored now is not computed again: a look at whether that was so. */
  const nothingTwice = (): (() => void) => {
    const stored = TAGS.filter((tag) => existsSync(join(tmpdir, `cache${tag}`, 'root.Night.unhurried.json')));
    const before = computed().length;
    return () => {
      expect(
        computed()
          .slice(before)
          .filter((tag) => stored.includes(tag)),
      ).to.deep.equal([]);
    };
  };
  const ask = (): Promise<PrecomputeReport> =>
    precomputeTags(
      { module, analyzer: 'Night', tags: TAGS, methods: ['unhurried'], tmpdir },
      { on: slurm({ parts: 40, every: 0.1 }) },
    );

  it('are finished by asking again, and none that is stored is computed again, where a part, a node and the driver are killed', async () => {
    tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
    const how = { SPEC_PARTS: '40' };
    const driver = startProgram(process.execPath, [driverProgram, module, tmpdir, 'unhurried', ...TAGS], how);
    const end = ended(driver);
    await until(20);
    const looks = [nothingTwice()];
    process.kill(notesIn(tmpdir).pids.at(-1) ?? 0, 'SIGKILL');
    await until(80);
    looks.push(nothingTwice());
    await cluster.killNode('n2', true);
    await until(140);
    looks.push(nothingTwice());
    driver.kill('SIGKILL');
    expect((await end).code).to.equal(128);
    await cluster.startNode('n2');
    const report = await ask();
    expect(report.failures).to.deep.equal([]);
    expect(report.computed + report.found).to.equal(400);
    for (const look of looks) look();
    expect(new Set(computed()).size).to.equal(400);
    // Of the two parts that were killed, one tag each may have been noted and not stored.
    expect(computed().length).to.be.within(400, 402);
    expect(await cluster.jobs()).to.deep.equal([]);
    expect(await ask()).to.include({ computed: 0, found: 400 });
  });
});
