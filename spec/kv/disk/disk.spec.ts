import { expect } from 'chai';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Cache, Disk, JSONDisk, Mode, type DiskKey, type DiskOptions, type StoredValue } from 'stowage/kv';
import { expectSame } from '../../support/values/same-value.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { valueFiles } from '../../support/values/value-files.js';

/** Lengths around the smallest that has a file. */
const LENGTHS = [0, 1, 32_767, 32_768, 70_000];

const VALUES: unknown[] = [
  ...LENGTHS.flatMap((length) => [
    'x'.repeat(length),
    'é\u{1F52D}'.repeat(length / 4),
    Buffer.alloc(length, 200),
    new Uint8Array(length),
  ]),
  ...LENGTHS.map((length) => `${'x'.repeat(length)}\r\n\r`),
  'nul\0nul',
  '\0',
  '\ud800',
  `${'y'.repeat(40_000)}\udfff`,
  '\ufeffmark',
  `\ufeff${'z'.repeat(40_000)}`,
  0,
  -0,
  1,
  -1,
  0.1,
  NaN,
  Infinity,
  -Infinity,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e300,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  2n ** 53n,
  -(2n ** 53n),
  2n ** 63n - 1n,
  -(2n ** 63n),
  2n ** 63n,
  -(2n ** 63n) - 1n,
  2n ** 200n,
  null,
  true,
  false,
  undefined,
  [],
  {},
  [1, [2, [null, 'x']]],
  { a: { b: [true] }, 'ключ': '\0' },
  new Set([1, 'two']),
  new Map([[1, { a: 2 }]]),
  new Date(0),
  new Float64Array([1.5, NaN, -0]),
  new Int32Array([1, -1]),
  new BigInt64Array([2n ** 62n]),
  new Float32Array(20_000).fill(0.5),
  ndarray(new Float64Array([1, 2, 3, 4, 5, 6]), [2, 3]),
];

describe('Disk', () => {
  let folder: string;
  let cache: Cache;

  beforeEach(() => {
    folder = temporaryFolder();
    cache = new Cache(folder);
  });
  afterEach(() => {
    cache.close();
  });

  it('brings every kind of value back to the bit and the type', () => {
    for (const [index, value] of VALUES.entries()) cache.set(index, value);
    cache.close();
    for (const [index, value] of VALUES.entries()) expectSame(cache.get(index), value);
    expect(cache.check()).to.deep.equal([]);
  });

  it('stores empty bytes that it has read itself, as a value and as a key', () => {
    cache.set('a', Buffer.alloc(0));
    cache.set('b', cache.get('a'));
    cache.set(cache.get('a'), 'found');
    expectSame(cache.get('b'), Buffer.alloc(0));
    expect(cache.get(Buffer.alloc(0))).to.equal('found');
  });

  it('brings any plain data back', () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
        fc.constantFrom(null, true, false, undefined),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(plain, fc.constantFrom(0, 10, 2 ** 15), (value, minFileSize) => {
        cache.reset('diskMinFileSize', minFileSize, { update: false });
        cache.set('key', value);
        expectSame(cache.get('key'), value);
      }),
    );
  });

  it('gives an integer back as a number where a number holds it', () => {
    cache.set('five', 5n);
    cache.set('large', 2n ** 60n);
    expect(cache.get('five')).to.equal(5);
    expect(cache.get('large')).to.deep.equal(2n ** 60n);
  });

  it('finds keys of every kind, each its own', () => {
    const keys: unknown[] = [
      'a',
      '',
      'nul\0',
      'nul\0nul',
      '\ud800',
      '\udfff',
      '1',
      1,
      1.5,
      -1,
      2 ** 60,
      2n ** 61n,
      2n ** 70n,
      Infinity,
      -Infinity,
      Buffer.from('a'),
      Buffer.alloc(0),
      null,
      true,
      false,
      ['a'],
      [1],
      ['1'],
      [['a', 1], null],
      { a: 1 },
    ];
    for (const [index, key] of keys.entries()) cache.set(key, index);
    expect(keys.map((key) => cache.get(key))).to.deep.equal([...keys.keys()]);
    expect([...cache.keys()]).to.deep.equal(keys.map((key) => (key === 2n ** 60n ? Number(key) : key)));
    expect([...cache.keysSorted()]).to.have.lengthOf(keys.length);
    cache.close();
    expect([...cache.values()]).to.deep.equal([...keys.keys()]);
  });

  it('takes 0 and -0, and a Uint8Array and a Buffer, for one key', () => {
    cache.set(-0, 'zero');
    cache.set(new Uint8Array([1]), 'bytes');
    expect(cache.get(0)).to.equal('zero');
    expect(cache.get(Buffer.from([1]))).to.equal('bytes');
    expect(Object.is([...cache.keys()][0], 0)).to.equal(true);
  });

  it('hashes keys as python-diskcache does', () => {
    const disk = new Disk(folder);
    const hashes = ['', 'key', 'é', 0, 7, -1, 2 ** 40, 1.5, Buffer.from('key')].map((key) => disk.hash(key));
    // From diskcache.Disk.hash of the same keys.
    expect(hashes).to.deep.equal([1, 42402122, 36766061, 0, 7, 4294967294, 256, 147325240, 42402122]);
  });

  it('takes a file of the wrong length, or none, for a miss, and removes nothing', () => {
    cache.set('cut', Buffer.alloc(40_000));
    cache.set('lost', Buffer.alloc(40_000));
    const [cut, lost] = valueFiles(folder);
    truncateSync(join(folder, String(cut)), 100);
    unlinkSync(join(folder, String(lost)));
    expect(cache.get('cut', 'miss')).to.equal('miss');
    expect(cache.get('lost', 'miss')).to.equal('miss');
    expect(cache.read('cut')).to.equal(undefined);
    expect(cache.read('lost')).to.equal(undefined);
    expect([...cache.entries()]).to.deep.equal([]);
    expect(cache.size).to.equal(2);
    expect(cache.peekItem()).to.equal(undefined);
  });

  it('can be derived from', () => {
    class Shouting extends Disk {
      readonly mark: string;
      constructor(directory: string, options: DiskOptions & { mark?: string }) {
        super(directory, options);
        this.mark = options.mark ?? '!';
      }
      override put(key: unknown): DiskKey {
        return super.put(String(key).toUpperCase());
      }
      override store(value: unknown, key?: unknown): StoredValue {
        return super.store(`${String(value)}${this.mark}`, key);
      }
    }
    using loud = new Cache(temporaryFolder(), { disk: Shouting, diskMark: '?' });
    loud.set('a', 'hello');
    expect(loud.get('A')).to.equal('hello?');
    expect(loud.disk).to.deep.equal(loud.disk);
    expect([...loud.keys()]).to.deep.equal(['A']);
    expect(loud.disk).to.be.instanceOf(Shouting);
  });

  it('does not overwrite a file that is there, nor remove it', () => {
    class Named extends Disk {
      override filename(): string {
        return 'same.val';
      }
    }
    using named = new Cache(temporaryFolder(), { disk: Named });
    named.set('a', Buffer.alloc(40_000, 1));
    expect(() => named.set('b', Buffer.alloc(40_000, 2))).to.throw(/EEXIST/);
    expect(named.get('a')).to.deep.equal(Buffer.alloc(40_000, 1));
  });

  it('refuses a mode that it does not know', () => {
    expect(() => new Disk(folder).fetch({ size: 0, mode: 9, filename: null, value: 'x' })).to.throw(/mode 9/);
    expect(Object.values(Mode)).to.deep.equal([0, 1, 2, 3, 4]);
  });
});

