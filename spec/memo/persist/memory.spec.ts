import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { InvalidOptionError, NotStoredError } from 'stowage';
import { Bucket, Memory, persist } from 'stowage/memo';
import { temporaryFolder } from '../../support/temporary-folder.js';

const bytesOf = (side: number): Uint8Array => new Uint8Array(side).fill(1);

describe('Memory', () => {
  let folder: string;
  let ran = 0;
  beforeEach(() => {
    folder = temporaryFolder();
    ran = 0;
  });

  it('keeps many functions and methods in one folder, with options that each may change', () => {
    const memory = new Memory(pathToFileURL(folder), { compress: true, verbosity: 0 });
    class Night {
      @memory.cache
      mean(side: number): number {
        ran++;
        return side;
      }

      @memory.cache({ name: 'counted' })
      count(side: number): number {
        ran++;
        return side;
      }
    }
    const array = memory.cache(function array(side: number) {
      ran++;
      return bytesOf(side);
    });
    const plain = memory.cache((side: number) => bytesOf(side), { name: 'plain', compress: false });
    const curried = memory.cache({ name: 'curried' })((side: number) => side);
    const night = new Night();
    expect(array(9)).to.deep.equal(bytesOf(9));
    expect(array(9)).to.deep.equal(bytesOf(9));
    expect(night.mean(1)).to.equal(1);
    expect(night.mean(1)).to.equal(1);
    expect(night.count(2)).to.equal(2);
    expect(night.count(2)).to.equal(2);
    expect(curried(3)).to.equal(3);
    plain(9);
    expect(ran).to.equal(3);
    expect(memory.folder).to.equal(folder);
    expect(readdirSync(folder).sort()).to.deep.equal(['array', 'counted', 'curried', 'mean', 'plain']);
    expect(array.reference(9).file).to.match(/\.npz$/);
    expect(plain.reference(9).file).to.match(/\.npy$/);
  });

  it('clears what its functions stored, and nothing else', () => {
    const memory = new Memory(folder);
    const array = memory.cache(bytesOf, { name: 'array' });
    array(3);
    const bucket = new Bucket(join(folder, 'bucket'));
    bucket.set('a', 1);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    memory.clear();
    expect(array.cache.size).to.equal(0);
    expect(bucket.get('a')).to.equal(1);
    expect(existsSync(join(folder, 'notes.txt'))).to.equal(true);
    new Memory(join(folder, 'nowhere')).clear();
  });

  it('refuses what is no folder, what is no option, and another cache', () => {
    expect(() => new Memory('')).to.throw(InvalidOptionError, 'Memory');
    expect(() => new Memory(3 as never)).to.throw(InvalidOptionError, 'Memory');
    expect(() => new Memory(folder, { compres: true } as never)).to.throw(InvalidOptionError, 'compress');
    expect(() => new Memory(folder, { name: 'f' } as never)).to.throw(InvalidOptionError, 'name');
    expect(() => new Memory(folder, { lifetime: -1 })).to.throw(InvalidOptionError, 'Memory: lifetime');
    expect(() => new Memory(folder).cache(bytesOf, { cache: 'elsewhere' })).to.throw(InvalidOptionError, 'cache');
    expect(() => new Memory(folder).reduceSize({})).to.throw(InvalidOptionError, 'bytes, age or items');
    expect(() => new Memory(folder).reduceSize({ bytes: -1 })).to.throw(InvalidOptionError, 'bytes');
    expect(() => new Memory(folder).reduceSize({ item: 1 } as never)).to.throw(InvalidOptionError, 'items');
  });

  describe('reduceSize', () => {
    it('keeps so many results, of all functions together', () => {
      const memory = new Memory(folder);
      const small = memory.cache(bytesOf, { name: 'small' });
      const large = memory.cache((side: number) => bytesOf(side), { name: 'large' });
      for (let side = 100; side < 105; side++) {
        small(side);
        large(side * 1000);
      }
      expect(memory.reduceSize({ items: 20 })).to.deep.equal({ bytes: 0, items: 0 });
      const { bytes, items } = memory.reduceSize({ items: 3 });
      expect(items).to.equal(7);
      expect(bytes).to.be.greaterThan(100_000);
      expect(small.cache.size + large.cache.size).to.equal(3);
      expect(memory.reduceSize({ bytes: 0 }).items).to.equal(3);
      expect(readdirSync(folder)).to.deep.equal([]);
    });

    it('keeps what was used of late', () => {
      const f = persist(bytesOf, { cache: folder, name: 'f', hash: String });
      f(1);
      f(2);
      expect(f.cache.reduceSize({ age: { days: 1 } }).items).to.equal(0);
      expect(f.cache.reduceSize({ age: 0 }).items).to.equal(2);
      expect(f.cache.size).to.equal(0);
      expect(() => persist(bytesOf, { cache: 'memory://m', name: 'g' }).cache.reduceSize({ items: 1 })).to.throw(
        InvalidOptionError,
        'no folder',
      );
    });
  });

  describe('a reference to a result', () => {
    it('is loaded when it is asked for, each time anew', () => {
      const f = persist(bytesOf, { cache: folder, name: 'f' });
      expect(() => f.reference(3)).to.throw(NotStoredError, 'Call it first');
      f(3);
      const reference = f.reference(3);
      expect(existsSync(reference.file)).to.equal(true);
      expect(reference.load()).to.deep.equal(bytesOf(3));
      expect(reference.load()).not.to.equal(reference.load());
      rmSync(reference.file);
      expect(() => reference.load()).to.throw(NotStoredError, 'not there any more');
      f(3);
      expect(reference.load()).to.deep.equal(bytesOf(3));
    });

    it('is of that result, and not of what comes in its place', () => {
      let count = 0;
      const f = persist((_x: number) => ++count, { cache: folder, name: 'f', refresh: true });
      f(1);
      const reference = f.reference(1);
      expect(reference.load()).to.equal(1);
      f(1);
      expect(() => reference.load()).to.throw(NotStoredError, 'another result');
      expect(f.reference(1).load()).to.equal(2);
    });

    it('of an async function gives the value, also out of a store', async () => {
      const f = persist(async (x: number) => Promise.resolve([x]), { cache: new Map<string, Uint8Array>(), name: 'f' });
      await f(1);
      expect(f.reference(1).load()).to.deep.equal([1]);
    });
  });

  it('counts what is old by the last use', () => {
    const memory = new Memory(folder);
    const f = memory.cache(bytesOf, { name: 'f', hash: String });
    f(1);
    utimesSync(join(folder, 'f', '1.json'), 1, 1);
    // Computed a moment ago.
    expect(memory.reduceSize({ age: { hours: 1 } }).items).to.equal(0);
  });
});
