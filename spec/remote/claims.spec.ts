import { expect } from 'chai';
import { cacheOnDisk, flushRemote, setRemote } from 'stowage';
import { FileBackend } from '#lib/remote/backend/file-backend.js';
import { OwnerWatch } from '#lib/remote/contract/owner-watch.js';
import { RemoteClaims } from '#lib/remote/work/claims.js';
import { filesIn, listen, tagIn } from '../support/analyses/analysis.js';
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

describe('a claim in a remote', () => {
  it('is held by one at a time, and can be taken from who is dead', async () => {
    const share = temporaryFolder();
    const [one, other] = [new RemoteClaims(new FileBackend(share)), new RemoteClaims(new FileBackend(share))];
    expect(await one.claim('x', false, {})).to.deep.equal({ isOurs: true });
    expect(await other.claim('x', false, {})).to.have.property('isOurs', false);
    expect(await other.claim('x', true, {})).to.deep.equal({ isOurs: true });
    await other.release('x');
    expect(filesIn(share)).to.deep.equal([]);
    await one.release('x');
  });

  it('is that of a dead one when its signs of life have stayed out three times', () => {
    let time = 0;
    const owner = new OwnerWatch(() => time);
    expect(owner.isDead('a')).to.equal(false);
    time = 60;
    expect(owner.isDead('b')).to.equal(false);
    time = 120;
    expect(owner.isDead('b')).to.equal(false);
    time = 130;
    expect(owner.isDead('b')).to.equal(true);
  });
});
