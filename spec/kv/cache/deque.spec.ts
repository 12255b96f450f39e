import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidOptionError } from 'stowage';
import { Cache, Deque, Disk, JSONDisk, type StoredValue } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

describe('Deque', () => {
  let directory = '';
  let deque: Deque;

  beforeEach(() => {
    directory = temporaryFolder();
    deque = new Deque([], { directory });
  });
  afterEach(() => {
    expect(deque.cache.check()).to.deep.equal([]);
    deque.close();
  });

  /** The deque starts anew with these values. */
  function filled<T>(...values: T[]): Deque<T> {
    deque.clear();
    deque.extend(values);
    return deque as Deque<T>;
  }

  it('gives from either end what was added there', () => {
    deque.append('b');
    deque.append('c');
    deque.appendLeft('a');
    expect(deque.toArray()).to.deep.equal(['a', 'b', 'c']);
    expect(deque.peekLeft()).to.equal('a');
    expect(deque.peek()).to.equal('c');
    expect(deque.popLeft()).to.equal('a');
    expect(deque.pop()).to.equal('c');
    expect([...deque]).to.deep.equal(['b']);
    expect(deque.size).to.equal(1);
    expect(deque.length).to.equal(1);
  });

  it('gives undefined where it is empty', () => {
    expect([deque.pop(), deque.popLeft(), deque.peek(), deque.peekLeft(), deque.at(0), deque.at(-1)]).to.deep.equal(
      new Array(6).fill(undefined),
    );
    expect(deque.deleteAt(0)).to.equal(false);
    deque.rotate(3);
    deque.reverse();
    expect(deque.toArray()).to.deep.equal([]);
  });

  it('outlives the object, evicts nothing and shares its folder', () => {
    deque.extend([1, { a: [2] }, null, 'x'.repeat(100_000)]);
    const other = new Deque([3], { directory });
    expect(other.toArray()).to.deep.equal([1, { a: [2] }, null, 'x'.repeat(100_000), 3]);
    expect(other.cache.settings.evictionPolicy).to.equal('none');
    expect(deque.pop()).to.equal(3);
    other.close();
  });

  it('starts in a new folder where it is told none', () => {
    using one = new Deque('ab');
    using two = new Deque();
    expect(one.directory).to.not.equal(two.directory);
    expect(one.toArray()).to.deep.equal(['a', 'b']);
    expect(two.toArray()).to.deep.equal([]);
    rmSync(one.directory, { recursive: true });
    rmSync(two.directory, { recursive: true });
  });

  it('extends at either end value by value, and by itself once', () => {
    deque.extend('ab');
    deque.extendLeft('cd');
    expect(deque.toArray().join('')).to.equal('dcab');
    deque.extend(deque);
    expect(deque.toArray().join('')).to.equal('dcabdcab');
    deque.extendLeft(deque);
    expect(deque.toArray().join('')).to.equal('bacdbacddcabdcab');
  });

  describe('with maxlen', () => {
    beforeEach(() => {
      deque.close();
      deque = new Deque('abcde', { directory, maxlen: 3 });
    });

    it('lets go of the value at the other end', () => {
      expect(deque.toArray().join('')).to.equal('cde');
      deque.appendLeft('b');
      expect(deque.toArray().join('')).to.equal('bcd');
      deque.append('e');
      expect(deque.toArray().join('')).to.equal('cde');
    });

    it('drops values at the left when it is lowered, and none when it is raised', () => {
      deque.maxlen = 2;
      expect(deque.toArray().join('')).to.equal('de');
      deque.maxlen = 4;
      deque.extend('fgh');
      expect(deque.toArray().join('')).to.equal('efgh');
      deque.maxlen = Infinity;
      deque.extend('ijk');
      expect(deque.size).to.equal(7);
      expect(deque.maxlen).to.equal(Infinity);
    });

    it('holds what it says after adding, even where others without it have added more', () => {
      const other = new Deque('xyz', { directory });
      expect(deque.size).to.equal(6);
      deque.append('!');
      expect(other.toArray().join('')).to.equal('yz!');
      other.close();
    });

    it('of 0 holds nothing', () => {
      deque.maxlen = 0;
      deque.append('a');
      deque.appendLeft('b');
      expect(deque.size).to.equal(0);
    });

    it('is refused where it is no count, with nothing changed', () => {
      for (const maxlen of [-1, 1.5, NaN, '3' as unknown as number]) {
        expect(() => (deque.maxlen = maxlen), String(maxlen)).to.throw(InvalidOptionError, 'maxlen');
        expect(() => new Deque('f', { directory, maxlen }), String(maxlen)).to.throw(InvalidOptionError, 'maxlen');
      }
      expect(deque.maxlen).to.equal(3);
      expect(deque.toArray().join('')).to.equal('cde');
    });
  });

  it('reaches a place counted from either end', () => {
    filled('a', 'b', 'c', 'd', 'e');
    expect([0, 2, 4, -1, -5].map((index) => deque.at(index)).join('')).to.equal('aceea');
    expect(deque.at(5)).to.equal(undefined);
    expect(deque.at(-6)).to.equal(undefined);
    deque.setAt(1, 'B');
    deque.setAt(-2, 'D');
    expect(deque.toArray().join('')).to.equal('aBcDe');
    expect(deque.deleteAt(2)).to.equal(true);
    expect(deque.deleteAt(-1)).to.equal(true);
    expect(deque.deleteAt(3)).to.equal(false);
    expect(deque.toArray().join('')).to.equal('aBD');
  });

  it('refuses to lose a value that has no place, and an index that is none', () => {
    filled('a');
    for (const index of [1, -2])
      expect(() => {
        deque.setAt(index, 'b');
      }).to.throw(InvalidOptionError, 'no place');
    for (const call of ['at', 'deleteAt', 'setAt'] as const) {
      expect(() => deque[call](0.5, 'b'), call).to.throw(InvalidOptionError, 'index is 0.5');
    }
    expect(deque.toArray()).to.deep.equal(['a']);
  });

  it('finds values by content', () => {
    const values = filled<unknown>({ a: 1 }, 2, [3], { a: 1 }, Buffer.from('x'));
    expect(values.count({ a: 1 })).to.equal(2);
    expect(values.count(2n)).to.equal(1);
    expect(values.includes([3])).to.equal(true);
    expect(values.includes([4])).to.equal(false);
    expect(values.includes(Buffer.from('x'))).to.equal(true);
    expect(values.remove({ a: 1 })).to.equal(true);
    expect(values.remove('not there')).to.equal(false);
    expect(values.toArray()).to.deep.equal([2, [3], { a: 1 }, Buffer.from('x')]);
  });

  it('rotates either way, any number of steps', () => {
    for (const [steps, expected] of [
      [2, 'deabc'],
      [-1, 'bcdea'],
      [0, 'abcde'],
      [7, 'deabc'],
      [-11, 'bcdea'],
      [5, 'abcde'],
    ] as const) {
      filled('a', 'b', 'c', 'd', 'e').rotate(steps);
      expect(deque.toArray().join(''), String(steps)).to.equal(expected);
    }
    filled('a', 'b', 'c').rotate();
    expect(deque.toArray().join('')).to.equal('cab');
    expect(() => {
      deque.rotate(0.5);
    }).to.throw(InvalidOptionError, 'steps');
  });

  it('reverses values small and large, an odd and an even number of them', () => {
    const large = ['x', 'y'].map((letter) => letter.repeat(40_000));
    for (const values of [
      ['a', ...large, 'b'],
      ['a', large[0], 'b'],
      ['a'],
      Array.from({ length: 250 }, (_, n) => n),
    ]) {
      filled(...values).reverse();
      expect(deque.toArray()).to.deep.equal([...values].reverse());
    }
  });

  it('iterates from either end, across pages of the database', () => {
    const values = Array.from({ length: 350 }, (_, number) => number);
    filled(...values);
    expect([...deque]).to.deep.equal(values);
    expect([...deque.reversed()]).to.deep.equal(values.reverse());
  });

  it('leaves out a value whose file is gone', () => {
    filled('a', 'x'.repeat(40_000), 'b', 'c');
    for (const name of valueFiles(directory)) rmSync(join(directory, name));
    expect([...deque].join('')).to.equal('abc');
    expect(deque.at(1)).to.equal('b');
    deque.reverse();
    expect(deque.toArray().join('')).to.equal('cba');
    expect(deque.size).to.equal(3);
  });

  it('is compared with sequences of any kind by content and order', () => {
    filled<unknown>(1, [2], 'three');
    expect(deque.equals([1, [2], 'three'])).to.equal(true);
    expect(deque.equals(new Set([1, [2]]))).to.equal(false);
    expect(deque.compare([1, [2], 'three', 4])).to.be.below(0);
    expect(deque.compare([1, [1, 9]])).to.be.above(0);
    expect(deque.compare(deque)).to.equal(0);
  });

  it('copies the view, not the values', () => {
    deque.maxlen = 2;
    const copy = deque.copy();
    copy.extend('abc');
    expect(deque.toArray().join('')).to.equal('bc');
    expect(copy.maxlen).to.equal(2);
    expect(copy.cache).to.not.equal(deque.cache);
    copy.close();
  });

  it('uses a cache that is there, and copies with its disk', () => {
    class Loud extends Disk {
      override fetch(stored: StoredValue): unknown {
        return `${String(super.fetch(stored))}!`;
      }
    }
    using cache = new Cache(temporaryFolder(), { disk: Loud, evictionPolicy: 'none', timeout: 7 });
    const values = Deque.fromCache(cache, [5, 6], { maxlen: 2 });
    expect(values.cache).to.equal(cache);
    values.append(7);
    using copy = values.copy();
    expect(copy.toArray()).to.deep.equal(['6!', '7!']);
    expect(copy.maxlen).to.equal(2);
    expect(copy.cache.timeout).to.equal(7);
  });

  it('can be reached at its ends where the disk finds no place by its key, and says so elsewhere', () => {
    using cache = new Cache(temporaryFolder(), { disk: JSONDisk, evictionPolicy: 'none' });
    const values = Deque.fromCache(cache, [{ a: 1 }, 2, 3], { maxlen: 2 });
    values.rotate();
    expect(values.peekLeft()).to.equal(3);
    expect(values.pop()).to.equal(2);
    expect(values.size).to.equal(1);
    for (const call of [
      () => values.toArray(),
      () => values.at(0),
      () => {
        values.setAt(0, 1);
      },
      () => {
        values.reverse();
      },
    ]) {
      expect(call, String(call)).to.throw(InvalidOptionError, 'JSONDisk stores integer keys in another form');
    }
    expect(values.popLeft()).to.equal(3);
  });

  it('derived classes make their own', () => {
    class Jobs extends Deque<string> {}
    using cache = new Cache(temporaryFolder(), { evictionPolicy: 'none' });
    const jobs = Jobs.fromCache(cache, ['a']);
    expect(jobs).to.be.instanceOf(Jobs);
    using copy = jobs.copy();
    expect(copy).to.be.instanceOf(Jobs);
  });

  it('takes a transaction back whole, large values included', () => {
    const values = ['a', 'x'.repeat(40_000), 'b'];
    filled(...values);
    expect(() =>
      deque.transact(() => {
        deque.rotate();
        deque.transact(() => deque.popLeft());
        deque.popLeft();
        deque.append('y'.repeat(40_000));
        throw new Error('no');
      }),
    ).to.throw('no');
    expect(deque.toArray()).to.deep.equal(values);
    expect(deque.transact(() => deque.pop())).to.equal('b');
  });
});
