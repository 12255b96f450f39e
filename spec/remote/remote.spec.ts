import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import {
  adopt,
  cacheOnDisk,
  clearCache,
  flushRemote,
  invalidate,
  pull,
  push,
  setRemote,
  type RemoteOptions,
} from 'stowage';
import { filesIn, listen, tagIn } from '../support/analyses/analysis.js';
import { Night } from '../support/analyses/reduction.js';
import { LittleS3 } from '../support/services/little-s3.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KEY = 'a secret of enough letters';

class Spectrum {
  ran = 0;

  @cacheOnDisk
  flux(): Float64Array {
    this.ran++;
    return Float64Array.from({ length: 10_000 }, (_, i) => i);
  }

  @cacheOnDisk
  lines(): Map<string, number> {
    this.ran++;
    return new Map([['Ha', 656.28]]);
  }

  @cacheOnDisk
  async width(channel: number): Promise<number> {
    this.ran++;
    return Promise.resolve(channel / 2);
  }

  @cacheOnDisk({ lifetime: { hours: 1 } })
  seeing(): number {
    this.ran++;
    return 0.8;
  }
}

/** On another host: with a folder of its own. */
function spectrumAt(url: string, options: RemoteOptions = {}, tag = 'night'): Spectrum {
  const spectrum = tagIn(temporaryFolder(), new Spectrum(), tag);
  setRemote(spectrum, url, { key: KEY, ...options });
  return spectrum;
}