describe('JSONDisk', () => {
  const values = [
    null,
    true,
    1,
    -0,
    0.1,
    1e300,
    2 ** 53,
    NaN,
    -Infinity,
    2n ** 70n,
    'x\0\ud800é',
    'y'.repeat(100_000),
    [1, [2]],
    { a: { b: [] } },
  ];

  it("brings JSON back, Python's NaN and long integers included", () => {
    using cache = new Cache(temporaryFolder(), { disk: JSONDisk, diskCompressLevel: 6 });
    for (const [index, value] of values.entries()) cache.set({ index }, value);
    expect([...cache.keys()]).to.deep.equal([...values.keys()].map((index) => ({ index })));
    for (const [index, value] of values.entries()) expectSame(cache.get({ index }), value);
    expect(cache.check()).to.deep.equal([]);
    expect(cache.settings.diskCompressLevel).to.equal(6);
  });

  it('refuses what JSON does not bring back, and says where it is', () => {
    using cache = new Cache(temporaryFolder(), { disk: JSONDisk });
    const circle: unknown[] = [];
    circle.push(circle);
    for (const value of [
      undefined,
      [undefined],
      new Date(),
      Buffer.from('x'),
      new Map(),
      circle,
      new Array(2),
      {
        f() {
          return 1;
        },
      },
    ]) {
      expect(() => cache.set('a', value))
        .to.throw()
        .with.property('code', 'STOWAGE_UNCACHEABLE_VALUE');
    }
    expect(() => cache.set('a', { fit: [1, new Date()] })).to.throw(/value\["fit"\]\["1"\]/);
    expect(cache.size).to.equal(0);
  });

  it('has queues, whose keys are as they are', () => {
    using cache = new Cache(temporaryFolder(), { disk: JSONDisk });
    cache.push({ job: 1 });
    expect(cache.peekItem()).to.deep.include({ key: 500_000_000_000_000, value: { job: 1 } });
    expect(cache.pull()?.value).to.deep.equal({ job: 1 });
  });

  it('says so where the folder was written by another disk', () => {
    const folder = temporaryFolder();
    using plain = new Cache(folder);
    using cache = new Cache(folder, { disk: JSONDisk });
    plain.push(1);
    plain.push(Buffer.from('x'));
    expect(() => cache.pull()).to.throw(/Disk/);
    expect(() => cache.pull({ side: 'back' })).to.throw(/Disk/);
    expect(plain.size).to.equal(2);
    expect(() => new Cache(temporaryFolder(), { disk: JSONDisk, diskCompressLevel: 12 }).size).to.throw(
      /diskCompressLevel/,
    );
  });
});
