import { copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { explain, explainAll, getDiskCacher, invalidate, lineage, peek, record, untag, verify } from 'stowage';
import { claims } from '#lib/store/claim/claim.js';
import { placeOf } from '#lib/store/disk/place.js';
import { readSeal } from '#lib/store/record/record.js';
import { forgetDamaged, forgetEntry, pruneEntry, type SeenEntry } from '#lib/store/maintain/remove.js';
import { listen, tagIn } from '../../support/analyses/analysis.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('removing single entries', () => {
  let tmpdir: string;
  let night: Night;
  let stem: string;

  /** A process of tomorrow: nothing is in memory. */
  const tomorrow = (): Night => {
    untag(night);
    return (night = tagIn(tmpdir, new Night()));
  };
  const seen = (path = stem): SeenEntry => {
    const seal = readSeal(readFileSync(`${path}.json`, 'utf8'));
    return { folder: join(tmpdir, 'cachenight'), stem: path, ...(seal !== undefined && { seal }) };
  };

  beforeEach(() => {
    tmpdir = temporaryFolder();
    night = tagIn(tmpdir, new Night());
    night.summary();
    stem = getDiskCacher(night.camera, 'frames').fullpath();
  });

  it('of a pruned entry the record stays, and everything that was computed from it is a hit', () => {
    expect(pruneEntry(seen())).to.equal('removed');
    expect(existsSync(`${stem}.npy`)).to.equal(false);
    expect(existsSync(`${stem}.json`)).to.equal(true);
    const { camera } = tomorrow();
    const events = listen('stale', 'corrupt', 'miss');
    expect(camera.total()).to.equal(499_500);
    expect(camera.binned(10).length).to.equal(99 + 1);
    expect(night.summary().get('bins')).to.equal(100);
    expect(camera.ran).to.deep.equal([]);
    expect(events).to.deep.equal([]);
  });

  it('a pruned entry that is asked for is a miss without a fault, and its dependents hold after that', () => {
    const generation = record(night.camera, 'frames')?.generation;
    pruneEntry(seen());
    const { camera } = tomorrow();
    const events = listen('stale', 'corrupt', 'fault', 'miss');
    expect(camera.frames()[999]).to.equal(999);
    expect(events.map(({ type, reason }) => `${type}: ${reason ?? ''}`)).to.deep.equal(['miss: pruned']);
    expect(record(camera, 'frames')).to.not.have.property('pruned');
    expect(record(camera, 'frames')?.generation).to.equal(generation);
    tomorrow().summary();
    expect(night.camera.total()).to.equal(499_500);
    expect(night.camera.ran).to.deep.equal([]);
  });

  it('what was invalidated before it was pruned is still invalidated, and so is what was made of it', () => {
    invalidate(night.camera, 'frames');
    pruneEntry(seen());
    tomorrow().summary();
    expect(night.camera.ran).to.have.members(['frames', 'total', 'binned 10']);
  });

  it('what was forgotten is computed again, and what was made of it only if it comes out otherwise', () => {
    expect(forgetEntry(seen())).to.equal('removed');
    expect(existsSync(`${stem}.npy`)).to.equal(false);
    expect(existsSync(`${stem}.json`)).to.equal(false);
    tomorrow().summary();
    expect(night.camera.ran).to.deep.equal(['frames']);
  });

  it('verify finds a pruned entry sound, and counts it', async () => {
    pruneEntry(seen());
    const report = await verify(join(tmpdir, 'cachenight'), { repair: true });
    expect(report).to.deep.include({ entries: 4, sound: 4, pruned: 1, findings: [] });
    expect(existsSync(`${stem}.json`)).to.equal(true);
  });

  it('explain, explainAll, lineage and peek say so', async () => {
    pruneEntry(seen());
    const { camera } = tomorrow();
    expect(explain(camera, 'frames')).to.deep.include({ state: 'pruned', file: `${stem}.json` });
    expect(peek(camera, 'frames')).to.equal(undefined);
    expect((await explainAll(night)).find(({ method }) => method === 'Camera.frames')).to.include({ state: 'pruned' });
    expect(
      (await lineage(night)).nodes.find((node) => node.kind === 'entry' && node.method === 'Camera.frames'),
    ).to.include({ state: 'pruned' });
    expect(camera.ran).to.deep.equal([]);
  });

  it('data that is brought back is used again', () => {
    copyFileSync(`${stem}.npy`, join(tmpdir, 'backup'));
    pruneEntry(seen());
    copyFileSync(join(tmpdir, 'backup'), `${stem}.npy`);
    const { camera } = tomorrow();
    expect(camera.frames()[999]).to.equal(999);
    expect(camera.ran).to.deep.equal([]);
    expect(record(camera, 'frames')).to.not.have.property('pruned');
  });

  it('other data that is put in its place is not', () => {
    pruneEntry(seen());
    writeFileSync(`${stem}.npy`, 'something else');
    const { camera } = tomorrow();
    expect(camera.frames()[999]).to.equal(999);
    expect(camera.ran).to.deep.equal(['frames']);
  });

  it('one that was killed between record and data has done no harm, and pruning again ends it', () => {
    const { atime, mtime, ino } = statSync(`${stem}.npy`);
    renameSync(`${stem}.npy`, join(tmpdir, 'kept'));
    pruneEntry(seen());
    renameSync(join(tmpdir, 'kept'), `${stem}.npy`);
    expect(statSync(`${stem}.npy`)).to.deep.include({ ino, mtime, atime });
    expect(tomorrow().camera.frames()[999]).to.equal(999);
    expect(night.camera.ran).to.deep.equal([]);
    expect(pruneEntry(seen())).to.equal('removed');
    expect(existsSync(`${stem}.npy`)).to.equal(false);
  });

  it('a value that lives in its record stays', () => {
    const path = getDiskCacher(night.camera, 'total').fullpath();
    const before = readFileSync(`${path}.json`, 'utf8');
    expect(pruneEntry(seen(path))).to.equal('removed');
    expect(readFileSync(`${path}.json`, 'utf8')).to.equal(before);
  });

  for (const remove of [pruneEntry, forgetEntry]) {
    it(`${remove.name} leaves alone what has been computed again since it was seen`, () => {
      const before = seen();
      forgetEntry(before);
      tomorrow().camera.frames();
      expect(remove(before)).to.equal('changed');
      expect(existsSync(`${stem}.npy`)).to.equal(true);
    });

    it(`${remove.name} leaves alone what is just being computed`, () => {
      const identity = record(night.camera, 'frames')?.identity;
      if (identity === undefined) throw new Error('nothing was stored');
      const claim = claims.draft(placeOf(tmpdir, identity), identity);
      expect(claims.attempt(claim).kind).to.equal('mine');
      expect(remove(seen())).to.equal('in use');
      claim.release();
      expect(remove(seen())).to.equal('removed');
    });

    it(`${remove.name} leaves alone the copy of another tag's entry`, () => {
      const copy = join(dirname(stem), `copy-of-${basename(stem)}`);
      for (const extension of ['json', 'npy']) copyFileSync(`${stem}.${extension}`, `${copy}.${extension}`);
      expect(remove(seen(copy))).to.equal('changed');
      expect(existsSync(`${stem}.npy`)).to.equal(true);
    });
  }

  it('forgetDamaged removes a damaged record with its data, and none that is sound', () => {
    expect(forgetDamaged(seen())).to.equal('changed');
    const text = readFileSync(`${stem}.json`, 'utf8');
    writeFileSync(`${stem}.json`, text.replace('"<f8"', '"<f4"'));
    expect(forgetDamaged(seen())).to.equal('removed');
    expect(existsSync(`${stem}.npy`)).to.equal(false);
    expect(existsSync(`${stem}.json`)).to.equal(false);
  });
});
