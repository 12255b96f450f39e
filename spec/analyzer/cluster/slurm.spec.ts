import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { precomputeTags, SchedulerError, slurm, type PrecomputeReport, type SlurmOptions } from 'stowage';
import { SlurmQueue } from '#lib/analyzer/cluster/slurm-queue.js';
import { NOTES, notesIn } from '../../support/analyses/cluster-night.js';
import { ended, startProgram } from '../../support/output/command-line.js';
import { PrivateSlurm } from '../../support/services/slurm.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const night = fileURLToPath(new URL('../../support/analyses/cluster-night.js', import.meta.url));
const driverProgram = fileURLToPath(new URL('../../support/children/cluster-driver.js', import.meta.url));
const EVERY = 0.1;

let tmpdir = '';

interface Asked extends SlurmOptions {
  tags: readonly string[];
  methods?: string[];
  module?: string;
  signal?: AbortSignal;
}

function compute({ tags, methods = ['rms'], module = night, signal, ...options }: Asked): Promise<PrecomputeReport> {
  return precomputeTags(
    { module, analyzer: 'Night', tags, methods, tmpdir },
    { on: slurm({ every: EVERY, ...options }), ...(signal && { signal }) },
  );
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await later(20);
}

/** What was submitted, run by run: the parts of each array. */
function submissions(): number[][][] {
  const [own = ''] = readdirSync(tmpdir).filter((name) => name.startsWith('.precompute-'));
  const works = readdirSync(join(tmpdir, own)).map((work) => join(tmpdir, own, work));
  const runs = works.flatMap((work) =>
    readdirSync(work)
      .sort()
      .map((run) => join(work, run, 'submissions')),
  );
  return runs.map((folder) =>
    readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .sort()
      .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { parts: number[] }).parts),
  );
}

const begun = (): string[] =>
  notesIn(tmpdir).what.flatMap((what) => (what.endsWith(' begun') ? what.replace(' begun', '') : []));
const computed = (): string[] => notesIn(tmpdir).what.filter((what) => !what.endsWith(' begun'));

describe('precompute on Slurm', () => {
  let cluster: PrivateSlurm;

  before(async function () {
    cluster = await PrivateSlurm.start(this, 'precompute on Slurm', temporaryFolder());
  });

  after(async () => {
    await (cluster as PrivateSlurm | undefined)?.[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
  });

  it('computes each of 400 tags once, on two nodes, with the report of threads', async () => {
    const tags = Array.from({ length: 399 }, (_, place) => `night${place}`);
    const report = await compute({ tags: [...tags, 'cloudy'], parts: 3 });
    expect(report).to.include({ computed: 399, found: 0 });
    expect(report.failures.map(({ tag, method, error }) => `${tag} ${method ?? ''} ${String(error)}`)).to.deep.equal([
      'cloudy rms TypeError: no stars in cloudy',
    ]);
    expect(computed().sort()).to.deep.equal([...tags, 'cloudy'].sort());
    expect(submissions()).to.deep.equal([[[1, 2, 3]]]);
  });

  it('that loses a part, a node and its driver is finished by asking again, and nothing is computed twice', async () => {
    const tags = ['a', 'b', 'c', 'd'];
    const driver = startProgram(process.execPath, [driverProgram, night, tmpdir, 'gated', ...tags], {});
    const end = ended(driver);
    await until(() => begun().length === 2);
    // A part: it is submitted again.
    process.kill(notesIn(tmpdir).pids[0] ?? 0, 'SIGKILL');
    await until(() => submissions()[0]?.length === 2);
    await until(() => begun().length === 3);
    driver.kill('SIGKILL');
    expect((await end).code).to.equal(128);
    await cluster.killNode('n2', true);
    writeFileSync(join(tmpdir, 'open'), '');
    expect(await compute({ tags, methods: ['gated'], parts: 4 })).to.deep.include({ computed: 4, failures: [] });
    expect(computed().sort()).to.deep.equal(tags);
    const [arrays = [], ...others] = submissions();
    // The array that still ran was joined.
    expect(arrays[0]).to.deep.equal([1, 2, 3, 4]);
    expect(arrays.slice(1).every((parts) => parts.length === 1)).to.equal(true);
    expect(others).to.deep.equal([]);
    await cluster.startNode('n2');
  });

  it('says in the words of Slurm what that refuses, and goes on with nothing of it', async () => {
    const refusal = (options: Partial<Asked>): Promise<unknown> =>
      compute({ tags: Array.from({ length: 200 }, (_, place) => `n${place}`), ...options }).catch(
        (error: unknown) => error,
      );
    const tooMany = await refusal({ parts: 200 });
    expect(tooMany).to.be.instanceOf(SchedulerError).and.include({ code: 'STOWAGE_SCHEDULER' });
    expect(String(tooMany)).to.match(
      /Slurm refuses the array: .*Invalid job array specification; .* ask for fewer parts/s,
    );
    const nowhere = await refusal({ partition: 'nowhere' });
    expect(String(nowhere)).to.match(/Slurm refuses the array: .*invalid partition specified: nowhere/is);
    expect(computed()).to.deep.equal([]);
    expect(await cluster.jobs()).to.deep.equal([]);
  });

  it('has each part once in the queue, where a driver that was killed had submitted it as well', async () => {
    const run = { path: tmpdir, logs: tmpdir, plan: { name: 'twins' } };
    const queue = new SlurmQueue({ cpus: 1, sbatch: ['--hold'] });
    const first = await queue.submit(run, [1, 2, 3]);
    const second = await queue.submit(run, [3, 4]);
    expect((await cluster.jobs()).sort()).to.deep.equal([`${first}_1`, `${first}_2`, `${first}_3`, `${second}_4`]);
    await queue.cancel(run);
    await until(async () => (await cluster.jobs()).length === 0);
  });

  it('that is called off leaves nothing in the queue', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const end = compute({ tags: ['a', 'b', 'c'], methods: ['gated'], signal }).catch((error: unknown) => error);
    await until(() => begun().length === 2);
    controller.abort(new Error('enough'));
    expect(String(await end)).to.equal('Error: enough');
    await until(async () => (await cluster.jobs()).length === 0);
    expect(computed()).to.deep.equal([]);
    expect(existsSync(join(tmpdir, 'open'))).to.equal(false);
  });

  it('says where a part computes with other code than it was asked for with', async () => {
    const module = join(tmpdir, 'night.mjs');
    const write = (factor: number): void => {
      writeFileSync(
        module,
        `import { Analyzer, cacheOnDisk } from ${JSON.stringify(import.meta.resolve('stowage'))};
         export class Night extends Analyzer { constructor(tag) { super(tag); } rms() { return ${factor}; } }
         const rms = Object.getOwnPropertyDescriptor(Night.prototype, 'rms');
         Object.defineProperty(Night.prototype, 'rms', cacheOnDisk(Night.prototype, 'rms', rms) ?? rms);`,
      );
    };
    write(1);
    const end = compute({ tags: ['a'], module, sbatch: ['--hold'] });
    await until(async () => (await cluster.jobs()).length === 1);
    write(2);
    await cluster.ask('scontrol', 'release', ...(await cluster.jobs()));
    const { computed: count, otherCode } = await end;
    expect(count).to.equal(1);
    expect(otherCode?.map(({ method }) => method)).to.deep.equal(['rms']);
  });
});
