import { expect } from 'chai';
import { InvalidOptionError } from 'stowage';
import { Cache } from 'stowage/kv';
import { Averager, WrongItemError } from 'stowage/recipe';
import { requireDiskcache, runPython } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const IN_PYTHON = `
import json, sys
from diskcache import Averager, Cache
averager = Averager(Cache(json.load(sys.stdin)), 'latency')
found = averager.get()
averager.add(0.5)
json.dump([found, averager.get()], sys.stdout)
`;

describe('Averager', () => {
  let cache: Cache;
  let latency: Averager;

  beforeEach(() => {
    cache = new Cache(temporaryFolder());
    latency = new Averager(cache, 'latency');
  });
  afterEach(() => {
    cache.close();
  });

  it('averages what is added, through any object of the key', () => {
    expect(latency.get()).to.equal(undefined);
    for (let number = 0; number < 10; number++) new Averager(cache, 'latency').add(number);
    expect(latency.get()).to.equal(4.5);
  });

  it('begins anew when it is popped', () => {
    latency.add(0.08);
    latency.add(0.12);
    expect(latency.pop()).to.equal(0.1);
    expect(latency.pop()).to.equal(undefined);
    expect(cache.size).to.equal(0);
    latency.add(3);
    expect(latency.get()).to.equal(3);
  });

  it('expires and is tagged as told', () => {
    new Averager(cache, 'latency', { expire: { hours: 1 }, tag: 'metrics' }).add(2);
    expect(cache.getItem('latency')).to.deep.include({ value: [2, 1], tag: 'metrics' });
    expect(cache.getItem('latency')?.expireTime).to.be.above(Date.now() / 1000 + 3590);
  });

  it('is shared with Python', function () {
    const python = requireDiskcache(this, 'an average shared with Python');
    latency.add(1);
    latency.add(2);
    expect(runPython(python, IN_PYTHON, cache.directory)).to.deep.equal([1.5, 3.5 / 3]);
    latency.add(4.5);
    expect(latency.get()).to.equal(2);
  });

  it('adds numbers alone, and not to something else', () => {
    expect(() => {
      latency.add('1' as unknown as number);
    }).to.throw(InvalidOptionError);
    cache.set('latency', 'low');
    expect(() => {
      latency.add(1);
    }).to.throw(WrongItemError, "'latency' in ");
    expect(() => latency.pop()).to.throw(WrongItemError);
    expect(cache.get('latency')).to.equal('low');
  });
});
