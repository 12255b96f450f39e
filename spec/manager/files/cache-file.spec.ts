import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { registerClass, verify } from 'stowage';
import type { CacheManager } from 'stowage/manager';
import { filesIn, listen } from '../../support/analyses/analysis.js';
import { mount } from '../../support/analyses/analysis-job.js';
import { end, managerIn } from '../../support/analyses/managers.js';
import { expectSame } from '../../support/values/same-value.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('the file of a managed cache', () => {
  let folder: string;
  let manager: CacheManager;
  let data: string;
  let record: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    manager = managerIn(folder);
    [data, record] = [join(manager.folder, 'cache.v8'), join(manager.folder, 'cache.json')];
    const cache = manager.registerCache('cache', { n: 1 });
    await cache.save();
    await end(manager);
  });

  it('is an entry of the store like any other', async () => {
    expect(filesIn(manager.folder)).to.deep.equal(['cache.json', 'cache.v8']);
    expect(existsSync(join(manager.folder, 'CACHEDIR.TAG'))).to.equal(true);
    expect(statSync(manager.folder).mode & 0o777).to.equal(0o700);
    const fields = JSON.parse(readFileSync(record, 'utf8')) as Record<string, unknown>;
    expect(fields).to.deep.include({ format: 1, codec: 'v8', file: 'cache.v8', generation: 0, trace: [] });
    expect(fields)
      .to.have.property('checksum')
      .that.matches(/^xxh3:/);
    expect((await verify(manager.folder)).findings).to.deep.equal([]);
  });

  it('brings every value back to the bit and type', async () => {
    class Star {
      constructor(readonly name: string) {}
    }
    registerClass(Star, { name: 'StarOfCacheFile' });
    const shared = { a: 1 };
    const contents = new Map<unknown, unknown>([
      ['undefined', undefined],
      ['-0', -0],
      ['NaN', NaN],
      ['array', Float32Array.of(1, NaN)],
      ['bigint', 12n],
      ['date', new Date(5)],
      ['star', new Star('vega')],
      ['shared', shared],
      ['again', shared],
      [5, 'a number for a key'],
      [null, 'null'],
      [{ deep: [1] }, 'an object for a key'],
    ]);
    await manager.registerCache('all', contents).save();
    await end(manager);
    const loaded = manager.registerCache<unknown>('all');
    expectSame(new Map(loaded), contents);
    expect(loaded.get('shared')).to.equal(loaded.get('again'));
    expect(loaded.get('star')).to.be.instanceOf(Star);
  });

  it('may have any name', async () => {
    const names = ['a/b', '..', '.', 'CON', 'ä ö', '%', '~x', 'x'.repeat(300), 'a.json', 'new\nline', '😀'];
    for (const name of names) manager.registerCache(name, { name });
    await end(manager);
    for (const name of names) expect(manager.registerCache(name).get('name'), name).to.equal(name);
    expect(readdirSync(folder)).to.deep.equal(['general_cache']);
  });

  const damages: Record<string, () => void> = {
    'cut short': () => {
      truncateSync(data, 20);
    },
    'empty': () => {
      truncateSync(data, 0);
    },
    'with a flipped bit': () => {
      const bytes = readFileSync(data);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      writeFileSync(data, bytes);
    },
    'without its data': () => {
      rmSync(data);
    },
    'with a record cut short': () => {
      truncateSync(record, 100);
    },
    'with a record of something else': () => {
      writeFileSync(record, readFileSync(record, 'utf8').replace('"format": 1', '"format": 9'));
    },
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`is a miss that is said when it is ${how}, and is kept when the cache is saved again`, async () => {
      damage();
      const left = [data, record].filter((file) => existsSync(file)).map((file) => readFileSync(file));
      const corrupt = listen('corrupt');
      const cache = manager.registerCustomCache<string, number>('cache', { builder: () => ({ n: 2 }) });
      expect(cache.get('n')).to.equal(2);
      expect(corrupt.map(({ type, tag, method }) => [type, tag, method])).to.deep.equal([
        ['corrupt', 'general_cache', 'cache'],
      ]);
      expect(corrupt[0]?.file).to.equal(record);
      await end(manager);
      expect(manager.registerCache<string, number>('cache').get('n')).to.equal(2);
      const files = filesIn(manager.folder).map((file) => readFileSync(join(manager.folder, file)).toString('hex'));
      expect(files).to.include.members(left.map((bytes) => bytes.toString('hex')));
    });
  }

  it('is not touched where it could not be loaded and nothing is saved', async () => {
    truncateSync(data, 20);
    manager.registerCache('cache').has('n');
    await end(manager);
    expect(filesIn(manager.folder)).to.deep.equal(['cache.json', 'cache.v8']);
    expect(statSync(data).size).to.equal(20);
  });

  it('of a later format is left alone, and the cache has another', async () => {
    const { formatRecord, parseRecord } = await import('#lib/store/record/record.js');
    const parsed = parseRecord(readFileSync(record, 'utf8'));
    if (parsed === undefined) throw new Error('no record');
    const later = formatRecord({ ...parsed, format: 2 as 1 });
    writeFileSync(record, later);
    manager.registerCache('cache').set('n', 5);
    await end(manager);
    expect(readFileSync(record, 'utf8')).to.equal(later);
    expect(manager.registerCache('cache').get('n')).to.equal(5);
  });

  it('that another program put there stays', async () => {
    writeFileSync(join(manager.folder, 'mine.json'), '{"mine": true}');
    writeFileSync(join(manager.folder, 'mine.v8'), 'mine');
    manager.registerCache('mine').set('n', 1);
    await end(manager);
    expect(manager.registerCache('mine').get('n')).to.equal(1);
    expect(readFileSync(join(manager.folder, 'mine.json'), 'utf8')).to.equal('{"mine": true}');
    expect(readFileSync(join(manager.folder, 'mine.v8'), 'utf8')).to.equal('mine');
  });

  it('is gone after it was deleted, damaged too', async () => {
    const cache = manager.registerCache('cache');
    await cache.deleteSaved();
    expect(existsSync(manager.folder)).to.equal(false);
    cache.set('n', 3);
    await cache.save();
    writeFileSync(record, `${readFileSync(record, 'utf8')} `);
    await cache.deleteSaved();
    expect(filesIn(manager.folder)).to.deep.equal([]);
  });

  it('cannot be written where a file stands in the place of the folder: the data stays, and is saved when that is gone', async () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, 'a file');
    const faults = listen('fault');
    const other = managerIn(blocked);
    const cache = other.registerCache('cache', { n: 1 });
    expect(await rejection(cache.save())).to.have.property('code', 'STOWAGE_CACHE_NOT_SAVED');
    expect(faults).to.have.length(1);
    expect(cache.get('n')).to.equal(1);
    rmSync(blocked);
    await end(other);
    expect(managerIn(blocked).registerCache('cache').get('n')).to.equal(1);
  });

  it('cannot be written on a full disk: what was saved before stays', async function () {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const unmount = mount(this, ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs'], disk);
    try {
      const small = managerIn(disk);
      const cache = small.registerCache('cache', new Map<string, unknown>([['n', 1]]));
      await cache.save();
      cache.set('big', new Uint8Array(1 << 20));
      expect((await rejection(cache.save())).cause).to.have.property('code', 'ENOSPC');
      expect((cache.get('big') as Uint8Array).length).to.equal(1 << 20);
      expect(filesIn(small.folder)).to.deep.equal(['cache.json', 'cache.v8']);
      await cache.reload();
      expect([...cache]).to.deep.equal([['n', 1]]);
      await end(small);
    } finally {
      unmount();
    }
  });

  it('is taken as not saved where it cannot be read, and is not overwritten', async function () {
    rmSync(data);
    mkdirSync(data);
    const told = listen('corrupt', 'fault');
    const cache = manager.registerCache('cache');
    expect([...cache]).to.deep.equal([]);
    expect(told).to.have.length(1);
    cache.set('n', 7);
    await end(manager);
    expect(existsSync(data)).to.equal(true);
    expect(manager.registerCache('cache').get('n')).to.equal(7);
  });
});
