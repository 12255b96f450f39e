import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { precomputeTags, redis, SchedulerError, type PrecomputeReport } from 'stowage';
import { NOTES, notesIn } from '../../support/analyses/cluster-night.js';
import { ended, startProgram, startStowage, stowage } from '../../support/output/command-line.js';
import { freePorts } from '../../support/services/free-ports.js';
import { PrivateRedis } from '../../support/services/private-redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = fileURLToPath(new URL('../../support/analyses/cluster-night.js', import.meta.url));
const driverProgram = fileURLToPath(new URL('../../support/children/cluster-driver.js', import.meta.url));

describe('precompute by workers of a queue in Redis', () => {
  let server: PrivateRedis | undefined;
  let url = '';
  let tmpdir = '';

  before(async function () {
    server = await PrivateRedis.start(this, 'precompute by workers of a queue in Redis');
    ({ url } = server);
  });

  after(() => server?.[Symbol.asyncDispose]());

  beforeEach(() => {
    tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
  });

  const compute = (tags: readonly string[], method: string, signal?: AbortSignal): Promise<PrecomputeReport> => {
    const on = redis({ url, parts: tags.length, every: 0.1 });
    return precomputeTags(
      { module, analyzer: 'Night', tags, methods: [method], tmpdir },
      { on, ...(signal && { signal }) },
    );
  };
  const begun = (): number => notesIn(tmpdir).what.filter((what) => what.endsWith(' begun')).length;
  const computed = (): string[] =>
    notesIn(tmpdir)
      .what.filter((what) => !what.endsWith(' begun'))
      .sort();
  const open = (): void => {
    writeFileSync(join(tmpdir, 'open'), '');
  };
  /** A worker in this process, until it is called off. */
  const workHere = (): (() => Promise<unknown>) => {
    const controller = new AbortController();
    const argv = ['worker', url, '--jobs', '1', '--lease', '1s'];
    const end = stowage(argv, { signal: controller.signal });
    return () => {
      controller.abort();
      return end;
    };
  };
  const worker = (): ReturnType<typeof startStowage> =>
    startStowage(['worker', url, '--jobs', '1', '--lease', '1s'], { [NOTES]: tmpdir });

  it('computes each tag once, and loses one part to a worker that is killed, which another computes', async () => {
    const workers = [worker(), worker()];
    try {
      const end = compute(['a', 'b', 'c', 'd'], 'gated');
      while (begun() < 2) await later(20);
      workers[0]?.kill('SIGKILL');
      open();
      expect(await end).to.deep.include({ computed: 4, failures: [] });
      expect(computed()).to.deep.equal(['a', 'b', 'c', 'd']);
      expect(begun()).to.equal(5);
    } finally {
      for (const each of workers) each.kill('SIGKILL');
    }
  });

  it('whose driver is killed goes on, and is joined by who asks for the same again', async () => {
    const tags = ['a', 'b', 'c'];
    const driver = startProgram(process.execPath, [driverProgram, module, tmpdir, 'gated', ...tags], {
      SPEC_REDIS: url,
    });
    const endWork = workHere();
    try {
      while (begun() < 1) await later(20);
      driver.kill('SIGKILL');
      await ended(driver);
      open();
      expect(await compute(tags, 'gated')).to.deep.include({ computed: 3, found: 0, failures: [] });
      expect(computed()).to.deep.equal(tags);
      expect(begun()).to.equal(3);
    } finally {
      driver.kill('SIGKILL');
      await endWork();
    }
  });

  it('that is called off leaves nothing in the queue, and its worker stops computing', async () => {
    const controller = new AbortController();
    const endWork = workHere();
    try {
      const end = compute(['a', 'b', 'c'], 'gated', controller.signal).catch((error: unknown) => error);
      while (begun() < 1) await later(20);
      controller.abort(new Error('enough'));
      expect(String(await end)).to.equal('Error: enough');
      // The worker takes what comes next while nobody has opened the gate.
      expect(await compute(['d'], 'rms')).to.deep.include({ computed: 1, failures: [] });
      expect([begun(), computed()]).to.deep.equal([1, ['d']]);
    } finally {
      await endWork();
    }
  });

  it('says where no Redis answers', async () => {
    const [port = 0] = await freePorts(1);
    const on = redis({ url: `redis://:secret@127.0.0.1:${port}`, every: 0.1 });
    const end: unknown = await precomputeTags(
      { module, analyzer: 'Night', tags: ['a'], methods: ['rms'], tmpdir },
      { on },
    ).catch((error: unknown) => error);
    expect(end).to.be.instanceOf(SchedulerError);
    expect(String(end)).to.include(`127.0.0.1:${port}`).and.not.include('secret');
  });
});
