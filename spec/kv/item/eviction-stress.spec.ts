/** Writers of Node.js and Python together in caches that are full. */
import { expect } from 'chai';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { isErrno } from '#lib/base/files/files.js';
import { Cache, EVICTION_POLICY, type EvictionPolicy } from 'stowage/kv';
import { requireDiskcache } from '../../support/peers/numpy.js';
import { PeerProcess } from '../../support/children/peer-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

const KV = new URL('../../../lib/kv/index.js', import.meta.url).href;
const POLICIES = Object.keys(EVICTION_POLICY) as EvictionPolicy[];

const LIMIT = 2_000_000;
const WRITES = 120;
/** The largest value. */
const LARGEST = 60_000;
/** What rows and pages take beside the files. */
const PAGES = 100_000;

/** Writes 20 to 60 kB and looks something up, in one folder after the other. */
const NODE = `
import { Cache } from '${KV}';
const [worker, writes, ...folders] = process.argv.slice(1);
const caches = folders.map((folder) => new Cache(folder));
for (let i = 0; i < writes; i++) for (const cache of caches) {
  cache.set(worker + '.' + i, Buffer.alloc(20000 + (i * 7919) % 40000), { tag: i % 2 === 0 ? 'even' : undefined });
  cache.get(worker + '.' + Math.floor(Math.random() * i));
}
for (const cache of caches) cache.close();
`;
const PYTHON = `
import random, sys
from diskcache import Cache
worker, writes, *folders = sys.argv[1:]
caches = [Cache(folder) for folder in folders]
for i in range(int(writes)):
    for cache in caches:
        cache.set(worker + '.' + str(i), bytes(20000 + (i * 7919) % 40000))
        cache.get(worker + '.' + str(random.randint(0, i)))
for cache in caches: cache.close()
`;

describe('caches that are full, with writers of Node.js and Python', () => {
  const largest = new Map<EvictionPolicy, { volume: number; files: number }>();
  const caches = new Map<EvictionPolicy, Cache>();
  let writers = 0;

  before(async function () {
    const python = requireDiskcache(this, 'writers of Python in a full cache');
    for (const policy of POLICIES) {
      const cache = new Cache(join(temporaryFolder(), policy), { evictionPolicy: policy, sizeLimit: LIMIT });
      expect(cache.settings.sizeLimit).to.equal(LIMIT);
      caches.set(policy, cache);
      largest.set(policy, { volume: 0, files: 0 });
    }
    const folders = [...caches.values()].map(({ directory }) => directory);
    const args = (worker: number): string[] => [String(worker), String(WRITES), ...folders];
    const peers = [
      ...[0, 1].map(
        (worker) => new PeerProcess(process.execPath, ['--input-type=module', '-e', NODE, ...args(worker)]),
      ),
      ...[2, 3].map((worker) => new PeerProcess(python, ['-c', PYTHON, ...args(worker)])),
    ];
    writers = peers.length;
    const state = { isOver: false };
    const over = Promise.all(peers.map(async (peer) => peer.done())).finally(() => {
      state.isOver = true;
    });
    while (!state.isOver) {
      for (const [policy, cache] of caches) {
        const { volume, files } = largest.get(policy) ?? { volume: 0, files: 0 };
        largest.set(policy, { volume: Math.max(volume, cache.volume()), files: Math.max(files, bytesOfValues(cache)) });
      }
      await later(5);
    }
    await over;
  });
  after(() => {
    for (const cache of caches.values()) cache.close();
  });

  for (const policy of POLICIES.filter((each) => each !== 'none')) {
    it(`by ${policy} stay under the limit, but for what is being written`, () => {
      const { volume, files } = largest.get(policy) ?? { volume: Infinity, files: Infinity };
      expect(volume).to.be.within(LIMIT / 2, LIMIT + PAGES);
      // Each writer may have written what has no row yet, and not have removed what it evicted, ten items at most.
      expect(files).to.be.within(LIMIT / 2, LIMIT + writers * 11 * LARGEST);
      // Nothing is evicted that need not be: of at most ten items that a write of Python's evicts.
      expect(caches.get(policy)?.volume()).to.be.greaterThan(LIMIT - 11 * LARGEST);
      expect(caches.get(policy)?.check()).to.deep.equal([]);
    });
  }

  it('by none keep all', () => {
    const cache = caches.get('none');
    expect(cache?.size).to.deep.equal(writers * WRITES);
    expect(cache?.check()).to.deep.equal([]);
  });
});

/** What files take now, those included that are being written; 0 where a folder vanished meanwhile. */
/** While nobody else commits: a reader that is held up would count files that were never there together. */
function bytesOfValues(cache: Cache): number {
  return cache.transact(() => bytesIn(cache.directory), { retry: true });
}

function bytesIn(folder: string): number {
  try {
    const sizes = valueFiles(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0;
    throw error;
  }
}
