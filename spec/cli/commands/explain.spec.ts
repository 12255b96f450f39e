import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { getDiskCacher, invalidate, record, untag } from 'stowage';
import { parseRecord, type EntryRecord } from '#lib/store/record/record.js';
import { tagIn } from '../../support/analyses/analysis.js';
import { changeRecord } from '../../support/values/change-record.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { reducedNight } from '../../support/analyses/reduced-night.js';
import { Night } from '../../support/analyses/reduction.js';

interface Explained {
  verdict: string;
  reasons: string[];
  notes: string[];
  madeOf: { kind: string; name: string; state: string }[];
}

describe('stowage explain', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;
  let night: Night;
  let darkFile: string;
  const explain = async (text: string): Promise<Explained> => stowageJson<Explained>(['explain', text], { env });
  const change = (stem: string, fields: Partial<EntryRecord>): void => {
    changeRecord(`${stem}.json`, () => fields);
  };

  beforeEach(() => {
    ({ tmpdir, darkFile, night } = reducedNight());
    env = { STOWAGE_TMPDIR: tmpdir };
  });

  it('of what holds names what it was made of', async () => {
    const explained = await explain('night/root.Night.summary');
    expect(explained).to.deep.include({ verdict: 'holds', reasons: [] });
    expect(explained.madeOf.map(({ kind, name, state }) => [kind, name, state])).to.deep.equal([
      ['result', 'root.camera.Camera.total', 'same'],
      ['result', 'root.camera.Camera.binned', 'same'],
    ]);
    const { code, stdout } = await stowage(['explain', 'root.Night.summary'], { env });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^night\/root\.Night\.summary\nholds, as far as the records tell\n/);
  });

  it('says that a file changed, or is gone', async () => {
    expect((await explain('root.camera.Camera.dark')).verdict).to.equal('holds');
    writeFileSync(darkFile, '18');
    expect((await explain('root.camera.Camera.dark')).reasons).to.deep.equal([`${darkFile}: its content is another`]);
    rmSync(darkFile);
    const { code } = await stowage(['explain', 'root.camera.Camera.dark'], { env });
    expect(code).to.equal(1);
  });

  const upstream = 'root.camera.Camera.total: it is stale: root.camera.Camera.frames: ';
  const changes: [what: string, change: () => unknown, reason: string][] = [
    [
      'was invalidated',
      () => {
        invalidate(night.camera, 'frames');
      },
      `${upstream}it was invalidated by hand, and not computed again since`,
    ],
    [
      'has another value',
      () => {
        change(getDiskCacher(night.camera, 'frames').fullpath(), { digest: 'another' });
      },
      `${upstream}it has another value`,
    ],
    [
      'is of a later generation',
      () => {
        change(getDiskCacher(night.camera, 'frames').fullpath(), { generation: 7 });
      },
      `${upstream}it was invalidated since`,
    ],
    [
      'was forgotten',
      async () => stowage(['clear', 'night/root.camera.Camera.frames', '-y'], { env }),
      `${upstream}it is no longer stored`,
    ],
    [
      'has expired',
      () => {
        change(getDiskCacher(night.camera, 'frames').fullpath(), { expiresAt: 1 });
      },
      `${upstream}its lifetime is over`,
    ],
  ];
  for (const [what, act, reason] of changes) {
    it(`finds through any depth that something ${what}`, async () => {
      await act();
      const { verdict, reasons } = await explain('root.Night.summary');
      expect(verdict).to.equal('stale');
      expect(reasons[0]).to.equal(reason);
    });
  }

  it('of a pruned upstream says nothing, since what was made of it holds', async () => {
    await stowage(['prune', 'night/root.camera.*', '-y'], { env });
    expect(await explain('root.Night.summary')).to.deep.include({ verdict: 'holds', reasons: [] });
    expect((await explain('root.camera.Camera.frames')).notes.join()).to.include('its data was removed on');
  });

  it('is not led in circles', async () => {
    const stem = getDiskCacher(night.camera, 'frames').fullpath();
    const total = parseRecord(readFileSync(`${getDiskCacher(night.camera, 'total').fullpath()}.json`, 'utf8'));
    if (total === undefined) throw new Error('no record');
    const { identity: call, digest, generation } = total;
    change(stem, { trace: [{ call, digest, generation }] });
    expect((await explain('root.Night.summary')).reasons[0]).to.include('it is made of itself');
  });

  it('does not follow records out of the folder of tags', async () => {
    const stem = getDiskCacher(night.camera, 'frames').fullpath();
    const record = parseRecord(readFileSync(`${stem}.json`, 'utf8'));
    if (record === undefined) throw new Error('no record');
    const call = { ...record.identity, tag: '/../../etc' };
    change(stem, {
      trace: [
        { call, digest: '', generation: 0 },
        { file: '/dev/zero', bytes: 0, mtimeNs: '0', checksum: 'x' },
      ],
    });
    expect((await explain('root.camera.Camera.frames')).reasons).to.deep.equal([
      'root.camera.Camera.frames: it is no longer stored',
      '/dev/zero: its content is another',
    ]);
    expect((await stowage(['lineage', 'night/root.camera.Camera.frames'], { env })).code).to.equal(0);
  });

  it('says that the latest result of the method was computed by other code', async () => {
    const later = tagIn(tmpdir, new Night(), 'later');
    later.camera.frames();
    const codeSeen = record(later.camera, 'frames')?.codeSeen;
    if (codeSeen === undefined) throw new Error('its code was not looked at');
    const gain = { name: 'GAIN', kind: 'constant' as const, digest: '', value: '4' };
    change(getDiskCacher(later.camera, 'frames').fullpath(), {
      codeSeen: { ...codeSeen, digest: 'another', parts: [...codeSeen.parts, gain] },
    });
    untag(later);
    expect((await explain('night/root.camera.Camera.frames')).notes.join()).to.include(
      'computed by other code: constant GAIN is new',
    );
    expect((await explain('later/root.camera.Camera.frames')).notes.join()).to.not.include('computed by other code');
  });

  it('of what is damaged says so', async () => {
    writeFileSync(`${getDiskCacher(night, 'summary').fullpath()}.json`, '{\n  "format": 1');
    expect(await explain('root.Night.summary')).to.deep.include({
      verdict: 'unusable',
      reasons: ['the record is not what was written'],
    });
    rmSync(`${getDiskCacher(night.camera, 'frames').fullpath()}.npy`);
    expect((await explain('root.camera.Camera.frames')).verdict).to.equal('unusable');
  });
});
