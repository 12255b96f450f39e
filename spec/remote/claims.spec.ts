import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheOnDisk, flushRemote, setRemote, type RemoteOptions } from 'stowage';
import { filesIn, listen, tagIn } from '../support/analyses/analysis.js';
import { Host } from '../support/children/host.js';
import { freePorts } from '../support/services/free-ports.js';
import { PrivateRedis } from '../support/services/private-redis.js';
import { temporaryFolder } from '../support/temporary-folder.js';

class Slow {
  ran = 0;
  finish: (value: number) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  @cacheOnDisk
  async result(): Promise<number> {
    this.ran++;
    return new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
  }
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a computation that takes long, among hosts', () => {
  let share: string;

  beforeEach(() => {
    share = temporaryFolder();
  });

  afterEach(flushRemote);

  const slowWith = (claimAfter: number): Slow => {
    const slow = tagIn(temporaryFolder(), new Slow());
    setRemote(slow, `file://${share}`, { claimAfter, key: 'a secret of enough letters' });
    return slow;
  };
  const claims = (): string[] => filesIn(share).filter((name) => name.startsWith('claims/'));

  it('is made once: the others wait, and take what comes out', async () => {
    const waits = listen('wait');
    const [one, other] = [slowWith(0), slowWith(0)];
    const first = one.result();
    await until(() => one.ran === 1);
    const second = other.result();
    await until(() => waits.length === 1);
    one.finish(7);
    expect([await first, await second, other.ran]).to.deep.equal([7, 7, 0]);
    await flushRemote();
    expect(claims()).to.deep.equal([]);
  });

  it('is made by another where it fails', async () => {
    const waits = listen('wait');
    const [one, other] = [slowWith(0), slowWith(0)];
    const first = one.result();
    await until(() => one.ran === 1);
    const second = other.result();
    await until(() => waits.length === 1);
    one.fail(new Error('no data'));
    expect(await first.catch((error: unknown) => String(error))).to.equal('Error: no data');
    await until(() => other.ran === 1);
    other.finish(8);
    expect(await second).to.equal(8);
  });

  it('is waited for only where it is known to take as long', async () => {
    const [one, other] = [slowWith(60), slowWith(60)];
    const both = [one.result(), other.result()];
    await until(() => one.ran + other.ran === 2);
    expect(claims()).to.deep.equal([]);
    one.finish(1);
    other.finish(1);
    await Promise.all(both);
  });
});

describe('a computation among hosts whose claims are in Redis', () => {
  let redis: PrivateRedis | undefined;
  let share: string;
  const hosts: Host[] = [];

  before(async function () {
    redis = await PrivateRedis.start(this, 'computations among hosts whose claims are in Redis');
  });

  beforeEach(async () => {
    share = temporaryFolder();
    await redis?.client.flushall();
  });

  afterEach(async () => {
    await flushRemote();
    for (const each of hosts.splice(0)) await each.kill();
  });

  after(() => redis?.[Symbol.asyncDispose]());

  const options = (): RemoteOptions & { claims: string } => ({
    key: 'a secret of enough letters',
    claims: redis?.url ?? '',
  });
  const host = (): Host => {
    const each = new Host([temporaryFolder(), `file://${share}`, JSON.stringify(options()), share]);
    hosts.push(each);
    return each;
  };
  /** A host of its own in this process: its thread is another one. */
  const slowWith = (more: RemoteOptions): Slow => {
    const slow = tagIn(temporaryFolder(), new Slow());
    setRemote(slow, `file://${share}`, { ...options(), ...more });
    return slow;
  };
  const expire = async (): Promise<void> => {
    const keys = (await redis?.claims()) ?? [];
    expect(keys).to.have.length(1);
    for (const key of keys) {
      expect(await redis?.client.pttl(key)).to.be.within(1, 30_000);
      await redis?.client.pexpire(key, 0);
    }
  };

  it('is made once, the first time as well, and synchronous hosts wait for it', async () => {
    const one = host();
    await one.says('computing');
    const others = [host(), host()];
    for (const each of others) await each.says('waiting');
    writeFileSync(join(share, 'open'), '');
    expect(await one.words()).to.deep.equal(['computing', 'value 7']);
    for (const each of others) expect(await each.words()).to.deep.equal(['waiting', 'value 7']);
    expect(await redis?.claims()).to.deep.equal([]);
  });

  it('is made by another when the claim of one that was killed has expired', async () => {
    const one = host();
    await one.says('computing');
    const other = host();
    await other.says('waiting');
    await one.kill();
    writeFileSync(join(share, 'open'), '');
    await expire();
    expect(await other.words()).to.deep.equal(['waiting', 'computing', 'value 7']);
  });

  it('comes to nothing that replaces what a later one has made, where its claim has expired meanwhile', async () => {
    const first = slowWith({ timeout: 5 });
    const made = first.result();
    await until(() => first.ran === 1);
    first.finish(1);
    await made;
    await flushRemote();
    // What lies there is refused, and is to be replaced by whoever computes.
    const [record = ''] = filesIn(share);
    writeFileSync(join(share, record), readFileSync(join(share, record)).subarray(0, -9));
    const [late, later] = [slowWith({ timeout: 6 }), slowWith({ timeout: 7 })];
    const ofLate = late.result();
    await until(() => late.ran === 1);
    await expire();
    const ofLater = later.result();
    await until(() => later.ran === 1);
    later.finish(3);
    await ofLater;
    await flushRemote();
    late.finish(2);
    expect([await ofLate, await ofLater]).to.deep.equal([2, 3]);
    await flushRemote();
    const reader = slowWith({ mode: 'read' });
    expect(await reader.result()).to.equal(3);
  });

  it('is made all the same where Redis is down, with one event, and is pushed', async () => {
    const faults = listen('fault');
    const [port = 0] = await freePorts(1);
    const slow = slowWith({ claims: `redis://127.0.0.1:${String(port)}` });
    for (const tag of ['one', 'two']) {
      tagIn(temporaryFolder(), slow, tag);
      const { ran } = slow;
      const made = slow.result();
      await until(() => slow.ran > ran);
      slow.finish(5);
      expect(await made).to.equal(5);
    }
    await flushRemote();
    expect(faults.map(({ reason }) => reason)).to.deep.equal(['ECONNREFUSED']);
    expect(readdirSync(join(share, 'records'))).to.have.length(2);
  });
});
