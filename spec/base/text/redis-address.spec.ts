import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { redisAddress, shownRedis } from '#lib/base/text/redis-address.js';

describe('the address of a Redis', () => {
  it('has all that its URL says', () => {
    expect(redisAddress('redis://wfs1', 'url')).to.deep.equal({ host: 'wfs1', port: 6379 });
    expect(redisAddress('rediss://me:p%40ss@[::1]:7000/3', 'url')).to.deep.equal({
      host: '::1',
      port: 7000,
      username: 'me',
      password: 'p@ss',
      db: 3,
      tls: {},
    });
  });

  it('is refused where it is none, and its password is not said', () => {
    for (const url of ['', 'wfs1:6379', 'http://wfs1', 'redis://', 'redis://:secret@wfs1/work', 7])
      expect(() => redisAddress(url, 'url'), String(url))
        .to.throw(InvalidOptionError, 'url must be redis://host:6379')
        .with.property('message')
        .that.does.not.include('secret');
  });

  it('is shown without its password', () => {
    expect(shownRedis(redisAddress('redis://:secret@wfs1:7000', 'url'))).to.equal('Redis at wfs1:7000');
  });
});
