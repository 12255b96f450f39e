import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket, deferredWrite, DeferredWriteBucket } from 'stowage/memo';
import { codeThrownBy, collected, filesIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const files = (path: string): number => (existsSync(path) ? filesIn(path).length : 0);

describe('a bucket with deferred writes', () => {
  it('writes nothing before it is synced, and everything then', () => {
    const bucket = new DeferredWriteBucket<string, unknown>(join(temporaryFolder(), 'later'));
    bucket.set('my key', 'this').set('array', Float64Array.of(1));
    expect(bucket.get('my key')).to.equal('this');
    expect(bucket.has('array')).to.equal(true);
    expect(bucket.size).to.equal(2);
    expect(files(bucket.folder)).to.equal(0);
    bucket.sync();
    expect(files(bucket.folder)).to.equal(4);
    bucket.set('new key', 'that').set('my key', 'other').delete('array');
    const seen = new Bucket<string, unknown>(bucket.folder);
    expect(seen.get('new key')).to.equal(undefined);
    expect(seen.get('my key')).to.equal('this');
    expect(seen.has('array')).to.equal(true);
    expect(bucket.get('my key')).to.equal('other');
    expect(bucket.has('array')).to.equal(false);
    expect(bucket.size).to.equal(2);
    bucket.sync();
    expect(seen.get('new key')).to.equal('that');
    expect(seen.get('my key')).to.equal('other');
    expect(seen.has('array')).to.equal(false);
    expect(seen.size).to.equal(2);
  });

  it('keeps values as they were when they were set', () => {
    const bucket = new DeferredWriteBucket<string, Float64Array>(temporaryFolder(), { codec: 'npy' });
    const value = Float64Array.of(1, 2);
    bucket.set('key', value);
    value[0] = 9;
    expect(bucket.get('key')).to.deep.equal(Float64Array.of(1, 2));
    bucket.sync();
    expect(new Bucket(bucket.folder, { codec: 'npy' }).get('key')).to.deep.equal(Float64Array.of(1, 2));
  });

  it('is synced by unloadKey', () => {
    const bucket = new DeferredWriteBucket<string, string>(temporaryFolder());
    bucket.set('my key', 'this').set('other', 'that');
    bucket.unloadKey('my key');
    expect(files(bucket.folder)).to.equal(4);
    expect(bucket.get('my key')).to.equal('this');
  });

  it('keeps the results of its functions until then, too', async () => {
    const bucket = new DeferredWriteBucket(temporaryFolder());
    let calls = 0;
    const add1 = bucket.wrap(async function add1(a: number) {
      await Promise.resolve();
      calls++;
      return a + 1;
    });
    expect(await add1(1)).to.equal(2);
    expect(await add1(1)).to.equal(2);
    expect(calls).to.equal(1);
    expect(files(bucket.folder)).to.equal(0);
    expect(await Promise.all([add1(2), add1(2)])).to.deep.equal([3, 3]);
    bucket.sync();
    expect(calls).to.equal(2);
    expect(files(bucket.folder)).to.equal(4);
  });

  it('clears what waits and what is there, when it is synced', () => {
    const bucket = new DeferredWriteBucket<string, number>(temporaryFolder());
    bucket.set('a', 1).sync();
    bucket.set('b', 2).clear();
    expect(bucket.size).to.equal(0);
    expect(files(bucket.folder)).to.equal(2);
    bucket.sync();
    expect(files(bucket.folder)).to.equal(0);
  });

  it('forgets what has expired before it was synced', () => {
    let time = 0;
    const bucket = new DeferredWriteBucket<string, number>(temporaryFolder(), {
      lifetime: 5,
      clock: { now: () => time },
    });
    bucket.set('a', 1);
    time = 6;
    bucket.sync();
    expect(bucket.get('a')).to.equal(undefined);
    expect(files(bucket.folder)).to.equal(0);
  });

  it('keeps what the disk refuses, says so, and writes it when it can', () => {
    const path = join(temporaryFolder(), 'bucket');
    const bucket = new DeferredWriteBucket<string, number>(path);
    bucket.set('a', 1).set('b', 2);
    writeFileSync(path, 'a file where the folder would be');
    expect(
      codeThrownBy(() => {
        bucket.sync();
      }),
    ).to.equal('STOWAGE_DISK');
    expect(codeThrownBy(() => new Bucket(path).set('a', 1))).to.equal('STOWAGE_DISK');
    expect(bucket.get('a')).to.equal(1);
    rmSync(path);
    bucket.sync();
    expect(new Bucket(path).get('a')).to.equal(1);
    expect(new Bucket(path).get('b')).to.equal(2);
  });
});

describe('deferredWrite', () => {
  it('writes all at the end, into the bucket that it was given', async () => {
    const bucket = new Bucket<string, number>(temporaryFolder(), { codec: 'json' });
    const answer = await deferredWrite(bucket, async (deferred) => {
      deferred.set('a', 1);
      await Promise.resolve();
      expect(deferred.get('a')).to.equal(1);
      expect(deferred.codec).to.equal('json');
      expect(bucket.get('a')).to.equal(undefined);
      expect(files(bucket.folder)).to.equal(0);
      return 'done';
    });
    expect(answer).to.equal('done');
    expect(bucket.get('a')).to.equal(1);
    expect(files(bucket.folder)).to.equal(1);
    expect(deferredWrite(bucket, (deferred) => deferred.set('b', 2).get('b'))).to.equal(2);
    expect(bucket.get('b')).to.equal(2);
  });

  it('writes what was set before an error, too, and throws it on', async () => {
    const bucket = new Bucket<string, number>(temporaryFolder());
    const failing = deferredWrite(bucket, async (deferred) => {
      deferred.set('a', 1);
      await Promise.reject(new Error('clouds'));
    });
    expect(await failing.catch(String)).to.equal('Error: clouds');
    expect(() => {
      deferredWrite(bucket, (deferred): void => {
        deferred.set('b', 2);
        throw new Error('clouds');
      });
    }).to.throw('clouds');
    expect(bucket.get('a')).to.equal(1);
    expect(bucket.get('b')).to.equal(2);
  });

  it('waits for whatever can be awaited', async () => {
    const bucket = new Bucket<string, number>(temporaryFolder());
    // As the queries of some packages are.
    const query = (deferred: DeferredWriteBucket<string, number>): unknown => ({
      then(resolve: (rows: string) => void) {
        setImmediate(() => {
          deferred.set('a', 1);
          resolve('rows');
        });
      },
    });
    const answer = await deferredWrite(bucket, query);
    expect(answer).to.equal('rows');
    expect(bucket.get('a')).to.equal(1);
  });

  it('lasts as long as a block that uses it', () => {
    const bucket = new Bucket<string, number>(temporaryFolder());
    {
      using deferred = deferredWrite(bucket);
      deferred.set('a', 1);
      expect(bucket.get('a')).to.equal(undefined);
    }
    expect(bucket.get('a')).to.equal(1);
  });

  it('may be within another', () => {
    const bucket = new Bucket<string, number>(temporaryFolder());
    deferredWrite(bucket, (outer) => {
      deferredWrite(outer, (inner) => inner.set('a', 1));
      expect(outer.get('a')).to.equal(1);
      expect(bucket.get('a')).to.equal(undefined);
    });
    expect(bucket.get('a')).to.equal(1);
  });
});

describe('a process that exits', () => {
  const run = (body: string): string => {
    const script = `import { DeferredWriteBucket } from 'stowage/memo';
      const bucket = new DeferredWriteBucket(${JSON.stringify(join(temporaryFolder(), 'later'))});
      bucket.set('a', 1).set('b', 2); ${body}`;
    return execFileSync(
      'sh',
      ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, '--expose-gc', '--input-type=module', '-e', script],
      {
        encoding: 'utf8',
        cwd: import.meta.dirname,
      },
    );
  };

  it('is warned of what was never synced, however it exits, and even where the bucket is gone', () => {
    for (const body of ['', 'process.exit(0);', 'setTimeout(() => {}, 1);']) {
      expect(run(body), body).to.include('STOWAGE_UNSYNCED').and.include('2 deferred writes');
    }
  });

  it('is not warned where all was synced, and is not listened to any more', () => {
    expect(
      run("console.log(process.listenerCount('exit')); bucket.sync(); console.log(process.listenerCount('exit'));"),
    )
      .to.match(/^(\d+)\n/)
      .and.not.include('STOWAGE');
    const before = process.listenerCount('exit');
    const buckets = Array.from({ length: 20 }, () => new DeferredWriteBucket<string, number>(temporaryFolder()));
    for (const bucket of buckets) bucket.set('a', 1);
    expect(process.listenerCount('exit')).to.equal(before + 1);
    for (const bucket of buckets) bucket.sync();
    expect(process.listenerCount('exit')).to.equal(before);
  });

  it('does not keep buckets alive for it', async () => {
    let gone = false;
    const registry = new FinalizationRegistry(() => (gone = true));
    (() => {
      const bucket = new DeferredWriteBucket<string, number>(temporaryFolder());
      registry.register(bucket, undefined);
      bucket.set('a', 1);
      bucket.sync();
      bucket.set('a', 2);
      bucket.sync();
    })();
    expect(await collected(() => gone)).to.equal(true);
  });
});
