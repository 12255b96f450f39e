import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sqlite } from '#lib/kv/database/sqlite.js';
import { Cache, DatabaseError, Disk } from 'stowage/kv';
import { StowageError } from 'stowage';
import { flipAndUse } from '../../support/values/flipped-database.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

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
    'with a table Cache of another make':
      'CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value); CREATE TABLE Cache (key, value)',
    'with a table Cache alone': 'CREATE TABLE Cache (rowid INTEGER PRIMARY KEY, key BLOB)',
  };

  for (const [name, sql] of Object.entries(FOREIGN)) {
    it(`${name} is refused, and left as it is to the byte`, () => {
      make(sql);
      const before = readFileSync(file);
      const cache = new Cache(folder, { sqliteJournalMode: 'wal', sizeLimit: 5 });
      expect(() => cache.set('a', 'x'.repeat(50_000))).to.throw(DatabaseError, /no cache.*nothing was changed/);
      expect(() => cache.get('a'))
        .to.throw(DatabaseError)
        .with.property('code', 'STOWAGE_KV_DATABASE');
      expect(readFileSync(file)).to.deep.equal(before);
    });
  }

  it('with a text for a database is refused, and left as it is', () => {
    writeFileSync(file, 'Dear Sir or Madam, '.repeat(500));
    const before = readFileSync(file);
    const cache = new Cache(folder);
    for (const use of [
      () => cache.set('a', 1),
      () => cache.get('a'),
      () => cache.size,
      () => cache.check({ fix: true }),
    ]) {
      expect(use)
        .to.throw(DatabaseError, /no SQLite database/)
        .with.property('cause');
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
    expect(new Cache(folder).settings.sizeLimit).to.equal(5);
    expect(cache.size).to.equal(0);
    expect(cache.check()).to.deep.equal([]);
  });

  it('with a damaged page says so, and is left to be saved', () => {
    const cache = new Cache(folder, { sqliteJournalMode: 'delete', sqliteMmapSize: 0 });
    cache.transact(() => {
      for (let i = 0; i < 500; i++) cache.set(`key ${i}`, `value ${i} `.repeat(20));
    });
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

  it('names files outside of it: none of them is read, replaced or removed', () => {
    const inner = join(folder, 'inner');
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    for (const name of ['../victim', 'a/../../victim', victim, '.', '', '..']) {
      const cache = new Cache(inner);
      cache.set('a', 'x'.repeat(40_000));
      cache.set('b', 'x'.repeat(40_000), { tag: 't' });
      cache.set('c', 1);
      const database = sqlite().open(join(inner, 'cache.db'));
      database.prepare("UPDATE Cache SET size = 8, mode = 3, filename = ? WHERE key IN ('a', 'b')").run(name);
      database.close();
      for (const look of [() => cache.get('a'), () => cache.read('a'), () => cache.pop('a'), () => [...cache]]) {
        expect(look, name).to.throw(DatabaseError, /no value's file within/);
      }
      expect(
        cache
          .check()
          .map(({ message }) => message.includes("no value's file within"))
          .filter(Boolean),
        name,
      ).to.have.lengthOf(2);
      cache.set('a', 2);
      expect(cache.get('a'), name).to.equal(2);
      expect(cache.evict('t'), name).to.equal(1);
      expect(cache.get('c'), name).to.equal(1);
      cache.check({ fix: true });
      expect(cache.check(), name).to.deep.equal([]);
      cache.clear();
      cache.close();
      expect(readFileSync(victim, 'utf8')).to.equal('precious');
    }
  });

  /** Gives the item `a` another file. */
  const nameFile = (directory: string, name: string): void => {
    const database = sqlite().open(join(directory, 'cache.db'));
    database.prepare("UPDATE Cache SET size = 8, mode = 3, filename = ? WHERE key = 'a'").run(name);
    database.close();
  };

  it('names files behind a link in it, or its own database: none of them is read, replaced or removed', () => {
    const inner = join(folder, 'inner');
    const victim = join(folder, 'elsewhere', 'deep', 'victim');
    mkdirSync(dirname(victim), { recursive: true });
    mkdirSync(join(inner, 'other'), { recursive: true });
    writeFileSync(victim, 'precious');
    writeFileSync(join(inner, 'other', 'cache.db'), 'precious');
    symlinkSync(join(folder, 'elsewhere'), join(inner, 'link'));
    for (const name of [
      'link/deep/victim',
      './link/../link/deep/victim',
      'link/',
      'cache.db',
      './cache.db-wal',
      'x/../cache.db-shm',
      'CACHE.DB',
      'other/cache.db',
    ]) {
      const cache = new Cache(inner);
      cache.set('a', 'x'.repeat(40_000));
      cache.set('b', 1);
      nameFile(inner, name);
      for (const look of [() => cache.get('a'), () => cache.read('a'), () => cache.pop('a')]) {
        expect(look, name).to.throw(DatabaseError, /no value's file within/);
      }
      const before = statSync(join(inner, 'cache.db')).ino;
      cache.set('a', 2);
      expect(cache.get('a'), name).to.equal(2);
      nameFile(inner, name);
      expect(cache.delete('a'), name).to.equal(true);
      expect(readFileSync(victim, 'utf8'), name).to.equal('precious');
      expect(readFileSync(join(inner, 'other', 'cache.db'), 'utf8'), name).to.equal('precious');
      expect(statSync(join(inner, 'cache.db')).ino, name).to.deep.equal(before);
      expect(existsSync(join(inner, 'cache.db-wal')), name).to.equal(true);
      expect(cache.get('b'), name).to.equal(1);
      cache.close();
    }
  });

  it('writes no value behind a link in it', () => {
    class Fixed extends Disk {
      override filename(): string {
        return 'link/value';
      }
    }
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    symlinkSync(folder, join(inner, 'link'));
    using cache = new Cache(inner, { disk: Fixed });
    expect(() => cache.set('a', 'x'.repeat(40_000))).to.throw(DatabaseError, /no value's file within/);
    expect(cache.size).to.equal(0);
    expect(existsSync(join(folder, 'value'))).to.equal(false);
  });

  it('has a named pipe, a folder or a link in the place of a value: it is a miss at once, and check says so', () => {
    using cache = new Cache(folder);
    writeFileSync(join(folder, 'target'), 'x'.repeat(8));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'folder'));
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    for (const name of ['pipe', 'folder', 'link']) {
      cache.set('a', 'x'.repeat(40_000));
      nameFile(folder, name);
      expect(cache.get('a', 'none'), name).to.equal('none');
      expect(cache.read('a'), name).to.equal(undefined);
      expect([...cache], name).to.deep.equal([]);
      expect(cache.peekItem(), name).to.equal(undefined);
      expect(cache.check().map(({ message }) => message)).to.include(`file not found: ${join(folder, name)}`);
      expect(cache.pop('a', 'none')).to.equal('none');
      cache.set('a', 'again');
      nameFile(folder, name);
      cache.set('a', 'again');
      expect(cache.get('a'), name).to.equal('again');
      expect(readFileSync(join(folder, 'target'), 'utf8'), name).to.deep.equal('x'.repeat(8));
    }
    cache.check({ fix: true });
    expect(cache.check()).to.deep.equal([]);
    expect(existsSync(join(folder, 'pipe'))).to.equal(false);
  });

  it('has files or folders where others should be: they are found, and stay', () => {
    using cache = new Cache(folder);
    cache.set('file', Buffer.alloc(40_000));
    cache.set('folder', Buffer.alloc(40_000));
    const [one = '', two = ''] = valueFiles(folder);
    rmSync(join(folder, dirname(dirname(one))), { recursive: true });
    writeFileSync(join(folder, dirname(dirname(one))), 'a file where a folder was');
    rmSync(join(folder, two));
    mkdirSync(join(folder, two));
    expect(cache.get('file')).to.equal(undefined);
    expect(cache.get('folder')).to.equal(undefined);
    expect(cache.size).to.equal(2);
    expect(cache.check().filter(({ message }) => message.startsWith('file not found'))).to.have.lengthOf(2);
    expect(cache.delete('file')).to.equal(true);
    expect(cache.delete('folder')).to.equal(true);
    expect(readFileSync(join(folder, dirname(dirname(one))), 'utf8')).to.equal('a file where a folder was');
    rmSync(file);
    mkdirSync(file);
    cache.close();
    expect(() => cache.get('file')).to.throw(DatabaseError, /could not be opened/);
  });

  it("has a named pipe or a folder in the place of a file of SQLite's: that is said at once", () => {
    for (const [index, name] of ['cache.db', 'cache.db-journal', 'cache.db-wal', 'cache.db-shm'].entries()) {
      for (const [makes, make] of Object.entries({
        pipe: (path: string) => execFileSync('mkfifo', [path]),
        folder: (path: string) => mkdirSync(path, { recursive: true }),
      })) {
        const inner = join(folder, `${name} ${makes}`);
        using cache = new Cache(inner);
        if (index > 0) cache.set('a', 1);
        cache.close();
        make(join(inner, name));
        expect(() => cache.get('a'), name).to.throw(DatabaseError, /could not be opened.*named pipe/);
        rmSync(join(inner, name), { recursive: true });
        expect(cache.get('a'), name).to.equal(index > 0 ? 1 : undefined);
      }
    }
  });

  it('has flipped bits in its database: errors say so, and files stay', () => {
    let state = 4;
    // The same flips each time.
    const random = (): number => (state = (state * 48_271) % 0x7fff_ffff) / 0x7fff_ffff;
    flipAndUse(folder, 60, random);
  });

  const CELLS = ['NULL', '-1', '1e300', "'text'", "x'80054e2e'", "'a' || char(0)", '9223372036854775807'];

  for (const column of ['raw', 'key', 'tag', 'size', 'mode', 'filename', 'value']) {
    it(`has anything at all in the column ${column}: errors say so, and files stay`, () => {
      for (const cell of CELLS) {
        const inner = join(folder, String(CELLS.indexOf(cell)));
        using cache = new Cache(inner, { evictionPolicy: 'least-recently-used' });
        cache.set('a', 'x'.repeat(40_000), { tag: 't' });
        cache.set(['b'], [1]);
        cache.push(1, { prefix: 'jobs' });
        file = join(inner, 'cache.db');
        make(`DROP INDEX Cache_key_raw; UPDATE Cache SET ${column} = ${cell}`);
        const before = valueFiles(inner);
        const looks = [
          () => cache.get('a'),
          () => cache.getItem(['b']),
          () => cache.has('a'),
          () => [...cache.keys()],
          () => [...cache.keysSorted()],
          () => [...cache],
          () => cache.peek({ prefix: 'jobs' }),
          () => cache.read('a')?.destroy(),
          () => cache.check(),
          () => cache.touch(['b']),
          () => cache.incr('a'),
        ];
        for (const look of looks) {
          try {
            look();
          } catch (error) {
            expect(error, `${cell} ${String(look)}`).to.be.instanceOf(StowageError);
          }
        }
        expect(valueFiles(inner), cell).to.deep.equal(before);
        cache.clear();
        cache.check({ fix: true });
        expect(cache.check(), cell).to.deep.equal([]);
        expect(cache.size, cell).to.equal(0);
      }
    });
  }
});
