/** python-diskcache on our folders, and we on its. */
import { expect } from 'chai';
import { TimedResults } from '#lib/recipe/base/timed-results.js';
import { Cache, Disk, ENOVAL, FanoutCache, JSONDisk, UNKNOWN, type EvictionPolicy } from 'stowage/kv';
import { requireDiskcache, runPython } from '../../support/peers/numpy.js';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Values by key, as Python source and as ours. Large ones have files. */
const ITEMS: [python: string, ours: unknown][] = [
  ["'text'", 'text'],
  ["'x' * 40000", 'x'.repeat(40_000)],
  ["'é\\U0001f52d' * 20000", 'é\u{1F52D}'.repeat(20_000)],
  ["'a\\r\\nb\\r' * 20000", 'a\r\nb\r'.repeat(20_000)],
  ["'nul\\0nul'", 'nul\0nul'],
  ["b'bytes'", Buffer.from('bytes')],
  ["b'\\xff' * 40000", Buffer.alloc(40_000, 255)],
  ['0', 0],
  ['-1', -1],
  ['2 ** 53', 2n ** 53n],
  ['2 ** 63 - 1', 2n ** 63n - 1n],
  ['-2 ** 63', -(2n ** 63n)],
  ['2 ** 63', 2n ** 63n],
  ['-10 ** 30', -(10n ** 30n)],
  ['1.5', 1.5],
  ['-0.0', -0],
  ['1e300', 1e300],
  ["float('inf')", Infinity],
  ['None', null],
  ['True', true],
  ['[1, [2.5, None], "x"]', [1, [2.5, null], 'x']],
  ["{'a': {'b': [True]}}", { a: { b: [true] } }],
  ["['y' * 50000]", ['y'.repeat(50_000)]],
  ['{1, 2}', new Set([1, 2])],
  ['numpy.arange(5, dtype="<f8") / 2', new Float64Array([0, 0.5, 1, 1.5, 2])],
  ['numpy.zeros(20000, dtype="<i4")', new Int32Array(20_000)],
];

/** Keys, as Python source and as ours. */
const KEYS: [python: string, ours: unknown][] = [
  ["'k'", 'k'],
  ["'nul\\0'", 'nul\0'],
  ["b'k'", Buffer.from('k')],
  ['7', 7],
  ['2.5', 2.5],
  ['2 ** 60', 2n ** 60n],
  ['2 ** 70', 2n ** 70n],
  ['None', null],
  ['True', true],
  ["('a', 1)", ['a', 1]],
  ["('f', 1, ('x', None), None)", ['f', 1, ['x', null], null]],
];

const SAME = `
def same(a, b):
    if isinstance(b, numpy.ndarray):
        return isinstance(a, numpy.ndarray) and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    return type(a) is type(b) and repr(a) == repr(b)
`;

/** Reads what we wrote, says what is not the same, and what its check finds. */
const READ = `
import json, sys, warnings, diskcache, numpy
${SAME}
task = json.load(sys.stdin)
cache = diskcache.Cache(task['folder'])
wrong = []
for index, source in enumerate(task['items']):
    if not same(cache.get(index), eval(source)):
        wrong.append(['item', source, repr(cache.get(index))[:100]])
for index, source in enumerate(task['keys']):
    if cache.get(eval(source)) != 'under key %d' % index:
        wrong.append(['key', source])
keys = list(cache)
print(json.dumps({'wrong': wrong, 'count': len(cache), 'keys': len(keys), 'check': [str(w.message) for w in cache.check()]}))
`;

/** Writes items and keys. */
const WRITE = `
import json, sys, diskcache, numpy
task = json.load(sys.stdin)
cache = diskcache.Cache(task['folder'])
for index, source in enumerate(task['items']):
    cache[index] = eval(source)
for index, source in enumerate(task['keys']):
    cache[eval(source)] = 'under key %d' % index
cache.set('tagged', 1, expire=1000, tag='t')
cache['nan'] = float('nan')
print(json.dumps({'check': [str(w.message) for w in cache.check()]}))
`;

