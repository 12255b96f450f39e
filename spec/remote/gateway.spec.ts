import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { expect } from 'chai';
import {
  cacheOnDisk,
  flushRemote,
  setRemote,
  verify,
  type PullReport,
  type PushReport,
  type RemoteOptions,
} from 'stowage';
import { openBackend } from '#lib/remote/backend/open-backend.js';
import { checkRemote } from '#lib/remote/contract/remote-options.js';
import { signerOf } from '#lib/remote/contract/signature.js';
import { BucketClaims } from '#lib/remote/work/bucket-claims.js';
import { pushFolder } from '#lib/remote/work/push-folder.js';
import { survey, tagsIn } from '#lib/remote/work/survey.js';
import { listen, tagIn } from '../support/analyses/analysis.js';
import { CountingProxy } from '../support/services/counting-proxy.js';
import { Gateway, GATEWAY_PROGRAMS } from '../support/services/gateway.js';
import { asHostIfAllowed } from '../support/services/other-hosts.js';
import { requirePrograms } from '../support/services/programs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

class Spectrum {
  ran = 0;

  constructor(readonly folder = '') {}

  @cacheOnDisk
  flux(): Float64Array {
    this.ran++;
    return Float64Array.from({ length: 10_000 }, (_, i) => i);
  }

  @cacheOnDisk
  lines(): Map<string, number> {
    this.ran++;
    return new Map([['Ha', 656.28]]);
  }
}

const MOVER = join(import.meta.dirname, '../support/children/remote-mover.js');

/** Moves channels in a process of its own, to its end. @returns what its last line says */
function moved<T>(...args: string[]): T {
  return movedBy<T>([], ...args);
}

/** @param host what runs a process as another host would */
function movedBy<T>(host: readonly string[], ...args: string[]): T {
  const [program = '', ...rest] = [...host, process.execPath, '--no-warnings', MOVER, ...args];
  const { stdout, stderr, status } = spawnSync(program, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

/** Moves channels, and kills the process after so many. */
async function movedInPart(lines: number, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', MOVER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  createInterface(child.stdout).on('line', () => {
    if (++seen === lines) child.kill('SIGKILL');
  });
  await once(child, 'exit');
}

