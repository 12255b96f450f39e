import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { precomputeTags, redis } from 'stowage';
import { NOTES, notesIn } from '../../support/analyses/cluster-night.js';
import { stowage } from '../../support/output/command-line.js';
import { PrivateRedis } from '../../support/services/private-redis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const module = fileURLToPath(new URL('../../support/analyses/cluster-night.js', import.meta.url));

describe('stowage worker', () => {
  let server: PrivateRedis | undefined;

  before(async function () {
    server = await PrivateRedis.start(this, 'stowage worker');
  });

  after(() => server?.[Symbol.asyncDispose]());

  it('computes the parts of its queue, says which, and ends when it is interrupted', async () => {
    const tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
    writeFileSync(join(tmpdir, 'open'), '');
    const url = server?.url ?? '';
    const controller = new AbortController();
    const worker = stowage(['worker', url, '--queue', 'ours', '--jobs', '2'], { signal: controller.signal });
    const others = stowage(['worker', url, '--queue', 'theirs'], { signal: controller.signal });
    const argv = ['precompute', module, 'a', 'b', '--analyzer', 'Night', '--methods', 'gated', '--tmpdir', tmpdir];
    const { code, stdout } = await stowage([...argv, '--on', url, '--queue', 'ours', '--parts', '2', '--json']);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ computed: 2, failures: [] });
    controller.abort();
    const ends = await Promise.all([worker, others]);
    expect(ends.map((end) => end.code)).to.deep.equal([130, 130]);
    expect(ends[0].stderr).to.match(/^part \d of .*\npart \d of /);
    expect(ends[1].stderr).to.equal('');
  });

  it('leaves the part that it computes to another when it is interrupted', async () => {
    const tmpdir = temporaryFolder();
    process.env[NOTES] = tmpdir;
    const url = server?.url ?? '';
    const [first, second] = [new AbortController(), new AbortController()];
    const worker = (controller: AbortController): ReturnType<typeof stowage> =>
      stowage(['worker', url, '--queue', 'left', '--jobs', '1'], { signal: controller.signal });
    const interrupted = worker(first);
    const end = precomputeTags(
      { module, analyzer: 'Night', tags: ['a'], methods: ['gated'], tmpdir },
      { on: redis({ url, queue: 'left', every: 0.05 }) },
    );
    while (notesIn(tmpdir).what.length === 0) await later(20);
    first.abort();
    expect((await interrupted).code).to.equal(130);
    writeFileSync(join(tmpdir, 'open'), '');
    const other = worker(second);
    expect(await end).to.deep.include({ computed: 1, failures: [] });
    second.abort();
    await other;
  });

  it('says what is no address of a Redis', async () => {
    const { code, stderr } = await stowage(['worker', 'wfs1:6379']);
    expect(code).to.equal(1);
    expect(stderr).to.match(/^stowage worker: url must be redis:\/\/host:6379, .*, not wfs1:6379\n$/);
  });
});
