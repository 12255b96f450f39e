import { expect } from 'chai';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { sqlite } from '#lib/kv/sqlite.js';
import { Cache, DatabaseError } from 'stowage/kv';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('a folder that is not as it should be', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder, 'cache.db');
  });

  const make = (sql: string): void => {
    const database = sqlite().open(file);
    database.exec(sql);
    database.close();
  };

  const FOREIGN: Record<string, string> = {
    'of another program': 'CREATE TABLE Customers (name TEXT); INSERT INTO Customers VALUES (1)',
    'with a table Settings of another make': 'CREATE TABLE Settings (name TEXT, colour TEXT); CREATE TABLE Other (x)',
    'with a table Cache of another make': 'CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value); CREATE TABLE Cache (key, value)',
    'with a table Cache alone': 'CREATE TABLE Cache (rowid INTEGER PRIMARY KEY, key BLOB)',
  };

  for (const [name, sql] of Object.entries(FOREIGN)) {
    it(`${name} is refused, and left as it is to the byte`, () => {
      make(sql);
      const before = readFileSync(file);
      const cache = new Cache(folder, { sqliteJournalMode: 'wal', sizeLimit: 5 });
      expect(() => cache.set('a', 'x'.repeat(50_000))).to.throw(DatabaseError, /no cache.*nothing was changed/);
      expect(() => cache.get('a')).to.throw(DatabaseError).with.property('code', 'STOWAGE_KV_DATABASE');
      expect(readFileSync(file)).to.deep.equal(before);
    });
  }

  it('with a text for a database is refused, and left as it is', () => {
    writeFileSync(file, 'Dear Sir or Madam, '.repeat(500));
    const before = readFileSync(file);
    const cache = new Cache(folder);
    for (const use of [() => cache.set('a', 1), () => cache.get('a'), () => cache.size, () => cache.check({ fix: true })]) {
      expect(use).to.throw(DatabaseError, /no SQLite database/).with.property('cause');
    }
    expect(readFileSync(file)).to.deep.equal(before);
  });

  it('with an empty database, or one with settings alone, becomes a cache', () => {
    writeFileSync(file, '');
    using cache = new Cache(folder);
    cache.set('a', 1);
    cache.close();
    rmSync(file);
    make("CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value); INSERT INTO Settings VALUES ('size_limit', 5)");
    expect(cache.get('a')).to.equal(undefined);
    expect([new Cache(folder).settings.sizeLimit, cache.size, cache.check()]).to.deep.equal([5, 0, []]);
  });

  it('with a damaged page says so, and is left to be saved', () => {
    const cache = new Cache(folder, { sqliteJournalMode: 'delete', sqliteMmapSize: 0 });
    cache.transact(() => { for (let i = 0; i < 500; i++) cache.set(`key ${i}`, `value ${i} `.repeat(20)); });
    cache.close();
    const pages = readFileSync(file).length / 4096;
    const fd = openSync(file, 'r+');
    for (let page = 5; page < pages; page++) writeSync(fd, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(fd);
    const before = readFileSync(file);
    expect(() => [...cache.values()]).to.throw(DatabaseError, /damaged/);
    expect(() => cache.get('key 400')).to.throw(DatabaseError);
    expect(readFileSync(file)).to.deep.equal(before);
    cache.close();
  });

  it('that is gone is said to be gone', () => {
    using cache = new Cache(folder);
    cache.set('a', 1);
    cache.close();
    rmSync(folder, { recursive: true });
    expect(() => cache.get('a')).to.throw(DatabaseError, /gone/);
    cache.close();
  });

  it('has rows that a later version may write', () => {
    using cache = new Cache(folder);
    cache.set('a', 1);
    make('UPDATE Cache SET mode = 7');
    expect(() => cache.get('a')).to.throw(DatabaseError, /mode 7/);
    expect(() => cache.pop('a')).to.throw(DatabaseError);
    expect(cache.size).to.equal(1);
  });
});
