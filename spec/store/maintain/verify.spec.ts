import fs, {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { configure, getDiskCacher, setPrefix, setTag, verify, type VerifyProblem, type VerifyReport } from 'stowage';
import { temporaryName } from '#lib/base/files/files.js';
import { thisThread } from '#lib/base/run/liveness.js';
import { Analysis, unprivileged } from '../../support/analyses/analysis-job.js';
import { filesIn, listen, tagIn } from '../../support/analyses/analysis.js';
import { changeRecord } from '../../support/values/change-record.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Changes one bit of a file and leaves its time as it was. */
function flip(path: string, position: number): void {
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
}

/** `file: problem`, by the last part of the file's name. */
function said({ findings }: VerifyReport): string[] {
  return findings.map(({ file, problem }) => `${basename(file)}: ${problem}`).sort();
}

describe('verify', () => {
  let tmpdir: string;
  let folder: string;
  let root: Analysis;
  const path = (name: string): string => join(folder, `root.Analysis.${name}`);

  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
    root = tagIn(tmpdir, new Analysis());
    root.array();
    root.small();
    root.blob();
    root.big();
    root.of(1);
    root.of(2);
  });

  it('finds nothing wrong with what was just stored', async () => {
    const bytes = filesIn(folder)
      .filter((name) => !name.endsWith('.json'))
      .reduce((total, name) => total + statSync(join(folder, name)).size, JSON.stringify({ x: 1 }).length);
    for (const report of [await verify(folder), await verify(root)]) {
      expect(report).to.deep.include({ folder, entries: 6, sound: 6, bytes, findings: [] });
      expect(new Set(Object.values(report.problems))).to.deep.equal(new Set([0]));
    }
  });

  const damages: [what: string, damage: () => void, problem: VerifyProblem, file: string][] = [
    [
      'a bit of a record',
      () => {
        flip(path('array.json'), 200);
      },
      'damaged record',
      'array.json',
    ],
    [
      'the end of a record',
      () => {
        truncateSync(path('array.json'), statSync(path('array.json')).size - 40);
      },
      'damaged record',
      'array.json',
    ],
    [
      'a bit of an array',
      () => {
        flip(path('array.npy'), 130);
      },
      'wrong checksum',
      'array.json',
    ],
    [
      'a bit of a large array',
      () => {
        flip(path('big.npy'), 1_000_000);
      },
      'wrong checksum',
      'big.json',
    ],
    [
      'the end of an array',
      () => {
        truncateSync(path('array.npy'), 100);
      },
      'wrong size',
      'array.json',
    ],
    [
      'the data of a blob',
      () => {
        rmSync(path('blob.v8'));
      },
      'missing data',
      'blob.json',
    ],
  ];
  for (const [what, damage, problem, file] of damages) {
    it(`names the entry that has lost ${what}, and removes it if it is asked to`, async () => {
      damage();
      const report = await verify(folder);
      expect(said(report)).to.deep.equal([`root.Analysis.${file}: ${problem}`]);
      expect(report).to.deep.include({ entries: 6, sound: 5 });
      expect(report.problems[problem]).to.equal(1);
      const before = filesIn(folder);
      expect(await verify(root)).to.deep.equal(report);
      expect(filesIn(folder)).to.deep.equal(before);

      const repaired = await verify(folder, { repair: true });
      expect(repaired.findings.map(({ removed }) => removed)).to.deep.equal([true]);
      expect(await verify(folder)).to.deep.include({ entries: 5, sound: 5, findings: [] });
      const method = file.slice(0, -'.json'.length) as 'array';
      const trouble = listen('corrupt', 'fault');
      const again = tagIn(tmpdir, new Analysis());
      again[method]();
      expect(again.ran).to.deep.equal([method]);
      expect(trouble).to.deep.equal([]);
      expect(filesIn(folder)).to.deep.equal(filesIn(folder).filter((name) => !name.includes('~')));
    });
  }

  it('keeps the data of a record of which so little is left that it does not say which', async () => {
    truncateSync(path('array.json'), 60);
    expect(said(await verify(folder, { repair: true }))).to.deep.equal([
      'root.Analysis.array.json: damaged record',
      'root.Analysis.array.npy: foreign',
    ]);
    expect(existsSync(path('array.json'))).to.equal(false);
    expect(existsSync(path('array.npy'))).to.equal(true);
  });

  it('names data that can be read by another process only, and keeps it', async () => {
    changeRecord(path('blob.json'), () => ({ codec: 'tiff' }));
    const report = await verify(folder, { repair: true });
    expect(said(report)).to.deep.equal(['root.Analysis.blob.json: unreadable']);
    expect(report.findings[0]?.removed).to.equal(undefined);
    expect(existsSync(path('blob.v8'))).to.equal(true);
  });

  it('names an entry of a later version, and keeps it', async () => {
    changeRecord(path('small.json'), () => ({ format: 2 as 1 }));
    expect(said(await verify(folder, { repair: true }))).to.deep.equal(['root.Analysis.small.json: unreadable']);
    expect(existsSync(path('small.json'))).to.equal(true);
  });

  it('keeps, and names, every file that is not ours', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'root.Other.mean.npy'), 'theirs');
    writeFileSync(join(folder, 'settings.json'), '{"mine": true}');
    writeFileSync(join(folder, 'engine.v8'), 'eight cylinders');
    mkdirSync(join(folder, 'photos', 'moon'), { recursive: true });
    writeFileSync(join(folder, 'photos', 'list.txt'), 'mine');
    writeFileSync(join(folder, 'photos', 'moon', 'one.png'), 'mine');
    const before = filesIn(folder);
    const report = await verify(folder, { repair: true });
    expect(said(report)).to.deep.equal(
      ['engine.v8', 'list.txt', 'notes.txt', 'one.png', 'root.Other.mean.npy', 'settings.json'].map(
        (name) => `${name}: foreign`,
      ),
    );
    expect(filesIn(folder)).to.deep.equal(before);
    expect(said(await verify(root))).to.deep.equal([]);
  });

  it('follows no link, and removes nothing outside the folder', async () => {
    const outside = join(tmpdir, 'outside');
    mkdirSync(join(outside, 'aa'), { recursive: true });
    copyFileSync(path('array.json'), join(outside, 'aa', 'x.json'));
    const victim = join(outside, 'victim.npy');
    writeFileSync(victim, 'mine');
    symlinkSync(outside, join(folder, 'linked'));
    symlinkSync(join(outside, 'aa', 'x.json'), path('linked.json'));
    rmSync(path('array.npy'));
    symlinkSync(victim, path('array.npy'));
    const report = await verify(folder, { repair: true });
    expect(said(report)).to.deep.equal(
      [
        'linked: foreign',
        'root.Analysis.array.json: missing data',
        'root.Analysis.array.npy: foreign',
        'root.Analysis.linked.json: foreign',
      ].filter((line) => report.findings.length === 4 || !line.startsWith('root.Analysis.array.npy')),
    );
    expect(readFileSync(victim, 'utf8')).to.equal('mine');
    expect(readdirSync(outside).sort()).to.deep.equal(['aa', 'victim.npy']);
  });

  it("takes a copied folder for somebody else's, and keeps it", async () => {
    const copy = join(tmpdir, 'backup');
    cpSync(folder, copy, { recursive: true });
    const before = filesIn(copy);
    const report = await verify(copy, { repair: true });
    expect(report).to.deep.include({ entries: 0, sound: 0 });
    expect(report.problems.foreign).to.equal(6);
    expect(filesIn(copy)).to.deep.equal(before);
  });

  it('finds a moved folder as sound as it was', async () => {
    const elsewhere = join(temporaryFolder(), 'cachenight');
    cpSync(folder, elsewhere, { recursive: true });
    expect(await verify(elsewhere)).to.deep.include({ entries: 6, sound: 6, findings: [] });
  });

  it('removes what dead writers left, and nothing of those that live', async () => {
    const alive = temporaryName(path('array.npy'));
    const [mark = ''] = /[0-9a-f]+-[^.]*(?=\.tmp$)/.exec(alive) ?? [];
    // The same process number, at another time.
    const dead = path(`array.npy.${mark.replace(/-[0-9a-z]+-([0-9a-f]{10})$/, '-1-$1')}.tmp`);
    for (const each of [alive, dead]) writeFileSync(each, 'half');
    if (mark.split('-')[4] === '0') return;
    expect(said(await verify(folder))).to.deep.equal([`${basename(dead)}: leftover`]);
    expect((await verify(folder, { repair: true })).problems.leftover).to.equal(1);
    expect(existsSync(alive)).to.equal(true);
    expect(existsSync(dead)).to.equal(false);
  });

  const entry = { prefix: 'cache', tag: 'night', instance: 'root', rootClass: 'Analysis', method: 'Analysis.array' };

  it('removes claims that nobody holds', async () => {
    const claim = path('array~0123456789abcdef.claim');
    writeFileSync(claim, JSON.stringify({ nonce: '0'.repeat(24), ...thisThread(), started: '1', since: 0, entry }));
    expect(said(await verify(folder))).to.deep.equal([`${basename(claim)}: leftover`]);
    await verify(folder, { repair: true });
    expect(existsSync(claim)).to.equal(false);
  });

  it('leaves the claim of a living owner alone', async () => {
    const claim = path('array~0123456789abcdef.claim');
    writeFileSync(claim, JSON.stringify({ nonce: '0'.repeat(24), ...thisThread(), since: 0, entry }));
    expect(said(await verify(folder, { repair: true }))).to.deep.equal([]);
    expect(existsSync(claim)).to.equal(true);
  });

  it('lists a folder no more often for many files than for few', async () => {
    const count = async (many: number): Promise<number> => {
      for (let i = 0; i < many; i++) writeFileSync(path(`of${i}.npy`), '');
      let listings = 0;
      const { readdirSync } = fs;
      fs.readdirSync = ((...args: Parameters<typeof readdirSync>) => (
        listings++,
        readdirSync(...args)
      )) as typeof readdirSync;
      syncBuiltinESMExports();
      try {
        expect((await verify(folder)).problems.foreign).to.equal(many);
      } finally {
        fs.readdirSync = readdirSync;
        syncBuiltinESMExports();
      }
      return listings;
    };
    const few = await count(2);
    expect(await count(200)).to.equal(few);
  });

  it('removes data without a record only where nobody else can have written it', async () => {
    const keyed = getDiskCacher(root, 'of').fullpath(1);
    for (const stem of [keyed, path('blob'), path('array')]) rmSync(`${stem}.json`);
    expect(said(await verify(folder, { repair: true }))).to.deep.equal(
      [`${basename(keyed)}.npy: orphan`, 'root.Analysis.array.npy: foreign', 'root.Analysis.blob.v8: orphan'].sort(),
    );
    expect([`${keyed}.npy`, path('blob.v8'), path('array.npy')].map((each) => existsSync(each))).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('looks at the entries of a root alone, or of what is below a part of it', async () => {
    class Other {
      readonly part = new Analysis();
    }
    const other = tagIn(tmpdir, new Other());
    other.part.array();
    flip(path('array.npy'), 130);
    flip(join(folder, 'root.part.Analysis.array.npy'), 130);
    expect(said(await verify(root))).to.deep.equal(['root.Analysis.array.json: wrong checksum']);
    expect(said(await verify(other.part))).to.deep.equal(['root.part.Analysis.array.json: wrong checksum']);
    expect((await verify(folder)).problems['wrong checksum']).to.equal(2);
  });

  it('sees no fault in entries that a writer replaces', async () => {
    const writer = tagIn(tmpdir, new Analysis());
    const state = { done: false };
    const writing = (async () => {
      for (let time = 0; !state.done; time++) {
        getDiskCacher(writer, 'of').clearCache();
        writer.of(time % 3);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    try {
      for (let time = 0; time < 8; time++) expect(said(await verify(folder))).to.deep.equal([]);
    } finally {
      state.done = true;
      await writing;
    }
  });

  it('tells of nothing where nothing is stored yet', async () => {
    setTag(root, 'another');
    expect(await verify(root)).to.deep.include({ entries: 0, findings: [] });
  });

  it('refuses what is no folder, no tagged object, and repair where nothing may be written', async () => {
    const code = async (action: Promise<unknown>): Promise<string> =>
      action.then(
        () => 'none',
        (error: unknown) => (error as { code: string }).code,
      );
    expect(await code(verify(join(tmpdir, 'none')))).to.equal('STOWAGE_INVALID_OPTION');
    expect(await code(verify(path('array.npy')))).to.equal('STOWAGE_INVALID_OPTION');
    expect(await code(verify(new Analysis()))).to.equal('STOWAGE_TAG_NOT_SET');
    expect(await code(verify(3 as never))).to.equal('STOWAGE_INVALID_OPTION');
    configure({ readonly: true });
    try {
      expect(await code(verify(folder, { repair: true }))).to.equal('STOWAGE_READONLY');
      expect((await verify(folder)).sound).to.equal(6);
    } finally {
      configure({ readonly: false });
    }
  });

  it('goes on where a file cannot be removed, and says so', async function () {
    if (process.getuid?.() === 0) {
      console.warn('SKIPPED: no file refuses to be removed by root');
      this.skip();
    }
    unprivileged(this);
    flip(path('array.npy'), 130);
    chmodSync(folder, 0o500);
    const report = await verify(folder, { repair: true });
    chmodSync(folder, 0o700);
    expect(report.findings[0]?.removed).to.equal(undefined);
    expect(report.findings[0]?.detail).to.contain('could not be removed');
  });

  it('finds the entries of another prefix by their folder', async () => {
    setPrefix(root, 'stow');
    setTag(root, 'night');
    root.array();
    expect(await verify(join(tmpdir, 'stownight'))).to.deep.include({ entries: 1, sound: 1 });
  });
});
