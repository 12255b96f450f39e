import { setTimeout as later } from 'node:timers/promises';
import { expect } from 'chai';
import { redisAddress } from '#lib/base/text/redis-address.js';
import { RedisClaims } from '#lib/remote/work/redis-claims.js';
import { freePorts } from '../../support/services/free-ports.js';
import { PrivateRedis } from '../../support/services/private-redis.js';
import { rejection } from '../../support/values/rejection.js';

describe('a claim in Redis', () => {
  let redis: PrivateRedis | undefined;
  const hosts: RedisClaims[] = [];

  before(async function () {
    redis = await PrivateRedis.start(this, 'claims in Redis');
  });

  afterEach(() => {
    for (const each of hosts.splice(0)) each.close();
  });

  after(() => redis?.[Symbol.asyncDispose]());

  const host = (lease?: number, scope = ''): RedisClaims => {
    const claims = new RedisClaims(redisAddress(redis?.url, 'spec'), scope, lease);
    hosts.push(claims);
    return claims;
  };
  const expire = async (): Promise<void> => {
    for (const key of (await redis?.claims()) ?? []) await redis?.client.pexpire(key, 0);
  };

  it('is held by one of thirty who try at once', async () => {
    const tried = await Promise.all(Array.from({ length: 30 }, () => host().claim('thirty', {})));
    expect(tried.filter(({ isOurs }) => isOurs)).to.have.length(1);
  });

  it('says who has it, and whether another had it before', async () => {
    const [one, other] = [host(), host()];
    expect(await one.claim('who', {})).to.deep.equal({ isOurs: true, owner: '', mayBeThere: false });
    expect((await other.claim('who', {})).owner).to.match(new RegExp(`\\S ${String(process.pid)}$`));
    await one.release('who', {});
    expect(await other.claim('who', {})).to.deep.equal({ isOurs: true, owner: '', mayBeThere: true });
  });

  it('is of one remote alone', async () => {
    expect(await host(30, 's3://a/').claim('scope', {})).to.have.property('isOurs', true);
    expect(await host(30, 's3://b/').claim('scope', {})).to.have.property('isOurs', true);
  });

  it('is taken once it has expired, by a higher number, which who had it finds out', async () => {
    const [one, other] = [host(), host()];
    await one.claim('late', {});
    await expire();
    expect(await one.isStillOurs('late', {})).to.equal(true);
    expect(await other.claim('late', {})).to.include({ isOurs: true, mayBeThere: true });
    expect(await one.isStillOurs('late', {})).to.equal(false);
    expect(await other.isStillOurs('late', {})).to.equal(true);
    await one.release('late', {});
    expect(await host().claim('late', {})).to.have.property('isOurs', false);
  });

  it('has a number that no other one ever has, whatever Redis has lost', async () => {
    const one = host();
    await one.claim('number', {});
    await redis?.client.flushall();
    await host().claim('number', {});
    expect(await one.isStillOurs('number', {})).to.equal(false);
  });

  it('is prolonged for as long as its owner lives', async () => {
    await redis?.client.flushall();
    await host(4).claim('beat', {});
    const [key = ''] = (await redis?.claims()) ?? [];
    const left = async (): Promise<number> => (await redis?.client.pttl(key)) ?? -2;
    for (let last = await left(), now = last; now <= last; now = await left()) {
      expect(now).to.be.greaterThan(0);
      last = now;
      await later(20);
    }
  });

  it('is no answer where Redis is down, and its password is not said', async () => {
    const [port = 0] = await freePorts(1);
    const claims = new RedisClaims(redisAddress(`redis://:secret@127.0.0.1:${String(port)}`, 'spec'), '');
    hosts.push(claims);
    const error = await rejection(claims.claim('down', {}));
    expect(error).to.include({ code: 'STOWAGE_REMOTE', reason: 'ECONNREFUSED' });
    expect(String(error))
      .to.include(`Redis at 127.0.0.1:${String(port)}`)
      .and.not.include('secret');
  });
  it('is waited for no longer than it may be', async () => {
    const error = await rejection(host().claim('late', { signal: AbortSignal.abort(new Error('over')) }));
    expect(error).to.include({ code: 'STOWAGE_REMOTE', reason: 'ETIMEDOUT' });
  });
});
