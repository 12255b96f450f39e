import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from 'stowage';
import { Cache, DatabaseError, ENOVAL, Index, JSONDisk } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

describe('Index', () => {
  let directory = '';
  let index: Index;

  beforeEach(() => {
    directory = temporaryFolder();
    index = new Index(directory);
  });
  afterEach(() => {
    expect(index.cache.check()).to.deep.equal([]);
    index.close();
  });

  it('is a map in insertion order', () => {
    index.set('b', 1).set('a', 2).set(3, 'c');
    expect([...index]).to.deep.equal([
      ['b', 1],
      ['a', 2],
      [3, 'c'],
    ]);
    expect([...index.keys()]).to.deep.equal(['b', 'a', 3]);
    expect([...index.values({ reverse: true })]).to.deep.equal(['c', 2, 1]);
    expect([...index.reversed()].map(([key]) => key)).to.deep.equal([3, 'a', 'b']);
    expect(index.size).to.equal(3);
    expect(index.has('a')).to.equal(true);
    expect(index.has('z')).to.equal(false);
    expect(index.get('a')).to.equal(2);
    expect(index.get('z')).to.equal(undefined);
    expect(index.get('z', 9)).to.equal(9);
  });

  it('keeps the place of a key that is set again, and gives a removed one a new place', () => {
    index.update([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    index.set('a', 4);
    expect([...index.keys()].join('')).to.equal('abc');
    expect(index.delete('a')).to.equal(true);
    expect(index.delete('a')).to.equal(false);
    index.set('a', 5);
    expect([...index.keys()].join('')).to.equal('bca');
  });

  it('outlives the object, evicts nothing and shares its folder', () => {
    index.set(['night', 1], { seeing: 0.8 });
    using other = new Index(directory, { more: 'x'.repeat(100_000) });
    expect(other.get(['night', 1])).to.deep.equal({ seeing: 0.8 });
    expect(index.get('more')).to.equal('x'.repeat(100_000));
    expect(other.cache.settings.evictionPolicy).to.equal('none');
  });

  it('starts in a new folder where it is told none', () => {
    using other = new Index<string, number>(undefined, { a: 1 });
    expect(other.directory).to.not.equal(index.directory);
    expect([...other]).to.deep.equal([['a', 1]]);
    rmSync(other.directory, { recursive: true });
  });

  it('is filled from pairs, a Map, an object or another index', () => {
    index.update([[1, 'pairs']]);
    index.update(new Map([[2, 'map']]));
    index.update({ three: 'object' });
    using other = new Index(temporaryFolder());
    other.update(index);
    expect([...other]).to.deep.equal([
      [1, 'pairs'],
      [2, 'map'],
      ['three', 'object'],
    ]);
    for (const wrong of [null, 7, 'ab']) {
      expect(() => {
        other.update(wrong as unknown as []);
      }, String(wrong)).to.throw(InvalidOptionError, 'filled from');
    }
    expect(other.size).to.equal(3);
  });

  it('sets a default once, and gives what stands', () => {
    expect(index.setDefault('a', [1])).to.deep.equal([1]);
    expect(index.setDefault('a', [2])).to.deep.equal([1]);
    expect(index.setDefault('none', null)).to.equal(null);
    expect(index.setDefault('none', 1)).to.equal(null);
    expect(index.size).to.equal(2);
  });

  it('sets a default where the file of the value is gone', () => {
    index.set('a', 'x'.repeat(40_000));
    for (const name of valueFiles(directory)) rmSync(join(directory, name));
    expect(index.setDefault('a', 'again')).to.equal('again');
    expect(index.get('a')).to.equal('again');
  });

  it('pops a value, or the default', () => {
    index.set('a', 1);
    expect(index.pop('a')).to.equal(1);
    expect(index.pop('a')).to.equal(undefined);
    expect(index.pop('a', ENOVAL)).to.deep.equal(ENOVAL);
  });

  it('peeks at and pops items at either end', () => {
    index.update([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect(index.peekItem()).to.deep.equal(['c', 3]);
    expect(index.peekItem({ last: false })).to.deep.equal(['a', 1]);
    expect(index.popItem({ last: false })).to.deep.equal(['a', 1]);
    expect(index.popItem()).to.deep.equal(['c', 3]);
    expect(index.popItem()).to.deep.equal(['b', 2]);
    expect(index.popItem()).to.equal(undefined);
    expect(index.peekItem()).to.equal(undefined);
  });

  it('does not claim to have popped what its disk cannot find', () => {
    using cache = new Cache(temporaryFolder(), { disk: JSONDisk, evictionPolicy: 'none' });
    const other = Index.fromCache(cache, new Map<unknown, unknown>([['a', 1]]));
    expect(other.popItem()).to.deep.equal(['a', 1]);
    other.push('in a queue');
    expect(() => other.popItem()).to.throw(DatabaseError, 'cannot be removed');
    expect(other.pull()?.[1]).to.equal('in a queue');
  });

  it('is a set of queues as well', () => {
    expect(index.push('apples')).to.equal(500_000_000_000_000);
    expect(index.push('beans')).to.equal(500_000_000_000_001);
    expect(index.push('cherries', { side: 'front' })).to.equal(499_999_999_999_999);
    expect(index.push('dates', { prefix: 'fruit' })).to.equal('fruit-500000000000000');
    expect(index.get(500_000_000_000_001)).to.equal('beans');
    expect(index.pull()).to.deep.equal([499_999_999_999_999, 'cherries']);
    expect(index.pull({ side: 'back' })).to.deep.equal([500_000_000_000_001, 'beans']);
    expect(index.pull({ prefix: 'fruit' })).to.deep.equal(['fruit-500000000000000', 'dates']);
    expect(index.pull({ prefix: 'fruit' })).to.equal(undefined);
  });

  it('remembers the results of functions', () => {
    let computed = 0;
    const square = index.memoize({ name: 'square' })((number: number) => {
      computed++;
      return number * number;
    });
    expect(square(3)).to.equal(9);
    expect(square(3)).to.equal(9);
    expect(square(4)).to.equal(16);
    expect(computed).to.equal(2);
    expect(index.get(square.cacheKey(3))).to.equal(9);
  });

  it('equals another index in the same order, a Map or an object in any', () => {
    const pairs: [string, unknown][] = [
      ['a', 1],
      ['b', [2]],
    ];
    index.update(pairs);
    using same = new Index(temporaryFolder(), pairs);
    using turned = new Index(temporaryFolder(), [...pairs].reverse());
    expect(index.equals(same)).to.equal(true);
    expect(index.equals(turned)).to.equal(false);
    expect(index.equals(new Map([...pairs].reverse()))).to.equal(true);
    expect(index.equals({ b: [2], a: 1 })).to.equal(true);
    expect(index.equals({ b: [2], a: 2 })).to.equal(false);
    expect(index.equals({ b: [2] })).to.equal(false);
    expect(index.equals({ b: [2], a: 1, c: undefined })).to.equal(false);
    expect(index.equals({ b: [2], c: undefined })).to.equal(false);
    expect(index.equals({ b: [2], toString: 1 })).to.equal(false);
  });

  it('equals a Map whose keys are arrays and bytes', () => {
    index.set(['a', 1], 1).set(Buffer.from('b'), 2);
    expect(
      index.equals(
        new Map<unknown, unknown>([
          [Buffer.from('b'), 2],
          [['a', 1], 1],
        ]),
      ),
    ).to.equal(true);
  });

  it('uses a cache that is there', () => {
    using cache = new Cache(temporaryFolder(), { evictionPolicy: 'none' });
    const other = Index.fromCache(cache, { a: 1 });
    expect(other.cache).to.equal(cache);
    expect(cache.get('a')).to.equal(1);
    class Nights extends Index<string, number> {}
    expect(Nights.fromCache(cache)).to.be.instanceOf(Nights);
  });

  it('clears all', () => {
    index.update({ a: 1, b: 2 });
    index.clear();
    expect(index.size).to.equal(0);
    expect([...index]).to.deep.equal([]);
  });

  it('takes a transaction back whole', () => {
    index.update({ a: 1, b: 2 });
    expect(() =>
      index.transact(() => {
        index.set('a', 3);
        index.transact(() => index.popItem());
        index.set('c', 4);
        throw new Error('no');
      }),
    ).to.throw('no');
    expect([...index]).to.deep.equal([
      ['a', 1],
      ['b', 2],
    ]);
    expect(index.transact(() => index.set('c', 3).size)).to.equal(3);
  });
});
