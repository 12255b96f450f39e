import { expect } from 'chai';
import { FileBackend } from '#lib/remote/backend/file-backend.js';
import { BucketClaims } from '#lib/remote/work/bucket-claims.js';
import { OwnerWatch } from '#lib/remote/work/owner-watch.js';
import { filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a claim in a remote', () => {
  let share: string;
  let time: number;

  beforeEach(() => {
    share = temporaryFolder();
    time = 0;
  });

  const host = (): BucketClaims => new BucketClaims(new FileBackend(share), () => time);

  it('is held by one at a time', async () => {
    const [one, other] = [host(), host()];
    expect(await one.claim('x', {})).to.have.property('isOurs', true);
    expect(await other.claim('x', {})).to.have.property('isOurs', false);
    await one.release('x', {});
    expect(filesIn(share)).to.deep.equal([]);
    expect(await other.claim('x', {})).to.have.property('isOurs', true);
    await other.release('x', {});
  });

  it('is taken from who is dead, who neither removes it nor passes for its owner when it wakes', async () => {
    const [one, other] = [host(), host()];
    await one.claim('x', {});
    expect(await other.claim('x', {})).to.have.property('isOurs', false);
    time = 70;
    expect(await other.claim('x', {})).to.have.property('isOurs', true);
    expect(await one.isStillOurs('x', {})).to.equal(false);
    expect(await other.isStillOurs('x', {})).to.equal(true);
    await one.release('x', {});
    expect(filesIn(share)).to.deep.equal(['claims/x']);
    await other.release('x', {});
  });

  it('is that of a dead one when its signs of life have stayed out three times', () => {
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
