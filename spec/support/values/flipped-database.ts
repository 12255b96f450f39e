/** Caches whose database has flipped bits, and what all their methods make of that. */
import { expect } from 'chai';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StowageError } from 'stowage';
import { Cache } from 'stowage/kv';
import { valueFiles } from './value-files.js';

const PAGE = 4096;

/** Looks at everything and writes a little: nothing that removes an item. */
const USES: readonly ((cache: Cache) => unknown)[] = [
  (cache) => cache.get('key 7'),
  (cache) => cache.get(['large', 1]),
  (cache) => cache.has('key 8'),
  (cache) => cache.size,
  (cache) => [...cache.keys()],
  (cache) => [...cache.keysSorted()],
  (cache) => [...cache],
  (cache) => cache.peek(),
  (cache) => cache.volume(),
  (cache) => cache.stats(),
  (cache) => cache.check(),
  (cache) => cache.incr('counter'),
  (cache) => cache.set('key 9', 2),
  (cache) => cache.transact(() => cache.set('new', 1)),
];

/** Flips bits and uses the cache, so many times. Fails where an error is none of ours, or a file is gone. */
export function flipAndUse(folder: string, times: number, random: () => number): void {
  const good = join(folder, 'good');
  fill(good);
  const sound = readFileSync(join(good, 'cache.db'));
  const flipped = join(folder, 'flipped');
  for (let time = 0; time < times; time++) {
    cpSync(good, flipped, { recursive: true });
    const before = valueFiles(flipped);
    const bytes = Buffer.from(sound);
    const places = Array.from({ length: 1 + below(4) }, flip);
    writeFileSync(join(flipped, 'cache.db'), bytes);
    const cache = new Cache(flipped, { timeout: 0.1 });
    for (const use of USES) {
      try {
        use(cache);
      } catch (error) {
        if (!(error instanceof StowageError))
          expect.fail(`${String(use)} after flips at ${places.join(', ')}: ${(error as Error).stack ?? String(error)}`);
      }
    }
    cache.close();
    expect(valueFiles(flipped), `flips at ${places.join(', ')}`).to.deep.equal(before);
    rmSync(flipped, { recursive: true });

    /** Now anywhere, now in the head of a page, where most of what SQLite relies on is. */
    function flip(): number {
      const place = below(3) > 0 ? below(bytes.length) : PAGE * below(bytes.length / PAGE) + below(120);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << below(8));
      return place;
    }
  }

  function below(limit: number): number {
    return Math.floor(random() * limit);
  }
}

function fill(folder: string): void {
  using cache = new Cache(folder, { evictionPolicy: 'least-recently-used', tagIndex: true });
  cache.transact(() => {
    for (let i = 0; i < 60; i++) cache.set(`key ${i}`, `value ${i}`.repeat(i), { tag: `tag ${i % 3}`, expire: 10_000 });
    for (let i = 0; i < 3; i++) {
      cache.set(['large', i], Buffer.alloc(33_000, i));
      cache.push({ i });
    }
  });
}
