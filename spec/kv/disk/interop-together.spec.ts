/** FanoutCache, Deque and Index shared with python-diskcache; streams, settings and any plain data as well. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Cache, Deque, FanoutCache, Index, JSONDisk, type EvictionPolicy } from 'stowage/kv';
import { requireDiskcache } from '../../support/peers/numpy.js';
import { PeerProcess } from '../../support/children/peer-process.js';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { DESCRIBED, describeValue, plainData } from '../pickle/described.js';

/**
 * One Python for all tests: each line is a script and what it is given; it sets `answer`. Its caches stay open between
 * scripts, so that both sides have the folder at once.
 */
const SERVER = `
import json, sys, warnings
from diskcache import Cache, Deque, FanoutCache, Index, JSONDisk
${DESCRIBED}
warnings.simplefilter('ignore')
def check(cache): return [str(warning.message) for warning in cache.check()]
names = globals()
for line in sys.stdin:
    script, names['given'] = json.loads(line)
    exec(script, names)
    print(json.dumps(names.pop('answer', None)), flush=True)
`;

describe('with python-diskcache at the same time', () => {
  let peer: PeerProcess | undefined;
  let folder: string;

  before(function () {
    peer = new PeerProcess(requireDiskcache(this, 'python-diskcache at the same time'), ['-c', SERVER]);
  });
  after(async () => peer?.[Symbol.asyncDispose]());
  beforeEach(() => {
    folder = temporaryFolder();
  });

  async function python(script: string, given: unknown = folder): Promise<unknown> {
    if (peer === undefined) throw new Error('Python was not started');
    peer.goOn(JSON.stringify([script, given]));
    return JSON.parse(await peer.line());
  }

  it('any plain data is found as a key and as a value, ours by Python and its by us', async () => {
    // A Buffer of one byte may be one object in Python where it is two here. See spec/kv/pickle/python.spec.ts.
    const some = fc
      .sample(plainData(2), { numRuns: 150, seed: 11 })
      .filter((value) => !/\\ud[89a-f]/.test(JSON.stringify(value, jsonSafe)));
    using cache = new Cache(folder, { diskMinFileSize: 64 });
    for (const [index, value] of some.entries()) {
      cache.set(['ours', index, value], index);
      cache.set(['value', index], [value]);
    }
    const script = `
cache = Cache(given[0])
wrong = []
for index, description in enumerate(given[1]):
    key, value = build(description, tuple), build(description, list)
    if cache.get(('ours', index, key)) != index: wrong.append(['key', index, repr(key)[:200]])
    if repr(cache.get(('value', index))) != repr([value]): wrong.append(['value', index, repr(value)[:200]])
    cache[('theirs', index, key)] = index
    cache[('value of', index)] = [value]
answer = [wrong, check(cache)]
`;
    expect(await python(script, [folder, some.map(describeValue)])).to.deep.equal([[], []]);
    for (const [index, value] of some.entries()) {
      if (cache.get(['theirs', index, value]) !== index)
        expect.fail(`not found: ${JSON.stringify(describeValue(value))}`);
      expectSame(cache.get(['value of', index]), [value]);
    }
    expect(cache.check()).to.deep.equal([]);
  });

  it('a FanoutCache finds keys of every kind in the same shards, both ways', async () => {
    const keys: [python: string, ours: unknown][] = [
      ['0', 0],
      ['7', 7],
      ['-1', -1],
      ['2 ** 40', 2 ** 40],
      ['2 ** 60', 2n ** 60n],
      ['-2 ** 63', -(2n ** 63n)],
      ['2 ** 70', 2n ** 70n],
      ['1.5', 1.5],
      ['-0.25', -0.25],
      ['1e300', 1e300],
      ["float('inf')", Infinity],
      ["''", ''],
      ["'é\\U0001f52d'", 'é\u{1F52D}'],
      ["b''", Buffer.alloc(0)],
      ["b'\\xff\\0'", Buffer.from([255, 0])],
      ['None', null],
      ['True', true],
      ['False', false],
      ['()', []],
      ["('a', (1, 2.5, None))", ['a', [1, 2.5, null]]],
      ["{'a': 1}", { a: 1 }],
    ];
    using cache = new FanoutCache(folder, { shards: 5, timeout: 10 });
    for (const [index, [, key]] of keys.entries()) cache.set(key, `ours ${index}`, { tag: 'ours', expire: 1000 });
    const script = `
cache = FanoutCache(given[0], shards=5, timeout=10)
found = [cache.get(eval(key), expire_time=True, tag=True) for key in given[1]]
answer = [[value for value, _, _ in found], all(time > 1e9 and tag == 'ours' for _, time, tag in found), len(cache), cache.evict('ours')]
for index, key in enumerate(given[1]): cache.set(eval(key), 'x' * 40000 + str(index))
answer.append(check(cache))
`;
    const all = keys.map((_, index) => `ours ${index}`);
    expect(await python(script, [folder, keys.map(([source]) => source)])).to.deep.equal([
      all,
      true,
      keys.length,
      keys.length,
      [],
    ]);
    for (const [index, [source, key]] of keys.entries())
      expect(cache.get(key), source).to.equal('x'.repeat(40_000) + String(index));
    expect(cache.size).to.deep.equal(keys.length);
    expect(cache.check()).to.deep.equal([]);
  });

  it('what is inside a FanoutCache is where Python has it', async () => {
    using cache = new FanoutCache(folder, { shards: 2 });
    cache.cache('users').set('a', 1);
    cache.deque('jobs').append('b');
    cache.index('nights').set('c', [2]);
    const script = `
cache = FanoutCache(given, shards=2)
answer = [cache.cache('users')['a'], list(cache.deque('jobs')), dict(cache.index('nights'))]
cache.cache('more')['d'] = 3
cache.deque('jobs').appendleft(4)
cache.index('nights')['e'] = 5
`;
    expect(await python(script)).to.deep.equal([1, ['b'], { c: [2] }]);
    expect(cache.cache('more').get('d')).to.equal(3);
    expect(cache.deque('jobs').toArray()).to.deep.equal([4, 'b']);
    expect([...cache.index('nights')]).to.deep.equal([
      ['c', [2]],
      ['e', 5],
    ]);
  });

  it('a Deque is worked on from both ends by both', async () => {
    using deque = new Deque<unknown>([1, 'two', null, [3, { four: 4 }], 'x'.repeat(40_000)], { directory: folder });
    const script = `
deque = Deque(directory=given)
answer = [len(deque), list(deque)[:4], deque[-1] == 'x' * 40000, deque.pop() == 'x' * 40000, deque.popleft()]
deque.append(b'five' * 10000); deque.appendleft(0); deque.rotate(1)
answer.append(check(deque.cache if hasattr(deque, 'cache') else deque._cache))
`;
    expect(await python(script)).to.deep.equal([5, [1, 'two', null, [3, { four: 4 }]], true, true, 1, []]);
    expect(deque.toArray()).to.deep.equal([Buffer.from('five'.repeat(10_000)), 0, 'two', null, [3, { four: 4 }]]);
    deque.rotate(-2);
    deque.reverse();
    expect(await python('answer = [len(deque), deque[0], deque[1] == b"five" * 10000, list(deque)[2:]]')).to.deep.equal(
      [5, 0, true, [[3, { four: 4 }], null, 'two']],
    );
    expect(deque.cache.check()).to.deep.equal([]);
  });

  it('an Index keeps one order for both', async () => {
    using index = new Index<unknown, unknown>(folder, [
      ['b', 1],
      [['t', 1], 'x'.repeat(40_000)],
      [null, [2]],
    ]);
    const script = `
index = Index(given)
answer = [[list(key) if type(key) is tuple else key for key in index], index[('t', 1)] == 'x' * 40000, index[None]]
index['a'] = 3; index[('u', None)] = b'y' * 40000
del index['b']
answer += [index.setdefault('a', 9), index.setdefault('d', 9), index.push('job', prefix='q'), check(index.cache)]
`;
    expect(await python(script)).to.deep.equal([['b', ['t', 1], null], true, [2], 3, 9, 'q-500000000000000', []]);
    expect([...index.keys()]).to.deep.equal([['t', 1], null, 'a', ['u', null], 'd', 'q-500000000000000']);
    expect(index.get(['u', null])).to.deep.equal(Buffer.alloc(40_000, 'y'));
    expect(index.pull({ prefix: 'q' })).to.deep.equal(['q-500000000000000', 'job']);
    expect(index.popItem()).to.deep.equal(['d', 9]);
    expect(index.popItem({ last: false })?.[0]).to.deep.equal(['t', 1]);
    expect(index.cache.check()).to.deep.equal([]);
    expect(await python('answer = [list(index.popitem()[0]), len(index), check(index.cache)]')).to.deep.equal([
      ['u', null],
      2,
      [],
    ]);
  });

  it('streams are files to Python, and its files are streams', async () => {
    using cache = new Cache(folder);
    await cache.setStream('ours', Readable.from([Buffer.alloc(70_000, 1), Buffer.alloc(5, 2)]));
    await cache.setStream('empty', Readable.from([]));
    const script = `
import io
cache = Cache(given)
with cache.read('ours') as file: answer = [len(file.read()), cache['ours'][-6:].hex(), cache['empty'].hex()]
cache.set('theirs', io.BytesIO(b'z' * 100000), read=True)
cache.set('empty too', io.BytesIO(b''), read=True)
answer.append(check(cache))
`;
    expect(await python(script)).to.deep.equal([70_005, '010202020202', '', []]);
    const stream = cache.read('theirs');
    expect(stream && (await buffer(stream)).equals(Buffer.alloc(100_000, 'z'))).to.equal(true);
    expect(cache.get('empty too')).to.deep.equal(Buffer.alloc(0));
    expect(cache.check()).to.deep.equal([]);
  });

  it('settings that one changes, the other has when it reads them anew, and the next to open has them at once', async () => {
    using cache = new Cache(folder);
    cache.set('a', 1, { tag: 't' });
    await python('cache = Cache(given)');
    cache.reset('sizeLimit', 12_345_678);
    cache.reset('cullLimit', 3);
    cache.reset('evictionPolicy', 'least-frequently-used');
    cache.createTagIndex();
    const read = `answer = [cache.reset('size_limit'), cache.reset('cull_limit'), cache.reset('eviction_policy'), cache.reset('tag_index'), cache.reset('statistics')]`;
    expect(await python(read)).to.deep.equal([12_345_678, 3, 'least-frequently-used', 1, 0]);
    await python(
      "cache.reset('size_limit', 87654321); cache.reset('disk_min_file_size', 10); cache.stats(enable=True); cache.drop_tag_index(); cache['a']",
    );
    expect(cache.reset('sizeLimit')).to.equal(87_654_321);
    expect(cache.reset('diskMinFileSize')).to.equal(10);
    expect(cache.reset('statistics')).to.equal(1);
    expect(cache.reset('tagIndex')).to.equal(0);
    expect(cache.stats({ enable: false })).to.deep.equal({ hits: 1, misses: 0 });
    expect(cache.settings.sizeLimit).to.equal(87_654_321);
    cache.set('file', 'more than ten');
    expect(
      await python(
        "other = Cache(given); answer = [other.disk_min_file_size, other['file'], other.volume(), check(other)]",
      ),
    ).to.deep.equal([10, 'more than ten', cache.volume(), []]);
  });

  for (const policy of [
    'none',
    'least-recently-stored',
    'least-recently-used',
    'least-frequently-used',
  ] satisfies EvictionPolicy[]) {
    it(`by ${policy} both evict the same item, whoever stored and looked up`, async () => {
      using cache = new Cache(folder, { evictionPolicy: policy, cullLimit: 1 });
      cache.set('ours', Buffer.alloc(40_000));
      await python("cache = Cache(given); cache['theirs'] = bytes(40000)");
      cache.set('last', Buffer.alloc(40_000));
      cache.get('ours');
      await python("cache['ours'], cache['last']");
      cache.reset('sizeLimit', 100_000);
      cache.set('new', 1);
      const gone = {
        none: [],
        'least-recently-stored': ['ours'],
        'least-recently-used': ['theirs'],
        'least-frequently-used': ['theirs'],
      }[policy];
      expect(['ours', 'theirs', 'last', 'new'].filter((key) => !cache.has(key))).to.deep.equal(gone);
      expect(
        await python("answer = [sorted(set(['ours', 'theirs', 'last', 'new']) - set(cache)), check(cache)]"),
      ).to.deep.equal([gone, []]);
      expect(cache.check()).to.deep.equal([]);
    });
  }

  it('large values of JSONDisk have files that both read, and queues have keys that both count on', async () => {
    using cache = new Cache(folder, { disk: JSONDisk, diskCompressLevel: 0 });
    const large = { numbers: Array.from({ length: 20_000 }, (_, i) => i / 8), text: 'é\r\n"\u{1F52D}' };
    cache.set({ b: 1, a: ['é', null] }, large);
    const script = `
cache = Cache(given[0], disk=JSONDisk, disk_compress_level=0)
answer = [cache.get({'b': 1, 'a': ['é', None]}) == given[1], cache.get({'a': ['é', None], 'b': 1}), [key for key in cache]]
cache[[1, 'x']] = given[1]
answer.append(check(cache))
`;
    expect(await python(script, [folder, large])).to.deep.equal([true, null, [{ b: 1, a: ['é', null] }], []]);
    expectSame(cache.get([1, 'x']), large);
    cache.push({ job: 1 });
    expect(await python("answer = [cache.push({'job': 2}), cache.pull()]")).to.deep.equal([
      500_000_000_000_001,
      [500_000_000_000_000, { job: 1 }],
    ]);
    expect(cache.pull()).to.deep.equal({
      key: 500_000_000_000_001,
      value: { job: 2 },
      expireTime: undefined,
      tag: undefined,
    });
    expect(cache.check()).to.deep.equal([]);
  });
});

/** What JSON cannot say is no matter for finding half surrogates. */
function jsonSafe(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