describe('a remote in a folder', () => {
  // What is on its way would come into folders that are being removed.
  afterEach(flushRemote);

  let share: string;
  let url: string;
  const objects = (): string[] => filesIn(share);

  beforeEach(() => {
    share = temporaryFolder();
    url = `file://${share}`;
  });

  it('gives what another has computed, to the bit', async () => {
    const there = spectrumAt(url);
    const flux = there.flux();
    const lines = there.lines();
    await there.width(3);
    await flushRemote();
    const here = spectrumAt(url);
    expect(here.flux()).to.deep.equal(flux);
    expect(here.lines()).to.deep.equal(lines);
    expect(await here.width(3)).to.equal(1.5);
    expect(here.ran).to.equal(0);
  });

  it('is asked where the folder here has nothing, and says so', async () => {
    spectrumAt(url).flux();
    await flushRemote();
    const here = spectrumAt(url);
    const events = listen('hit', 'miss', 'store');
    here.flux();
    expect(events.map(({ type, reason }) => [type, reason])).to.deep.equal([['hit', 'remote']]);
  });

  it('keeps small data in the record, and large data once for all equal results', async () => {
    const there = spectrumAt(url);
    there.flux();
    there.lines();
    const other = spectrumAt(url, {}, 'other');
    other.flux();
    await flushRemote();
    const names = objects();
    expect(names.filter((name) => name.startsWith('records/'))).to.have.length(3);
    expect(names.filter((name) => name.startsWith('data/'))).to.have.length(1);
    expect(names.find((name) => name.startsWith('data/'))).to.match(/\.npy$/);
  });

  it('brings what a result was made of as a record alone, and asks it whether the result holds', async () => {
    const there = tagIn(temporaryFolder(), new Night());
    setRemote(there, url, { key: KEY });
    there.summary();
    await flushRemote();
    const tmpdir = temporaryFolder();
    const here = tagIn(tmpdir, new Night());
    setRemote(here, url, { key: KEY });
    here.summary();
    expect(here.camera.ran).to.deep.equal([]);
    expect(filesIn(tmpdir)).to.include('cachenight/root.camera.Camera.frames.json');
    expect(filesIn(tmpdir)).not.to.include('cachenight/root.camera.Camera.frames.npy');
  });

  it('is not believed where a file that a result was made of is another one here', async () => {
    const nightWith = (dark: string): Night => {
      const tmpdir = temporaryFolder();
      writeFileSync(join(tmpdir, 'dark'), dark);
      const night = tagIn(tmpdir, new Night(join(tmpdir, 'dark')));
      setRemote(night, url, { key: KEY });
      return night;
    };
    nightWith('12').camera.dark();
    await flushRemote();
    const stale = listen('stale');
    const same = nightWith('12');
    expect([same.camera.dark(), same.camera.ran]).to.deep.equal([12, []]);
    const other = nightWith('13');
    expect([other.camera.dark(), other.camera.ran]).to.deep.equal([13, ['dark']]);
    expect(stale[0]?.file).to.match(/^file:.*\/records\/cachenight\//);
  });

  it('gives no result that was invalidated here, and gives the one that was computed then', async () => {
    const there = spectrumAt(url);
    there.flux();
    await flushRemote();
    invalidate(there, 'flux');
    there.flux();
    expect(there.ran).to.equal(2);
    await flushRemote();
    const here = spectrumAt(url);
    here.flux();
    expect(here.ran).to.equal(0);
    const [record] = readdirSync(join(share, 'records/cachenight')).flatMap((each) =>
      readdirSync(join(share, 'records/cachenight', each)),
    );
    expect(record).to.match(/^0-/);
  });

  it('gives no result whose lifetime is over, and takes the new one in its place', async () => {
    const there = spectrumAt(url);
    there.seeing();
    await flushRemote();
    const [name = ''] = objects();
    const before = readFileSync(join(share, name));
    const RealNow = Date.now;
    try {
      Date.now = () => RealNow() + 3_700_000;
      const here = spectrumAt(url);
      here.seeing();
      expect(here.ran).to.equal(1);
      await flushRemote();
    } finally {
      Date.now = RealNow;
    }
    expect(objects()).to.deep.equal([name]);
    expect(readFileSync(join(share, name)).equals(before)).to.equal(false);
  });

  it('that is only read gets nothing', async () => {
    const here = spectrumAt(url, { mode: 'read' });
    here.flux();
    await flushRemote();
    expect(existsSync(join(share, 'records'))).to.equal(false);
    let message = '';
    await push(here).catch((error: unknown) => (message = String(error)));
    expect(message).to.include("mode: 'read-write'");
  });

  it('is filled and read by push and pull, which can be repeated', async () => {
    const tmpdir = temporaryFolder();
    const there = tagIn(tmpdir, new Spectrum());
    there.flux();
    there.lines();
    setRemote(there, url, { key: KEY });
    expect(await push(there)).to.deep.equal({
      pushed: 2,
      present: 0,
      skipped: 0,
      bytes: 80_128 + bytesOfLines(tmpdir),
    });
    expect(await push(there)).to.include({ pushed: 0, present: 2 });
    const here = spectrumAt(url);
    const progress: number[] = [];
    const report = await pull(here, { onProgress: ({ done }) => progress.push(done) });
    expect(report).to.include({ pulled: 2, present: 0 });
    expect(progress).to.deep.equal([1, 2]);
    expect(await pull(here)).to.include({ pulled: 0, present: 2 });
    setRemote(here, false);
    here.flux();
    here.lines();
    expect(here.ran).to.equal(0);
  });

  it('takes nothing from what another program has computed here', async () => {
    const there = spectrumAt(url);
    there.flux();
    await flushRemote();
    const tmpdir = temporaryFolder();
    const here = tagIn(tmpdir, new Spectrum());
    here.flux().fill(7);
    const file = join(tmpdir, 'cachenight', 'root.Spectrum.flux.npy');
    const own = readFileSync(file).fill(0, 200);
    rmSync(join(tmpdir, 'cachenight'), { recursive: true });
    mkdirSync(join(tmpdir, 'cachenight'));
    writeFileSync(file, own);
    await adopt(here);
    setRemote(here, url, { key: KEY });
    expect(await pull(here)).to.include({ pulled: 0, present: 1 });
    expect(readFileSync(file).equals(own)).to.equal(true);
  });

  it('is that of a root, and not of what it reaches', () => {
    const night = tagIn(temporaryFolder(), new Night());
    expect(() => {
      setRemote(night.camera, url);
    }).to.throw('setRemote concerns a root');
  });

  it('is not asked where none is set for a root', async () => {
    const there = spectrumAt(url);
    there.flux();
    await flushRemote();
    const here = tagIn(temporaryFolder(), new Spectrum());
    here.flux();
    expect(here.ran).to.equal(1);
  });

  it('gives back what was cleared here', async () => {
    const there = spectrumAt(url);
    there.flux();
    await flushRemote();
    clearCache(there);
    there.flux();
    expect(there.ran).to.equal(1);
  });

  describe('that somebody else writes to, too', () => {
    const recordFile = (): string => join(share, objects().find((name) => name.startsWith('records/')) ?? '');
    const refusals = (work: (here: Spectrum) => unknown, options?: RemoteOptions): [ran: number, reasons: string[]] => {
      const refused = listen('refused');
      const here = spectrumAt(url, { mode: 'read', ...options });
      work(here);
      return [here.ran, refused.map(({ reason }) => reason ?? '')];
    };

    beforeEach(async () => {
      spectrumAt(url).flux();
      await flushRemote();
    });

    it('refuses a record that was changed', () => {
      const text = readFileSync(recordFile(), 'utf8');
      writeFileSync(recordFile(), text.replace('"seconds', '"secones'));
      const [ran, [reason]] = refusals((here) => here.flux());
      expect([ran, reason]).to.deep.equal([
        1,
        'its signature is wrong: it was changed, or lay elsewhere, or has another key',
      ]);
    });

    it('refuses a record that ends too early', () => {
      writeFileSync(recordFile(), readFileSync(recordFile()).subarray(0, 400));
      expect(refusals((here) => here.flux())[0]).to.equal(1);
    });

    it('refuses the record of another result in its place', async () => {
      const other = spectrumAt(url, {}, 'other');
      other.flux();
      await flushRemote();
      const strange = objects().find((name) => name.includes('cacheother')) ?? '';
      writeFileSync(recordFile(), readFileSync(join(share, strange)));
      const [ran, reasons] = refusals((here) => here.flux());
      expect([ran, reasons]).to.deep.equal([
        1,
        ['its signature is wrong: it was changed, or lay elsewhere, or has another key'],
      ]);
    });

    it('refuses a record that nobody has signed', async () => {
      const unsigned = temporaryFolder();
      const spectrum = tagIn(temporaryFolder(), new Spectrum());
      setRemote(spectrum, `file://${unsigned}`);
      spectrum.flux();
      await flushRemote();
      const name = filesIn(unsigned).find((each) => each.startsWith('records/')) ?? '';
      expect(join(share, name)).to.equal(recordFile());
      writeFileSync(recordFile(), readFileSync(join(unsigned, name)));
      expect(refusals((here) => here.flux())).to.deep.equal([1, ['nobody has signed it']]);
    });

    it('refuses data of as many other bytes, and of fewer', () => {
      const file = join(share, objects().find((name) => name.startsWith('data/')) ?? '');
      const data = readFileSync(file);
      writeFileSync(file, Buffer.from(data).fill(1, 1000, 1001));
      expect(refusals((here) => here.flux())).to.deep.equal([
        1,
        ['its data is not what was pushed: its digest differs'],
      ]);
      writeFileSync(file, data.subarray(0, 500));
      expect(refusals((here) => here.flux())).to.deep.equal([
        1,
        [`its data has fewer bytes than ${String(data.length)}`],
      ]);
    });

    it('puts what it computes in the place of what it refused', async () => {
      writeFileSync(recordFile(), 'nonsense');
      refusals((here) => here.flux(), { mode: 'read-write' });
      await flushRemote();
      expect(refusals((here) => here.flux())).to.deep.equal([0, []]);
    });

    it('refuses a result that is older than one that was invalidated here', async () => {
      const there = spectrumAt(url);
      there.flux();
      await flushRemote();
      const refused = listen('refused');
      invalidate(there, 'flux');
      there.flux();
      expect([there.ran, refused.map(({ reason }) => reason)]).to.deep.equal([
        1,
        ['it is older than what was invalidated here'],
      ]);
    });

    it('takes arrays without a key, and no blobs', async () => {
      const there = spectrumAt(url);
      there.lines();
      await flushRemote();
      expect(refusals((here) => here.flux(), { key: undefined } as unknown as RemoteOptions)).to.deep.equal([0, []]);
      expect(refusals((here) => here.lines(), { key: undefined } as unknown as RemoteOptions)).to.deep.equal([
        1,
        ['there is no key to check who pushed it'],
      ]);
    });

    it('is read with a public key alone by those who trust who signs', async () => {
      const pair = generateKeyPairSync('ed25519', {
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      });
      const shared = `file://${temporaryFolder()}`;
      const signs = spectrumAt(shared, { key: pair.privateKey });
      signs.lines();
      await flushRemote();
      const trusts = spectrumAt(shared, { key: pair.publicKey });
      trusts.lines();
      expect(trusts.ran).to.equal(0);
      const refused = listen('refused');
      const other = generateKeyPairSync('ed25519', {
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      const distrusts = spectrumAt(shared, { key: { trust: [other.publicKey] } });
      distrusts.lines();
      expect([distrusts.ran, refused.length]).to.deep.equal([1, 1]);
    });
  });
});

function bytesOfLines(tmpdir: string): number {
  return statSync(join(tmpdir, 'cachenight', 'root.Spectrum.lines.v8')).size;
}

describe('a remote in a bucket', () => {
  let server: LittleS3;
  const url = 's3://our-results/survey';
  const at = (options: RemoteOptions = {}, tag?: string): Spectrum =>
    spectrumAt(url, { ...server.options, ...options }, tag);

  beforeEach(async () => {
    server = await LittleS3.start();
  });

  afterEach(async () => {
    await flushRemote();
    await server.stop();
  });

  const verbs = async (): Promise<string> => (await server.seen()).map((line) => line.split(' ')[0]).join(' ');

  it('costs a hit nothing, a tag one list, a result one or two readings, and a push one or two', async () => {
    await server.behave({ page: 1000 });
    const there = at();
    there.lines();
    await flushRemote();
    expect(await server.seen()).to.satisfy(
      (seen: string[]) => seen.length === 2 && seen[1]?.startsWith('PUT') === true,
    );
    there.flux();
    await flushRemote();
    expect(await verbs()).to.equal('PUT PUT');
    there.flux();
    expect(await verbs()).to.equal('');
    const here = at({ mode: 'read' });
    here.lines();
    expect((await server.seen()).map((line) => line.replace(/[0-9a-f]{64}.*/, ''))).to.deep.equal([
      'GET ?survey/records/cachenight/',
      'GET survey/records/cachenight/',
    ]);
    here.flux();
    expect(await verbs()).to.equal('GET GET');
    here.seeing();
    expect(await verbs()).to.equal('');
    expect(here.ran).to.equal(1);
  });

  it('is read in pages', async () => {
    const there = at();
    for (let channel = 0; channel < 8; channel++) await there.width(channel);
    await flushRemote();
    const here = at();
    for (let channel = 0; channel < 8; channel++) await here.width(channel);
    expect(here.ran).to.equal(0);
  });

  it('need not know conditions: the last one wins, and what it gives is right', async () => {
    for (const conditions of [false, 'unknown'] as const) {
      await server.behave({ conditions });
      at({}, String(conditions)).flux();
      at({}, String(conditions)).flux();
      await flushRemote();
      const here = at({}, String(conditions));
      here.flux();
      expect(here.ran).to.equal(0);
    }
  });

  it('that says no, or breaks off, or is not there, is a miss and one event', async () => {
    const cases: [name: string, reason: string, begin: () => Promise<unknown>][] = [
      ['503', '503', () => server.behave({ status: 503 })],
      ['403', '403', () => server.behave({ status: 403 })],
      ['nobody', 'ECONNREFUSED', () => Promise.resolve()],
    ];
    for (const [name, reason, begin] of cases) {
      await server.behave({});
      await begin();
      const faults = listen('fault');
      const options = name === 'nobody' ? { endpoint: 'http://127.0.0.1:1' } : {};
      const here = at({ ...options, region: name });
      here.flux();
      here.lines();
      await here.width(1);
      await flushRemote();
      expect([here.ran, faults.map((event) => event.reason)], name).to.deep.equal([3, [reason]]);
      expect(faults[0]?.error, name).to.have.property('code', 'STOWAGE_REMOTE');
    }
  });

  it('that does not answer costs one wait, and not one a call', async () => {
    await server.behave({ silent: true });
    const faults = listen('fault');
    const here = at({ timeout: 0.3 });
    const start = performance.now();
    here.flux();
    const first = performance.now() - start;
    for (let channel = 0; channel < 20; channel++) await here.width(channel);
    here.lines();
    expect(faults.map(({ reason }) => reason)).to.deep.equal(['ETIMEDOUT']);
    expect(first).to.be.greaterThan(290);
    // Twenty-one waits would be 6 s.
    expect(performance.now() - start).to.be.lessThan(5000);
  });

  it('whose answer ends in the middle gives nothing', async () => {
    const there = at();
    there.flux();
    await flushRemote();
    await server.behave({ cut: 100 });
    const here = at({ mode: 'read' });
    here.flux();
    expect(here.ran).to.equal(1);
  });

  it('is pushed to before a program ends, however it ends', async () => {
    const script = join(import.meta.dirname, '../support/children/remote-child.js');
    for (const end of ['return', 'exit', 'throw']) {
      try {
        execFileSync(
          process.execPath,
          ['--no-warnings', script, temporaryFolder(), url, JSON.stringify(server.options), end],
          {
            stdio: 'pipe',
          },
        );
      } catch (error) {
        if (end !== 'throw') throw error;
      }
      const names = Object.keys(await server.objects()).filter((name) => name.includes(`/cache${end}/`));
      expect(names, end).to.have.length(20);
    }
  });
});
