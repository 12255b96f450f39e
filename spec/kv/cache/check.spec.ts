import { expect } from 'chai';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sqlite } from '#lib/kv/database/sqlite.js';
import { Cache, type CheckWarning, Disk, EmptyDirWarning, UnknownFileWarning } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

describe('check', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(folder);
    for (const key of ['a', 'b', 'c']) cache.set(key, Buffer.alloc(40_000));
    cache.set('d', 1);
  });
  afterEach(() => {
    cache.close();
  });

  /** Messages without the folder, sorted. */
  const messages = (warnings: CheckWarning[]): string[] =>
    warnings.map(({ message }) => message.replaceAll(`${folder}/`, '')).sort();

  it('finds nothing where all is well', () => {
    expect(cache.check()).to.deep.equal([]);
    expect(cache.check({ fix: true })).to.deep.equal([]);
    expect(cache.size).to.equal(4);
  });

  it('finds files that no item has, and removes them with their folders when asked', () => {
    mkdirSync(join(folder, 'of', 'it'), { recursive: true });
    writeFileSync(join(folder, 'of', 'it', 'left.val'), 'by somebody who was killed');
    mkdirSync(join(folder, 'no', 'ne'), { recursive: true });
    for (const fix of [false, true]) {
      const warnings = cache.check({ fix });
      expect(warnings.filter((warning) => warning instanceof UnknownFileWarning)).to.have.lengthOf(1);
      expect(warnings.some((warning) => warning instanceof EmptyDirWarning)).to.equal(true);
      expect(messages(warnings)).to.include.members(['empty directory: no/ne', 'unknown file: of/it/left.val']);
      expect(existsSync(join(folder, 'of'))).to.equal(!fix);
    }
    expect(String(new UnknownFileWarning('x'))).to.equal('UnknownFileWarning: x');
    expect(cache.check()).to.deep.equal([]);
    expect(valueFiles(folder)).to.have.lengthOf(3);
  });

  it('finds items without their file, or of another length, and mends the rows when asked', () => {
    const [one = '', two = ''] = valueFiles(folder);
    unlinkSync(join(folder, one));
    appendFileSync(join(folder, two), 'more');
    for (const fix of [false, true]) {
      expect(messages(cache.check({ fix }))).to.include.members([
        `file not found: ${one}`,
        `wrong file size: ${two}, 40004 != 40000`,
      ]);
      expect(cache.size).to.equal(fix ? 3 : 4);
    }
    expect(cache.check({ fix: true })).to.deep.equal([]);
  });

  it('finds counts that are wrong, and corrects them when asked', () => {
    const database = sqlite().open(join(folder, 'cache.db'));
    database.exec("UPDATE Settings SET value = 99 WHERE key IN ('count', 'size')");
    database.close();
    expect(messages(cache.check())).to.have.lengthOf(2);
    expect(cache.size).to.equal(99);
    cache.check({ fix: true });
    expect(cache.size).to.equal(4);
    expect(cache.reset('size')).to.equal(120_000);
    expect(cache.check()).to.deep.equal([]);
  });

  it('leaves a cache within the folder alone', () => {
    using inner = new Cache(join(folder, 'inner'));
    inner.set('a', Buffer.alloc(40_000));
    expect(cache.check({ fix: true })).to.deep.equal([]);
    expect(inner.get('a')).to.deep.equal(Buffer.alloc(40_000));
    expect(inner.check()).to.deep.equal([]);
  });

  it('within a transaction finds the same', () => {
    writeFileSync(join(folder, 'stray'), '');
    expect(cache.transact(() => messages(cache.check({ fix: true })))).to.deep.equal(['unknown file: stray']);
  });

  it('that repairs takes no value from a writer whose row is not there yet', () => {
    const other = new Cache(folder);
    class Slow extends Disk {
      override store(value: unknown, key?: unknown): ReturnType<Disk['store']> {
        const stored = super.store(value, key);
        if (stored.filename !== null && isFirst) {
          isFirst = false;
          found = messages(other.check({ fix: true })).map((message) => message.replace(/[^ ]*$/, ''));
        }
        return stored;
      }
    }
    let isFirst = true;
    let found: string[] | undefined;
    using slow = new Cache(folder, { disk: Slow });
    slow.set('late', 'x'.repeat(50_000));
    expect(found).to.deep.equal(['empty directory: ', 'empty directory: ', 'unknown file: ']);
    expect(slow.get('late')).to.equal('x'.repeat(50_000));
    expect(slow.check()).to.deep.equal([]);
    other.close();
  });

  it('goes on while others write and remove files and folders', async () => {
    const script = `
      const { workerData: { url, folder, isOver } } = require('node:worker_threads');
      import(url).then(({ Cache }) => {
        const cache = new Cache(folder, { diskMinFileSize: 0 });
        for (let i = 0; isOver[0] === 0; i++) {
          cache.set('churned', 'x' + i);
          cache.delete('churned');
        }
        cache.close();
      });
    `;
    const isOver = new Int32Array(new SharedArrayBuffer(4));
    const url = new URL('../../../lib/kv/index.js', import.meta.url).href;
    const worker = new Worker(script, { eval: true, workerData: { url, folder, isOver } });
    const ended = once(worker, 'exit');
    const kinds = new Set<string>();
    try {
      // Long enough to meet a folder that is just being removed.
      for (let i = 0; i < 1000 || (i < 5000 && kinds.size < 2); i++) {
        for (const warning of cache.check({ fix: i % 2 === 0 })) kinds.add(warning.constructor.name);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      isOver[0] = 1;
      await ended;
    }
    expect(await ended).to.deep.equal([0]);
    expect([...kinds].sort()).to.deep.equal(['EmptyDirWarning', 'UnknownFileWarning']);
    expect(messages(cache.check())).to.deep.equal([]);
    expect(cache.size).to.equal(4);
  });
});
