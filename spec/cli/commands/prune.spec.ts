import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configure, getDiskCacher, untag, verify } from 'stowage';
import { formatRecord, parseRecord, type EntryRecord } from '#lib/store/record/record.js';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { changeRecord } from '../../support/values/change-record.js';
import { ended, startStowage, stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Pruned {
  dryRun: boolean;
  removed: string[];
  bytes: number;
}

describe('stowage prune', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;
  let night: Night;

  const stemOf = (name: string, ...args: unknown[]): string => getDiskCacher(night.camera, name).fullpath(...args);
  const change = (name: string, args: unknown[], fields: Partial<EntryRecord>): void => {
    changeRecord(`${stemOf(name, ...args)}.json`, () => fields);
  };
  const rehearse = async (...argv: string[]): Promise<string[]> => {
    const { removed } = await stowageJson<Pruned>(['prune', '--dry-run', ...argv], { env });
    return removed
      .map((name) => name.replace(/^night\/root\.(?:camera\.)?\w+\./, '').replace(/\/[0-9a-f]{12}$/, ''))
      .sort();
  };

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
    night = tagIn(tmpdir, new Night());
    night.summary();
  });

  it('removes the data and leaves every result that was made of it a hit', async () => {
    const { code, stdout } = await stowage(['prune', 'night/root.camera.*', '--yes'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^gone: 2 entries, 9\.06 kB, which took /);
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(false);
    expect(existsSync(`${stemOf('frames')}.json`)).to.equal(true);
    untag(night);
    night = tagIn(tmpdir, new Night());
    const events = listen('stale', 'corrupt', 'miss');
    expect(night.summary().get('total')).to.equal(499_500);
    expect(night.camera.total()).to.equal(499_500);
    expect(night.camera.ran).to.deep.equal([]);
    expect(events).to.deep.equal([]);
    expect((await verify(join(tmpdir, 'cachenight'))).findings).to.deep.equal([]);
    expect((await stowage(['ls'], { env })).stdout).to.match(/PRUNED.*\nnight +4 +2 /);
  });

  it('with --forget removes the records, too', async () => {
    await stowage(['prune', 'night/root.camera.*', '--forget', '--yes'], { env });
    expect(existsSync(`${stemOf('frames')}.json`)).to.equal(false);
    expect(readdirSync(join(tmpdir, 'cachenight')).sort()).to.deep.equal([
      'CACHEDIR.TAG',
      'root.Night.summary.json',
      'root.Night.summary.v8',
    ]);
  });

  it('--forget takes values that live in their records, and what was pruned before', async () => {
    await stowage(['prune', 'night/root.camera.Camera.frames', '--yes'], { env });
    expect(await rehearse('night')).to.deep.equal(['binned', 'summary']);
    expect(await rehearse('night', '--forget')).to.deep.equal(['binned', 'frames', 'summary', 'total']);
  });

  it('by age takes what was computed longer ago', async () => {
    change('frames', [], { computedAt: Date.now() / 1000 - 40 * 86_400 });
    expect(await rehearse('--older-than', '30d')).to.deep.equal(['frames']);
    expect(await rehearse('--older-than', '50d')).to.deep.equal([]);
  });

  it('by use takes what no call has looked at for as long', async () => {
    const past = Date.now() / 1000 - 40 * 86_400;
    change('frames', [], { computedAt: past });
    expect(await rehearse('--unused-for', '30d')).to.deep.equal([]);
    utimesSync(`${stemOf('frames')}.json`, past, past);
    expect(await rehearse('--unused-for', '30d')).to.deep.equal(['frames']);
    expect(await rehearse('--unused-for', '30d', '--older-than', '50d')).to.deep.equal([]);
  });

  it('by size takes what is cheapest to recompute per byte, and no more than needed', async () => {
    change('frames', [], { seconds: 1000 });
    change('binned', [10], { seconds: 1 });
    const summary = getDiskCacher(night, 'summary').fullpath();
    changeRecord(`${summary}.json`, () => ({ seconds: 0.001 }));
    const bytes = (stem: string, extension: string): number => readFileSync(`${stem}.${extension}`).length;
    const sizes = {
      frames: bytes(stemOf('frames'), 'npy'),
      binned: bytes(stemOf('binned', 10), 'npy'),
      summary: bytes(summary, 'v8'),
    };
    const all = sizes.frames + sizes.binned + sizes.summary;
    // A thousandth of a second for some bytes, a second for 900, and a thousand seconds for 8000: in this order they cost.
    expect(await rehearse('--max-size', `${String(all)}B`)).to.deep.equal([]);
    expect(await rehearse('--max-size', `${String(all - 1)}B`)).to.deep.equal(['summary']);
    expect(await rehearse('--max-size', `${String(all - sizes.summary - 1)}B`)).to.deep.equal(['binned', 'summary']);
    expect(await rehearse('--max-size', '0')).to.deep.equal(['binned', 'frames', 'summary']);
  });

  it('by size does not take what another program computed, since nobody knows at what cost', async () => {
    change('frames', [], { adopted: true, seconds: 0 });
    expect(await rehearse('--max-size', '0')).to.deep.equal(['binned', 'summary']);
    expect(await rehearse('night/root.camera.Camera.frames')).to.deep.equal(['frames']);
  });

  it('never takes what somebody put into a bucket or a managed cache, and results of functions only with their records', async () => {
    const path = `${stemOf('frames')}.json`;
    for (const rootClass of ['Bucket', 'CacheManager', 'persist']) {
      changeRecord(path, ({ identity }) => ({ identity: { ...identity, rootClass, name: 'frames' } }));
      expect(await rehearse('night')).to.deep.equal(['binned', 'summary']);
      expect(await rehearse('night', '--forget')).to.deep.equal([
        ...['binned', ...(rootClass === 'persist' ? ['frames'] : [])],
        'summary',
        'total',
      ]);
    }
  });

  it('by code takes what was computed by other code than the latest result of its method, in whatever tag', async () => {
    expect(await rehearse('--code')).to.deep.equal([]);
    const later = tagIn(tmpdir, new Night(), 'later');
    later.camera.frames();
    later.camera.binned(10);
    changeRecord(`${getDiskCacher(later.camera, 'frames').fullpath()}.json`, ({ codeSeen }) => ({
      ...(codeSeen !== undefined && { codeSeen: { ...codeSeen, digest: 'another' } }),
    }));
    expect(await rehearse('--code')).to.deep.equal(['frames']);
    expect(await rehearse('night', '--code')).to.deep.equal(['frames']);
    expect(await rehearse('later', '--code')).to.deep.equal([]);
  });

  it('only says what it would do with --dry-run, without a question', async () => {
    const { code, stdout } = await stowage(['prune', 'night', '--dry-run'], { env });
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^night\/root\.Night\.summary$/m)
      .and.match(/^would go: 3 entries, /m);
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(true);
  });

  it('asks, and takes nothing but yes for a yes', async () => {
    for (const answer of ['', 'n', 'maybe', null]) {
      const { code, stdout, stderr } = await stowage(['prune', 'night'], { env, answer });
      expect(code).to.equal(1);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/Remove the data of 3 entries, .*\? \[y\/N\]/);
    }
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(true);
    expect((await stowage(['prune', 'night'], { env, answer: 'y' })).code).to.equal(0);
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(false);
  });

  it('refuses where nobody can be asked', async () => {
    const { code, stderr } = await stowage(['prune', 'night'], { env });
    expect(code).to.equal(2);
    expect(stderr).to.match(/without a terminal: add --yes.*\nUsage: stowage prune/);
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(true);
  });

  it('refuses where nothing may be written', async () => {
    configure({ readonly: true });
    try {
      for (const argv of [
        ['prune', 'night', '-y'],
        ['clear', 'night', '-y'],
        ['verify', '--repair'],
        ['adopt', 'night'],
      ]) {
        const { code, stderr } = await stowage(argv, { env });
        expect(code).to.equal(1);
        expect(stderr).to.deep.equal(stderr);
        expect(stderr).to.include('nothing may be written');
      }
      expect((await stowage(['prune', 'night', '--dry-run'], { env })).code).to.equal(0);
    } finally {
      configure({ readonly: false });
    }
  });

  it('leaves copies of other entries alone, whatever their records name', async () => {
    const record = parseRecord(readFileSync(`${stemOf('binned', 10)}.json`, 'utf8'));
    if (record === undefined) throw new Error('no record');
    writeFileSync(
      join(tmpdir, 'cachenight', 'root.evil.json'),
      formatRecord({ ...record, file: 'root.camera.Camera.frames.npy' }),
    );
    await stowage(['prune', 'night/root.evil', '-y'], { env });
    await stowage(['clear', 'night/root.evil', '-y'], { env });
    expect(existsSync(`${stemOf('frames')}.npy`)).to.equal(true);
  });

  it('that is interrupted has pruned some entries and left the others whole', async () => {
    const interruption = new AbortController();
    const signal = interruption.signal;
    interruption.abort();
    const { code, stdout } = await stowage(['prune', 'night', '-y'], { env, signal });
    expect(code).to.equal(130);
    expect(stdout).to.equal('gone: 0 entries, 0 B, which took 0 µs to compute\n');
    const report = await verify(join(tmpdir, 'cachenight'));
    expect(report).to.deep.include({ entries: 4, sound: 4, pruned: 0 });
  });

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`a process that ${signal} ends midway leaves nothing damaged, and nothing that was made of it stale`, async () => {
      for (let width = 11; width < 70; width++) night.camera.binned(width);
      const child = startStowage(['prune', 'night', '--yes', '--tmpdir', tmpdir]);
      const outcome = ended(child);
      const isPruned = (): boolean =>
        readdirSync(join(tmpdir, 'cachenight')).every((name) => name !== 'root.Night.summary.v8');
      while (!isPruned() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
      child.kill(signal);
      const { code, stdout } = await outcome;
      // A signal that comes when all is done ends the process like any other.
      expect(code).to.be.oneOf(signal === 'SIGINT' ? [130, 128, 0] : [128, 0]);
      if (code !== 128) expect(stdout).to.match(/^gone: \d+ entr/);
      const { problems } = await verify(join(tmpdir, 'cachenight'));
      expect({ ...problems, leftover: 0 }).to.deep.equal(
        Object.fromEntries(Object.keys(problems).map((problem) => [problem, 0])),
      );
      untag(night);
      night = tagIn(tmpdir, new Night());
      const events = listen('stale', 'corrupt');
      expect(night.summary().get('bins')).to.equal(100);
      expect(events).to.deep.equal([]);
    });
  }
});
