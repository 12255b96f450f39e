import { expect } from 'chai';
import { sqlite } from '#lib/kv/database/sqlite.js';
import { InvalidOptionError } from 'stowage';
import { Cache, DEFAULT_SETTINGS, JSONDisk } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('settings', () => {
  let folder: string;

  beforeEach(() => {
    folder = temporaryFolder();
  });

  /** One row of one query, on a connection of its own. */
  function query(sql: string): unknown {
    const database = sqlite().open(`${folder}/cache.db`);
    const row = database.prepare(sql).get();
    database.close();
    return row === undefined ? undefined : { ...(row as object) };
  }

  it('are those of python-diskcache in a new folder', () => {
    using cache = new Cache(folder);
    expect(cache.settings).to.deep.equal(DEFAULT_SETTINGS);
    expect(query("SELECT value, typeof(value) AS type FROM Settings WHERE key = 'disk_min_file_size'")).to.deep.equal({
      value: 32_768n,
      type: 'integer',
    });
  });

  it('that are given are kept for all who open the folder later', () => {
    using first = new Cache(folder, {
      sizeLimit: 5_000_000,
      evictionPolicy: 'none',
      tagIndex: true,
      diskMinFileSize: 10,
    });
    expect(first.settings.sizeLimit).to.equal(5_000_000);
    first.close();
    using second = new Cache(folder, { cullLimit: 3 });
    expect(second.settings).to.deep.include({
      sizeLimit: 5_000_000,
      evictionPolicy: 'none',
      tagIndex: 1,
      cullLimit: 3,
    });
    second.set('a', 'x'.repeat(10));
    expect(query('SELECT size, mode FROM Cache')).to.deep.equal({ size: 10n, mode: 3n });
  });

  it('are changed for all, or for this object alone', () => {
    using one = new Cache(folder);
    using other = new Cache(folder);
    expect(other.size).to.equal(0);
    expect(one.reset('sizeLimit', 777)).to.equal(777);
    expect(other.settings.sizeLimit).to.equal(2 ** 30);
    expect(other.reset('sizeLimit')).to.equal(777);
    expect(other.settings.sizeLimit).to.equal(777);
    one.reset('sizeLimit', 888, { update: false });
    expect(one.settings.sizeLimit).to.equal(888);
    expect(other.reset('sizeLimit')).to.equal(777);
    one.close();
    expect(one.settings.sizeLimit).to.equal(888);
    expect(one.reset('sizeLimit', Infinity)).to.equal(Infinity);
    expect(other.reset('sizeLimit')).to.equal(Infinity);
  });

  it('of the database become pragmas, here and on the next connection', () => {
    using cache = new Cache(folder, { sqliteJournalMode: 'delete', sqliteTempStore: 2 });
    expect(query('PRAGMA journal_mode')).to.deep.equal({ journal_mode: 'delete' });
    cache.reset('sqliteJournalMode', 'wal');
    expect(query('PRAGMA journal_mode')).to.deep.equal({ journal_mode: 'wal' });
    cache.set('a', 1);
    expect(new Cache(folder).settings.sqliteTempStore).to.equal(2);
    // One that can be set, and not asked for.
    cache.reset('sqliteCaseSensitiveLike', 1);
    cache.close();
    expect(cache.get('a')).to.equal(1);
  });

  it('refuse values that they cannot have, and names that they do not', () => {
    using cache = new Cache(folder);
    expect(() => cache.reset('evictionPolicy', 'lru' as never)).to.throw(/least-recently-used/);
    expect(() => cache.reset('sqliteJournalMode', 'wal; DROP TABLE Cache')).to.throw(/sqliteJournalMode/);
    expect(() => cache.reset('sqliteX' as string, 'wal; DROP TABLE Cache')).to.throw(/pragma/);
    expect(() => cache.reset('diskPickleProtocol', 6)).to.throw(/diskPickleProtocol/);
    expect(() => cache.reset('colour', 1)).to.throw(/colour/);
    expect(() => cache.reset('colour')).to.throw(/colour/);
    expect(() => cache.reset('count' as string, 5)).to.throw(/count/);
    expect(cache.settings).to.deep.equal(DEFAULT_SETTINGS);
  });

  it('that nobody could open the folder with are refused before they are written', () => {
    const disk = JSONDisk;
    const wrong = { disk, diskCompressLevel: 20 };
    expect(() => new Cache(folder, wrong).size).to.throw(InvalidOptionError, /diskCompressLevel is 20/);
    using cache = new Cache(folder, { disk });
    cache.set('a', 1);
    expect(() => cache.reset('diskCompressLevel', 20)).to.throw(InvalidOptionError, /diskCompressLevel is 20/);
    expect(() => cache.reset('sqliteX' as string, 'a b')).to.throw(InvalidOptionError, /pragma/);
    expect(() => new Cache(folder, { sqliteX: 'a b' })).to.throw(InvalidOptionError, /pragma/);
    expect(new Cache(folder, { disk }).get('a')).to.equal(1);
    expect(cache.reset('diskCompressLevel', -1)).to.equal(-1);
  });

  it('that this version does not know are left as they are, and unknown policies refused', () => {
    new Cache(folder).set('a', 1);
    const database = sqlite().open(`${folder}/cache.db`);
    database.exec("INSERT INTO Settings VALUES ('shiny_new', 'x'); ALTER TABLE Cache ADD COLUMN shine REAL DEFAULT 1");
    using cache = new Cache(folder, { sizeLimit: 9 });
    expect(cache.get('a')).to.equal(1);
    expect(cache.settings.shinyNew).to.equal('x');
    cache.set('b', 2);
    expect(cache.check()).to.deep.equal([]);
    database.exec("UPDATE Settings SET value = 'most-beautiful-last' WHERE key = 'eviction_policy'");
    database.close();
    expect(() => new Cache(folder).size).to.throw(/eviction_policy.*most-beautiful-last/);
  });

  it('count hits and misses while counting is on', () => {
    using cache = new Cache(folder);
    cache.set('a', 1);
    cache.get('a');
    expect(cache.stats()).to.deep.equal({ hits: 0, misses: 0 });
    cache.get('a');
    cache.getItem('b');
    cache.read('b');
    expect(cache.stats({ reset: true, enable: false })).to.deep.equal({ hits: 1, misses: 2 });
    cache.get('a');
    expect(cache.stats()).to.deep.equal({ hits: 0, misses: 0 });
    expect(cache.reset('hits')).to.equal(0);
    expect(cache.reset('count')).to.equal(1);
    expect(cache.reset('size')).to.equal(0);
  });

  it('make and drop indexes', () => {
    using cache = new Cache(folder, { evictionPolicy: 'least-recently-used' });
    const index = (name: string): boolean => query(`SELECT 1 FROM sqlite_master WHERE name = '${name}'`) !== undefined;
    cache.createTagIndex();
    expect(index('Cache_tag_rowid')).to.equal(true);
    expect(index('Cache_access_time')).to.equal(true);
    expect(index('Cache_access_count')).to.equal(false);
    cache.dropTagIndex();
    cache.reset('evictionPolicy', 'least-frequently-used');
    expect(index('Cache_tag_rowid')).to.equal(false);
    expect(index('Cache_access_count')).to.equal(true);
  });
});