describe('python-diskcache', function () {
  this.timeout(60_000);
  let python: string;
  let folder: string;

  before(function () {
    python = requireDiskcache(this, 'python-diskcache on the same folders');
  });
  beforeEach(() => {
    folder = temporaryFolder();
  });

  const task = (): unknown => ({
    folder,
    items: ITEMS.map(([source]) => source),
    keys: KEYS.map(([source]) => source),
  });

  function write(cache: Cache): void {
    for (const [index, [, value]] of ITEMS.entries()) cache.set(index, value);
    for (const [index, [, key]] of KEYS.entries()) cache.set(key, `under key ${index}`);
  }

  function expectAll(cache: Cache): void {
    for (const [index, [, key]] of KEYS.entries()) expect(cache.get(key)).to.equal(`under key ${index}`);
    // The key 7 was an item's too.
    for (const [index, [, value]] of ITEMS.entries()) if (index !== 7) expectSame(cache.get(index), value);
  }

  it('finds every kind of value and key that we wrote, and nothing to complain of', () => {
    using cache = new Cache(folder);
    write(cache);
    const items = ITEMS.map(([source], index) => (index === 7 ? "'under key 3'" : source));
    const answer = runPython(python, READ, { ...(task() as object), items });
    expect(answer).to.deep.equal({ wrong: [], count: cache.size, keys: cache.size, check: [] });
    expect(cache.check()).to.deep.equal([]);
  });

  it('writes every kind of value and key so that we find it, and nothing to complain of', () => {
    expect(runPython(python, WRITE, task())).to.deep.equal({ check: [] });
    using cache = new Cache(folder);
    expectAll(cache);
    const item = cache.getItem('tagged');
    expect(item).to.deep.include({ value: 1, tag: 't' });
    expect(item?.expireTime).to.be.closeTo(Date.now() / 1000 + 1000, 100);
    expect(cache.get('nan')).to.be.NaN;
    expect(cache.check({ fix: true })).to.deep.equal([]);
    write(cache);
    expectAll(cache);
  });

  for (const policy of [
    'none',
    'least-recently-stored',
    'least-recently-used',
    'least-frequently-used',
  ] satisfies EvictionPolicy[]) {
    it(`shares a folder by ${policy}: settings, counts, look-ups, queues, numbers`, () => {
      const script = `
import json, sys, diskcache
folder, policy = json.load(sys.stdin)
cache = diskcache.Cache(folder)
assert cache.eviction_policy == policy, cache.eviction_policy
assert cache.size_limit == 10 ** 9
assert cache.get('a') == 1
cache.incr('n', 5)
pulled = cache.pull('jobs')
cache.push('from Python', 'jobs')
cache.push('to the front', 'jobs', side='front')
cache.stats(enable=True)
cache.get('a'), cache.get('b')
with cache.transact():
    cache.set('large', 'x' * 50000, tag='t')
print(json.dumps([pulled, cache.incr('n'), len(cache), [str(w.message) for w in cache.check()]]))
`;
      using cache = new Cache(folder, { evictionPolicy: policy, sizeLimit: 10 ** 9 });
      cache.set('a', 1);
      cache.incr('n');
      cache.push('from us', { prefix: 'jobs' });
      expect(runPython(python, script, [folder, policy])).to.deep.equal([
        ['jobs-500000000000000', 'from us'],
        7,
        5,
        [],
      ]);
      expect(cache.get('n')).to.equal(7);
      expect(cache.pull({ prefix: 'jobs' })?.value).to.equal('to the front');
      expect(cache.pull({ prefix: 'jobs' })?.key).to.equal('jobs-500000000000000');
      expect(cache.stats()).to.deep.equal({ hits: 1, misses: 1 });
      expect(cache.evict('t')).to.equal(1);
      expect(cache.check()).to.deep.equal([]);
    });
  }

  it('has keys that JavaScript cannot write: they are iterated over, got, touched and deleted as they were read', () => {
    const script = `
import diskcache, sys, json
folder, disk = json.load(sys.stdin)
disk = getattr(diskcache, disk)
keys = [('seeing', 1.0), ['list'], [1.0, {'b': 2.0, 'a': 1.0}], {'x': 1.0}]
if disk is diskcache.Disk: keys += [(b'ab', bytearray(b'x')), frozenset([1.0]), {1: 'a'}, ('ab', ''.join(['a', 'b']))]
for cache in diskcache.Cache(folder, disk=disk), diskcache.FanoutCache(folder + '/fan', shards=4, disk=disk):
    for index, key in enumerate(keys): cache.set(key, index)
print(json.dumps(len(keys)))
`;
    for (const disk of [Disk, JSONDisk]) {
      folder = temporaryFolder();
      const count = runPython(python, script, [folder, disk.name]) as number;
      for (const cache of [new Cache(folder, { disk }), new FanoutCache(`${folder}/fan`, { shards: 4, disk })]) {
        const keys = [...cache.keys()];
        expect(new Set(keys.map((key) => cache.get(key)))).to.deep.equal(
          new Set(Array.from({ length: count }, (_, index) => index)),
        );
        for (const key of keys) {
          expect(cache.has(key)).to.equal(true);
          expect(cache.touch(key, { expire: 60 })).to.equal(true);
          expect(cache.set(key, 'again')).to.equal(true);
          expect(cache.size).to.deep.equal(count);
        }
        // What has been changed since is another key.
        const [list] = keys.filter((key) => Array.isArray(key));
        (list as unknown[]).push('more');
        expect(cache.get(list)).to.equal(undefined);
        (list as unknown[]).pop();
        for (const key of keys) expect(cache.delete(key)).to.equal(true);
        expect(cache.size).to.equal(0);
        expect(cache.check()).to.deep.equal([]);
        cache.close();
      }
    }
  });

  it('keeps working with a cache whose triggers we wrote anew', () => {
    expect(
      runPython(
        python,
        "import diskcache, sys, json; diskcache.Cache(json.load(sys.stdin))['a'] = 1; print(1)",
        folder,
      ),
    ).to.equal(1);
    using cache = new Cache(folder);
    cache.set('b', 'x'.repeat(40_000));
    const script = `
import diskcache, sys, json
cache = diskcache.Cache(json.load(sys.stdin))
del cache['b']
cache['c'] = b'x' * 50000
print(json.dumps([len(cache), cache.reset('size'), [str(w.message) for w in cache.check()]]))
`;
    expect(runPython(python, script, folder)).to.deep.equal([2, 50_000, []]);
    expect(cache.size).to.equal(2);
    expect(cache.check()).to.deep.equal([]);
  });

  it('finds memoized results of ours, and we those of its', () => {
    using cache = new Cache(folder);
    const ours = cache.memoize({ name: 'f' })((a: number, b: unknown) => ['computed here', a, b]);
    ours(1, 'x');
    const script = `
import diskcache, sys, json
cache = diskcache.Cache(json.load(sys.stdin))
f = cache.memoize(name='f')(lambda *args: ['computed there', *args])
print(json.dumps([f(1, 'x'), f(2, None)]))
`;
    expect(runPython(python, script, folder)).to.deep.equal([
      ['computed here', 1, 'x'],
      ['computed there', 2, null],
    ]);
    expect(ours(2, null)).to.deep.equal(['computed there', 2, null]);
  });

  it('has the constants of python-diskcache in keys, and we in ours', () => {
    const script = `
import diskcache, sys, json
from diskcache.core import ENOVAL, UNKNOWN
folder, protocol, disk = json.load(sys.stdin)
cache = diskcache.Cache(folder, disk=getattr(diskcache, disk), disk_pickle_protocol=protocol)
keys = [('f', 1, None, ENOVAL), ('ENOVAL', ENOVAL, 'f', UNKNOWN, ENOVAL)]
found = [cache.get(key) for key in keys]
cache.clear()
for key in keys:
    cache[key] = 'theirs'
print(json.dumps(found))
`;
    const keys = [
      ['f', 1, null, ENOVAL],
      ['ENOVAL', ENOVAL, 'f', UNKNOWN, ENOVAL],
    ];
    const asJson = [
      ['f', 1, null, ['ENOVAL']],
      ['ENOVAL', ['ENOVAL'], 'f', ['UNKNOWN'], ['ENOVAL']],
    ];
    for (const [protocol, disk] of [
      [0, Disk],
      [1, Disk],
      [2, Disk],
      [3, Disk],
      [4, Disk],
      [5, Disk],
      [5, JSONDisk],
    ] as const) {
      folder = temporaryFolder();
      using cache = new Cache(folder, { disk, diskPickleProtocol: protocol });
      for (const key of keys) cache.set(key, 'ours');
      expect(runPython(python, script, [folder, protocol, disk.name])).to.deep.equal(['ours', 'ours']);
      expect([...cache.keys()]).to.deep.equal(disk === Disk ? keys : asJson);
      for (const key of cache.keys()) expect(cache.pop(key), `protocol ${protocol}`).to.equal('theirs');
    }
  });

  it('claims early computations as we do', () => {
    const script = `
import diskcache, sys, json
cache = diskcache.Cache(json.load(sys.stdin))
f = diskcache.memoize_stampede(cache, 60, name='f', beta=0)(lambda x: x)
f(1)
key = f.__cache_key__(1)
cache.add(key + (diskcache.core.ENOVAL,), None, expire=60)
print(1)
`;
    runPython(python, script, folder);
    using cache = new Cache(folder);
    const [key] = [...cache.keys<unknown[]>()];
    const results = new TimedResults(cache, 'f', {});
    expect(results.look(key)?.value[0]).to.equal(1);
    expect(results.claim(key, 60)).to.equal(false);
    expect(results.claim(['other'], 60)).to.equal(true);
  });

  it("gets a clear error for what is JavaScript's alone", () => {
    using cache = new Cache(folder);
    cache.set('map', new Map([[1, 2]]));
    const script = `
import diskcache, sys, json
try:
    value = diskcache.Cache(json.load(sys.stdin)).get('map')
    print(json.dumps('no error, but ' + repr(value)))
except Exception as error:
    print(json.dumps('error: ' + str(error)))
`;
    expect(runPython(python, script, folder)).to.match(/^error: .*stowage/i);
  });

  it('finds keys and values of JSONDisk, and we those of its', () => {
    const values = [
      null,
      true,
      1,
      1.5,
      -0.25,
      1e-7,
      1e22,
      123456789012,
      'é\u{1F52D}"\\\n\x7f',
      [1, [2]],
      { b: 1, a: [null] },
      'abcabcabc'.repeat(50),
    ];
    const script = `
import diskcache, sys, json
folder, level, values = json.load(sys.stdin)
cache = diskcache.Cache(folder, disk=diskcache.JSONDisk, disk_compress_level=level)
missing = [value for value in values if cache.get(value, 'missing') != [value]]
for value in values:
    cache[['of Python', value]] = value
print(json.dumps([missing, len(cache), [str(w.message) for w in cache.check()]]))
`;
    for (const level of [0, 1, 6, 9]) {
      folder = temporaryFolder();
      using cache = new Cache(folder, { disk: JSONDisk, diskCompressLevel: level });
      for (const value of values) cache.set(value, [value]);
      expect(runPython(python, script, [folder, level, values])).to.deep.equal([[], values.length * 2, []]);
      for (const value of values) expect(cache.get(['of Python', value])).to.deep.equal(value);
      expect(cache.check()).to.deep.equal([]);
    }
  });
});
