import { expect } from 'chai';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cache, DatabaseError } from 'stowage/kv';
import { mount } from '../../support/analyses/analysis-job.js';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a cache on a disk', () => {
  it('that is full says so, has all that it stored and nothing else, and goes on when there is room', function () {
    const disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    const unmount = mount(this, ['-t', 'tmpfs', '-o', 'size=1m', 'none'], disk);
    const folder = join(disk, 'cache');
    const cache = new Cache(folder, { evictionPolicy: 'none' });
    try {
      const stored = new Map<unknown, unknown>();
      let refused = 0;
      const attempt = (items: Record<string, unknown>, store: () => void): void => {
        try {
          store();
          for (const [key, value] of Object.entries(items)) stored.set(key, value);
        } catch (error) {
          expect(error).to.be.instanceOf(DatabaseError);
          refused++;
        }
      };
      for (let i = 0; i < 200; i++) {
        const value = i % 3 === 0 ? Buffer.alloc(40_000, i) : `${'x'.repeat(300 * (i % 50))} ${i}`;
        attempt({ [i]: value }, () => cache.set(String(i), value));
        if (i % 7 > 0) continue;
        const pair = { [`large ${i}`]: Buffer.alloc(50_000, i), [`small ${i}`]: 'y'.repeat(20_000) };
        attempt(pair, () => {
          cache.transact(() => {
            for (const [key, item] of Object.entries(pair)) cache.set(key, item);
          });
        });
      }
      expect(refused).to.be.greaterThan(50);
      const expectAll = (): void => {
        expect([...cache.keys()].sort()).to.deep.equal([...stored.keys()].sort());
        for (const [key, value] of stored) expectSame(cache.get(key), value);
        expect(cache.check()).to.deep.equal([]);
      };
      expectAll();
      cache.close();
      mount(this, ['-o', 'remount,size=8m'], disk);
      expectAll();
      cache.set('after', Buffer.alloc(60_000));
      stored.set('after', Buffer.alloc(60_000));
      expectAll();
      expect(cache.check({ fix: true })).to.deep.equal([]);
      expect(cache.clear()).to.equal(stored.size);
    } finally {
      cache.close();
      unmount();
    }
  });

  it('that is read-only says so in plain words, and loses nothing', function () {
    const disk = join(temporaryFolder(), 'disk');
    mkdirSync(disk);
    const unmount = mount(this, ['-t', 'tmpfs', 'none'], disk);
    const cache = new Cache(join(disk, 'cache'));
    try {
      cache.set('small', 1);
      cache.set('large', Buffer.alloc(40_000));
      cache.close();
      mount(this, ['-o', 'remount,ro'], disk);
      for (const action of [
        () => cache.set('small', 2),
        () => cache.set('large', Buffer.alloc(50_000)),
        () => cache.delete('large'),
        () => cache.incr('small'),
        () => cache.clear(),
        () => cache.check({ fix: true }),
        () => cache.push(1),
        () => cache.transact(() => 1),
        // SQLite needs a file beside the database to read it, too.
        () => cache.get('small'),
        () => cache.size,
      ])
        expect(action, String(action)).to.throw(DatabaseError);
      mount(this, ['-o', 'remount,rw'], disk);
      expect(cache.get('small')).to.equal(1);
      expect(cache.get('large')).to.deep.equal(Buffer.alloc(40_000));
      expect(cache.check()).to.deep.equal([]);
    } finally {
      cache.close();
      unmount();
    }
  });
});