describe("a remote in a bucket of Ceph's S3 gateway", function () {
  this.timeout(120_000);
  let gateway: Gateway;
  let bucket = 0;
  let url: string;
  const alice = (): RemoteOptions => gateway.optionsOf('alice');

  before(async function () {
    requirePrograms(this, "the specs of Ceph's S3 gateway", GATEWAY_PROGRAMS);
    gateway = await Gateway.start(temporaryFolder(), 'alice', 'bob');
  });

  after(() => {
    (gateway as Gateway | undefined)?.stop();
  });

  const asAlice = async (method: string, path: string, body?: string): Promise<void> => {
    const client = new AwsClient({
      accessKeyId: 'AKalice',
      secretAccessKey: 'SKalice',
      service: 's3',
      region: 'us-east-1',
    });
    const answer = await client.fetch(`${gateway.endpoint}/${path}`, { method, ...(body !== undefined && { body }) });
    if (!answer.ok) throw new Error(await answer.text());
  };

  beforeEach(async () => {
    const name = `results-${String(bucket++)}`;
    await asAlice('PUT', name);
    url = `s3://${name}/our survey`;
  });

  const spectrumOf = (options: RemoteOptions): Spectrum => {
    const folder = temporaryFolder();
    const spectrum = tagIn(folder, new Spectrum(folder));
    setRemote(spectrum, url, options);
    return spectrum;
  };

  const backendOf = (options: RemoteOptions): ReturnType<typeof openBackend> =>
    openBackend(checkRemote(url, options, 'spec'));

  const soundness = async (): Promise<{ records: number; refused: unknown[] }> => {
    const signer = signerOf(checkRemote(url, alice(), 'spec').key);
    return survey(backendOf(alice()), signer, { data: true, before: 0 });
  };

  it('gives what another has computed', async () => {
    const there = spectrumOf(alice());
    const [flux, lines] = [there.flux(), there.lines()];
    await flushRemote();
    const here = spectrumOf(alice());
    expect([here.flux(), here.lines(), here.ran]).to.deep.equal([flux, lines, 0]);
  });

  it('is asked nothing for a hit, one list a tag, one or two readings for a result, and one or two puts for a push', async () => {
    const proxy = await CountingProxy.before(gateway.endpoint);
    try {
      const counted = { ...alice(), endpoint: proxy.endpoint };
      /** Verbs, lists told from readings. */
      const asked = async (): Promise<string> =>
        (await proxy.seen()).map((line) => (line.includes('list-type') ? 'LIST' : line.split(' ')[0])).join(' ');
      const there = spectrumOf(counted);
      there.lines();
      await flushRemote();
      expect(await asked(), 'a small result that is new').to.equal('LIST PUT');
      there.flux();
      await flushRemote();
      expect(await asked(), 'a large one of the same tag').to.equal('PUT PUT');
      there.flux();
      tagIn(there.folder, there);
      there.flux();
      expect(await asked(), 'hits in memory and on disk').to.equal('');
      const here = spectrumOf({ ...counted, mode: 'read' });
      here.lines();
      expect(await asked(), 'a small remote hit').to.equal('LIST GET');
      here.flux();
      expect(await asked(), 'a large one of the same tag').to.equal('GET GET');
      expect([there.ran, here.ran]).to.deep.equal([2, 0]);
    } finally {
      await proxy[Symbol.asyncDispose]();
    }
  });

  it('refuses a wrong secret, and another user: a miss and one event', async () => {
    spectrumOf(alice()).flux();
    await flushRemote();
    for (const options of [gateway.optionsOf('alice', 'wrong'), gateway.optionsOf('bob')]) {
      const faults = listen('fault');
      const here = spectrumOf(options);
      here.flux();
      here.lines();
      await flushRemote();
      expect([here.ran, faults.map(({ reason }) => reason)]).to.deep.equal([2, ['403']]);
    }
  });

  it('gives those who may only read what is there, and takes nothing of them', async () => {
    spectrumOf(alice()).flux();
    await flushRemote();
    const name = url.slice(5).split('/')[0] ?? '';
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam:::user/bob'] },
          Action: ['s3:GetObject', 's3:ListBucket'],
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
        },
      ],
    };
    await asAlice('PUT', `${name}?policy`, JSON.stringify(policy));
    const faults = listen('fault');
    const here = spectrumOf(gateway.optionsOf('bob'));
    here.flux();
    expect([here.ran, faults.length]).to.deep.equal([0, 0]);
    here.lines();
    await flushRemote();
    expect([here.ran, faults.map(({ reason }) => reason)]).to.deep.equal([1, ['403']]);
    expect(await tagsIn(backendOf(alice()))).to.have.nested.property('[0].records', 1);
  });

  it('has one winner of thirty writers of one result', async () => {
    const tmpdir = temporaryFolder();
    const there = tagIn(tmpdir, new Spectrum());
    there.flux();
    const settings = checkRemote(url, alice(), 'spec');
    const reports = await Promise.all(
      Array.from({ length: 30 }, () =>
        pushFolder(join(tmpdir, 'cachenight'), openBackend(settings), signerOf(settings.key)),
      ),
    );
    expect(reports.reduce((sum, { pushed }) => sum + pushed, 0)).to.equal(1);
    expect(await soundness()).to.deep.include({ records: 1, refused: [] });
  });

  it('lets one of ten hosts compute what takes long', async () => {
    const tried = await Promise.all(
      Array.from({ length: 10 }, () => new BucketClaims(backendOf(alice())).claim('x', {})),
    );
    expect(tried.filter(({ isOurs }) => isOurs)).to.have.length(1);
  });

  it('moves 400 results to the folder of another host, where nothing is computed, killed on the way or not', async () => {
    const [there, here] = [temporaryFolder(), temporaryFolder()];
    const options = JSON.stringify(alice());
    moved('compute', there, url, options, '400');
    await movedInPart(150, 'push', there, url, options);
    const { records, refused } = await soundness();
    expect(records).to.be.within(100, 399);
    expect(refused).to.deep.equal([]);
    const pushed = moved<PushReport>('push', there, url, options);
    expect(pushed.pushed + pushed.present).to.equal(400);
    expect(pushed.present).to.equal(records);
    await movedInPart(150, 'pull', here, url, options);
    expect((await verify(join(here, 'cachenight'))).problems).to.include({
      'damaged record': 0,
      'missing data': 0,
      'wrong checksum': 0,
    });
    const beta = asHostIfAllowed('beta', 'moving 400 results');
    const pulled = movedBy<PullReport>(beta, 'pull', here, url, options);
    expect(pulled.pulled + pulled.present).to.equal(400);
    expect(pulled.present).to.be.greaterThan(100);
    expect(
      movedBy(beta, 'use', here, 's3://nobody/', JSON.stringify({ ...alice(), endpoint: 'http://127.0.0.1:1' }), '400'),
    ).to.deep.equal({
      ran: 0,
    });
  });

  it('that stands still costs one wait, and not one a call', () => {
    gateway.signal('SIGSTOP');
    try {
      const faults = listen('fault');
      const here = spectrumOf({ ...alice(), timeout: 0.5 });
      here.flux();
      here.lines();
      expect([here.ran, faults.map(({ reason }) => reason)]).to.deep.equal([2, ['ETIMEDOUT']]);
    } finally {
      gateway.signal('SIGCONT');
    }
  });
});
