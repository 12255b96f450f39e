import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { precomputeTags, redis, SchedulerError, type PrecomputeReport } from 'stowage';
import { NOTES, notesIn } from '../../support/analyses/cluster-night.js';
import { startStowage } from '../../support/output/command-line.js';
import { freePorts } from '../../support/services/free-ports.js';
import { requirePrograms } from '../../support/services/programs.js';
import { Service } from '../../support/services/service.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = fileURLToPath(new URL('../../support/analyses/cluster-night.js', import.meta.url));

describe('precompute by workers of a queue in Redis', () => {
  let server: Service | undefined;
  let url = '';
  let tmpdir = '';

  before(async function () {
    const [program = ''] = requirePrograms(this, 'precompute by workers of a queue in Redis', ['redis-server']);
    const [port = 0] = await freePorts(1);
    url = `redis://127.0.0.1:${port}`;
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    server = new Service(program, settings);
  });

  after(async () => {
    await server?.kill();
  });

  const compute = (tags: readonly string[], method: string): Promise<PrecomputeReport> => {
    const on = redis({ url, parts: tags.length, every: 0.1 });
    return precomputeTags({ module, analyzer: 'Night', tags, methods: [method], tmpdir }, { on });
  };
  const begun = (): number => notesIn(tmpdir).what.filter((what) => what.endsWith(' begun')).length;

  it('computes each tag once, and loses one part to a worker that is killed, which another computes', async () => {
    tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
    const worker = (): ReturnType<typeof startStowage> =>
      startStowage(['worker', url, '--jobs', '1', '--lease', '1s'], { [NOTES]: tmpdir });
    const workers = [worker(), worker()];
    try {
      const end = compute(['a', 'b', 'c', 'd'], 'gated');
      while (begun() < 2) await later(20);
      workers[0]?.kill('SIGKILL');
      writeFileSync(join(tmpdir, 'open'), '');
      expect(await end).to.deep.include({ computed: 4, failures: [] });
      const computed = notesIn(tmpdir).what.filter((what) => !what.endsWith(' begun'));
      expect(computed.sort()).to.deep.equal(['a', 'b', 'c', 'd']);
      expect(begun()).to.equal(5);
    } finally {
      for (const each of workers) each.kill('SIGKILL');
    }
  });

  it('says where no Redis answers', async () => {
    tmpdir = temporaryFolder();
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
