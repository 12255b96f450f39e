import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { CacheHookError, csvFiles, type CsvOptions, type ManagedCache } from 'stowage/manager';
import { end, managerIn } from '../../support/analyses/managers.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a cache in a CSV file', () => {
  let folder: string;
  const file = (): string => join(folder, 'general_cache', 'stars.csv');
  beforeEach(() => {
    folder = temporaryFolder();
  });

  function register<K = string, V = string>(options?: CsvOptions<K, V>, contents?: Map<K, V>): ManagedCache<K, V> {
    return managerIn(folder).registerCustomCache<K, V>('stars', { ...csvFiles(options), contents });
  }

  it('is what a spreadsheet writes', async () => {
    const cache = register(
      {},
      new Map([
        ['vega', 'A0, blue'],
        ['"the" sun', 'G2'],
        ['', ''],
      ]),
    );
    await cache.save();
    expect(readFileSync(file(), 'utf8')).to.equal('vega,"A0, blue"\n"""the"" sun",G2\n"",""\n');
    expect(readdirSync(join(folder, 'general_cache')).sort()).to.deep.equal(['CACHEDIR.TAG', 'stars.csv']);
  });

  it('is read as a spreadsheet left it: with a mark, empty lines, and its own line ends', () => {
    mkdirSync(join(folder, 'general_cache'));
    writeFileSync(file(), '\ufeffvega,A0,ignored\r\n\r\n"a\r\nb",G2\r\n');
    expect([...register()]).to.deep.equal([
      ['vega', 'A0'],
      ['a\r\nb', 'G2'],
    ]);
  });

  it('brings any text back', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('\n', '\r', '"', ',', ' ', '\ufeff', '\t', 'a', ';') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyText, anyText), { maxLength: 10 }), async (entries) => {
        folder = temporaryFolder();
        const manager = managerIn(folder);
        manager.registerCustomCache('stars', { ...csvFiles(), contents: entries });
        await end(manager);
        expect([...manager.registerCustomCache<string, string>('stars', csvFiles())]).to.deep.equal([
          ...new Map(entries),
        ]);
        await end(manager);
      }),
      { numRuns: 60 },
    );
  });

  it('holds what its rows are made of and read as', async () => {
    const options: CsvOptions<number, { name: string; flux: number }> = {
      rowBuilder: (id, { name, flux }) => [id, name, flux],
      rowReader: ([id, name = '', flux]) => [Number(id), { name, flux: Number(flux) }],
    };
    const contents = new Map([
      [1, { name: 'vega', flux: 0.1 + 0.2 }],
      [2, { name: 'deneb', flux: 1e-300 }],
    ]);
    const cache = register(options, contents);
    await cache.save();
    await cache.reload();
    expect([...cache]).to.deep.equal([...contents]);
  });

  it('refuses what would come back as something else, and keeps it in memory', async () => {
    for (const contents of [new Map<unknown, unknown>([['n', 1]]), new Map<unknown, unknown>([[1, 'one']])]) {
      folder = temporaryFolder();
      const cache = managerIn(folder).registerCustomCache<unknown>('stars', { ...(csvFiles() as object), contents });
      const { message } = await rejection(cache.save());
      expect(message).to.match(/is no string, and would come back as one: give csvFiles a rowBuilder/);
      expect([...cache]).to.deep.equal([...contents]);
      expect(existsSync(file())).to.equal(false);
    }
    const row = register({ rowBuilder: () => [null as never] }, new Map([['a', 'b']]));
    const { message } = await rejection(row.save());
    expect(message).to.include('must give an array of strings, numbers, bigints or booleans');
  });

  it('says so where its file cannot be read, and leaves that as it is', () => {
    mkdirSync(join(folder, 'general_cache'));
    for (const text of ['vega,"A0\n', 'only one cell\n']) {
      writeFileSync(file(), text);
      expect(() => register(), text).to.throw(CacheHookError, file());
      expect(readFileSync(file(), 'utf8')).to.equal(text);
    }
  });

  it('is deleted with its file', async () => {
    const cache = register({}, new Map([['a', 'b']]));
    await cache.save();
    await cache.deleteSaved();
    expect(existsSync(file())).to.equal(false);
    await cache.deleteSaved();
  });

  it('is not written by a save that was overtaken by an invalidation', async () => {
    const cache = register({}, new Map([['a', 'b']]));
    const save = cache.save();
    cache.invalidate();
    await save;
    expect(existsSync(file())).to.equal(false);
  });
});
