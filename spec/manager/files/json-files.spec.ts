import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { CacheHookError, jsonFiles, type ManagedCache } from 'stowage/manager';
import { end, managerIn } from '../../support/analyses/managers.js';
import { rejection } from '../../support/values/rejection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a cache in a JSON file', () => {
  let folder: string;
  const file = (): string => join(folder, 'general_cache', 'stars.json');
  beforeEach(() => {
    folder = temporaryFolder();
  });

  function register(contents?: Map<string, unknown>): ManagedCache {
    return managerIn(folder).registerCustomCache('stars', { ...jsonFiles(), contents });
  }

  it('is an object with a line for each entry', async () => {
    await register(
      new Map<string, unknown>([
        ['vega', { flux: 1.5 }],
        ['the "sun"', [1, null]],
      ]),
    ).save();
    expect(readFileSync(file(), 'utf8')).to.equal('{\n  "vega": {"flux":1.5},\n  "the \\"sun\\"": [1,null]\n}\n');
  });

  it('brings back what JSON can hold, or refuses to save it', async () => {
    const anyEntries = fc.array(fc.tuple(fc.string(), fc.oneof(fc.jsonValue(), fc.anything())), { maxLength: 6 });
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        folder = temporaryFolder();
        const manager = managerIn(folder);
        const cache = manager.registerCustomCache('stars', { ...jsonFiles(), contents: entries });
        const isSaved = await cache.save().then(
          () => true,
          () => false,
        );
        if (isSaved) {
          kept++;
          await cache.reload();
          expect(new Map(cache)).to.deep.equal(new Map(entries));
        } else {
          expect(existsSync(file())).to.equal(false);
        }
        await end(manager);
      }),
      { numRuns: 80 },
    );
    expect(kept).to.be.above(0);
  });

  it('names the key of what JSON would change', async () => {
    const circular: unknown[] = [];
    circular.push(circular);
    for (const value of [undefined, NaN, -0, new Date(0), 1n, new Map(), [undefined], () => 1, circular]) {
      folder = temporaryFolder();
      const cache = register(
        new Map<string, unknown>([
          ['fine', 1],
          ['odd', value],
        ]),
      );
      const { message } = await rejection(cache.save());
      expect(message, typeof value).to.include('the value of "odd" would not come back');
      expect(existsSync(file())).to.equal(false);
    }
  });

  it('says so where its file cannot be read', () => {
    mkdirSync(join(folder, 'general_cache'));
    for (const text of ['{"cut', '[1]', 'null', '']) {
      writeFileSync(file(), text);
      expect(() => register(), text).to.throw(CacheHookError, file());
    }
  });

  it('does not take the record of a cache in the default format for contents, nor replace it', async () => {
    const manager = managerIn(folder);
    manager.registerCache('stars', { n: 1 });
    await end(manager);
    const record = readFileSync(file(), 'utf8');
    expect(() => register()).to.throw(CacheHookError, 'is the record of a cache that was saved in the default format');
    const { message } = await rejection(register(new Map([['n', 2]])).save());
    expect(message).to.include('is the record of a cache');
    expect(readFileSync(file(), 'utf8')).to.equal(record);
    await end(manager);
    expect(manager.registerCache('stars').get('n')).to.equal(1);
  });
});
