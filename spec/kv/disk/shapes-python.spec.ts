/** FanoutCache, Deque and Index on folders that a real python-diskcache uses at the same time. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Deque, FanoutCache, Index, JSONDisk } from 'stowage/kv';
import { requireDiskcache, runPython } from '../../support/peers/numpy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { DESCRIBED, describeValue, plainData } from '../pickle/described.js';

const NAME = 'shapes and a real python-diskcache';

/** Keys of each kind that both languages have. */
const KEYS: unknown[] = [
  '',
  'a',
  'key',
  'ä𝄞',
  'nul\0nul',
  'line\r\n',
  'x'.repeat(6000),
  'é'.repeat(5552),
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.from([0, 255, 1]),
  Buffer.alloc(6000, 255),
  0,
  1,
  -1,
  255,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 - 2,
  2 ** 32 - 1,
  2 ** 32,
  -(2 ** 32) + 1,
  -(2 ** 32),
  Number.MAX_SAFE_INTEGER,
  2n ** 60n + 1n,
  -(2n ** 60n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 63n,
  -(2n ** 63n) - 1n,
  2n ** 200n,
  0.5,
  -0.5,
  0.1,
  1e300,
  -1e300,
  5e-324,
  Infinity,
  -Infinity,
  2 ** 53 * 1.5,
  null,
  true,
  false,
  [],
  ['a'],
  ['a', 1],
  [['a', [null, 0.5]], Buffer.from('bytes'), -1],
  ...fc.sample(fc.string({ unit: 'grapheme', minLength: 3 }), 50),
  ...fc.sample(fc.uint8Array({ minLength: 2 }), 50).map((bytes) => Buffer.from(bytes)),
  ...fc.sample(fc.bigInt({ min: 2n ** 55n, max: 2n ** 70n }), 50),
  ...fc.sample(fc.maxSafeInteger(), 50),
  ...fc.sample(fc.double({ noNaN: true, noInteger: true }), 50),
  ...fc.sample(plainData(2), 100),
];

/** What every script begins with. `given` is the input; the script fills `answer`. */
const PRELUDE = `
import json, sys, warnings
from diskcache import Cache, Deque, FanoutCache, Index, JSONDisk
given = json.load(sys.stdin)
answer = {}
def complaints(cache):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return [str(warning.message) for warning in cache.check()]
`;

/** Runs a script with python-diskcache at hand. @returns what it leaves in `answer` */
function runDiskcache(python: string, script: string, input: unknown): unknown {
  return runPython(python, `${PRELUDE}\n${script}\njson.dump(answer, sys.stdout)\n`, input);
}

describe(NAME, function () {
  let python = '';
  let directory = '';

  before(function () {
    python = requireDiskcache(this, NAME);
  });
  beforeEach(() => {
    directory = temporaryFolder();
  });

  it('look for each key in the same shard, and find what the other stored there', () => {
    const keys = [...new Map(KEYS.map((key) => [JSON.stringify(describeValue(key)), key])).values()];
    using cache = new FanoutCache(directory, { shards: 7, timeout: 60, evictionPolicy: 'none', cullLimit: 0 });
    for (const [number, key] of keys.entries()) if (number % 2 === 0) cache.set(key, number);
    const answer = runDiskcache(
      python,
      `${DESCRIBED}
cache = FanoutCache(given['directory'], shards=7, timeout=60, eviction_policy='none', cull_limit=0)
keys = [build(key, tuple) for key in given['keys']]
answer['hashes'] = [cache._hash(key) for key in keys]
answer['found'] = [cache.get(key) for key in keys]
for number, key in enumerate(keys):
    if number % 2 == 1: cache.set(key, number, retry=True)
answer['shards'] = [len(shard) for shard in cache._shards]
answer['complaints'] = complaints(cache)
`,
      { directory, keys: keys.map(describeValue) },
    ) as { hashes: number[]; found: unknown[]; shards: number[]; complaints: string[] };
    for (const [number, key] of keys.entries()) {
      const name = JSON.stringify(describeValue(key)).slice(0, 200);
      expect(answer.hashes[number], name).to.equal(cache.disk.hash(key));
      expect(answer.found[number], name).to.equal(number % 2 === 0 ? number : null);
      expect(cache.get(key), name).to.equal(number);
    }
    expect(answer.shards).to.deep.equal(cache.shards.map(({ size }) => size));
    expect(Math.min(...answer.shards)).to.be.above(20);
    expect(answer.complaints).to.deep.equal([]);
    expect(cache.check()).to.deep.equal([]);
  });

  it('share a FanoutCache with JSONDisk', () => {
    const keys = ['a', 1, 0.5, null, true, ['a', 1], 'ä'];
    using cache = new FanoutCache(directory, { disk: JSONDisk, timeout: 60 });
    for (const key of keys) cache.set(key, [key]);
    const answer = runDiskcache(
      python,
      `
cache = FanoutCache(given['directory'], disk=JSONDisk, timeout=60)
answer['hashes'] = [cache._hash(key) for key in given['keys']]
answer['found'] = [cache.get(key) for key in given['keys']]
cache.set(['from', 'Python'], {'a': 1})
answer['complaints'] = complaints(cache)
`,
      { directory, keys },
    );
    expect(answer).to.deep.equal({
      hashes: keys.map((key) => cache.disk.hash(key)),
      found: keys.map((key) => [key]),
      complaints: [],
    });
    expect(cache.get(['from', 'Python'])).to.deep.equal({ a: 1 });
    expect(cache.check()).to.deep.equal([]);
  });

  it('share the caches, deques and indexes within a FanoutCache, its settings, tags and counters', () => {
    const large = 'x'.repeat(50_000);
    using cache = new FanoutCache(directory, { timeout: 60, sizeLimit: 80_000_000, tagIndex: true });
    cache.set('tagged', large, { tag: 'old' });
    cache.set('kept', 1, { tag: 'new', expire: 1000 });
    cache.incr('count', 3);
    cache.cache('users/names').set('a', [1]);
    cache.deque('jobs').extend([1, large, { a: null }]);
    cache.index('nights').set(['night', 1], 0.8);
    const answer = runDiskcache(
      python,
      `
cache = FanoutCache(given, timeout=60, size_limit=80_000_000)
answer['settings'] = [cache.size_limit, cache.tag_index, cache.eviction_policy]
answer['evicted'] = cache.evict('old')
answer['kept'] = cache.get('kept', tag=True)
answer['count'] = cache.incr('count', 4)
answer['users'] = cache.cache('users/names')['a']
jobs = cache.deque('jobs')
answer['jobs'] = [jobs.popleft(), len(jobs.popleft()), list(jobs)]
jobs.appendleft('from Python')
answer['nights'] = [[list(key), value] for key, value in cache.index('nights').items()]
cache.index('nights')[('night', 2)] = 1.1
with cache.transact():
    cache['last'] = b'bytes'
answer['complaints'] = [complaint for part in [cache, cache.cache('users/names'), jobs.cache, cache.index('nights').cache] for complaint in complaints(part)]
`,
      directory,
    );
    expect(answer).to.deep.equal({
      settings: [10_000_000, 1, 'least-recently-stored'],
      evicted: 1,
      kept: [1, 'new'],
      count: 7,
      users: [1],
      jobs: [1, 50_000, [{ a: null }]],
      nights: [[['night', 1], 0.8]],
      complaints: [],
    });
    expect(cache.get('count')).to.equal(7);
    expect(cache.get('tagged')).to.equal(undefined);
    expect(cache.get('last')).to.deep.equal(Buffer.from('bytes'));
    expect(cache.deque('jobs').toArray()).to.deep.equal(['from Python', { a: null }]);
    expect([...cache.index('nights')]).to.deep.equal([
      [['night', 1], 0.8],
      [['night', 2], 1.1],
    ]);
    for (const part of [cache, cache.cache('users/names'), cache.deque('jobs').cache, cache.index('nights').cache]) {
      expect(part.check()).to.deep.equal([]);
    }
  });

  it('share a Deque and an Index', () => {
    const jobs = temporaryFolder();
    const nights = temporaryFolder();
    const large = 'y'.repeat(50_000);
    using deque = new Deque<unknown>(['a', large, [1, { b: null }], 2n ** 80n, 0.5], { directory: jobs });
    using index = new Index<unknown, unknown>(nights, [
      ['first', 1],
      [['tuple', 2], large],
      [Buffer.from('bytes'), null],
    ]);
    deque.rotate(2);
    index.set('first', 'again');
    const answer = runDiskcache(
      python,
      `
deque = Deque(directory=given['jobs'])
answer['deque'] = [str(value)[:20] for value in deque]
deque.rotate(-2)
deque.append((1, 2)); deque.append('last'); deque.popleft(); deque.reverse()
index = Index(given['nights'])
answer['index'] = [[repr(key), str(value)[:20]] for key, value in index.items()]
answer['policy'] = [deque.cache.eviction_policy, index.cache.eviction_policy]
answer['popped'] = index.popitem(last=False)
index.setdefault('new', {'x': [1.5]})
index.push('queued')
answer['complaints'] = complaints(deque.cache) + complaints(index.cache)
`,
      { jobs, nights },
    );
    expect(answer).to.deep.equal({
      deque: [String(2n ** 80n).slice(0, 20), '0.5', 'a', large.slice(0, 20), "[1, {'b': None}]"],
      index: [
        ["'first'", 'again'],
        ["('tuple', 2)", large.slice(0, 20)],
        ["b'bytes'", 'None'],
      ],
      policy: ['none', 'none'],
      popped: ['first', 'again'],
      complaints: [],
    });
    expect(deque.toArray()).to.deep.equal(['last', [1, 2], 0.5, 2n ** 80n, [1, { b: null }], large]);
    deque.reverse();
    expect(deque.at(0)).to.deep.equal(large);
    expect(deque.pop()).to.equal('last');
    expect(deque.remove([1, 2])).to.equal(true);
    expect(deque.size).to.equal(4);
    expect([...index]).to.deep.equal([
      [['tuple', 2], large],
      [Buffer.from('bytes'), null],
      ['new', { x: [1.5] }],
      [500_000_000_000_000, 'queued'],
    ]);
    expect([...deque.cache.check(), ...index.cache.check()]).to.deep.equal([]);
  });
});
