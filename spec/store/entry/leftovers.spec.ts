import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { clearCache, getDiskCacher, invalidate, setTag } from 'stowage';
import { temporaryName } from '#lib/base/files/files.js';
import { finalNameOf, isLeftBehind, writerMark } from '#lib/base/files/writer.js';
import { settleAll, settleOnce } from '#lib/store/entry/leftovers.js';
import { Analysis } from '../../support/analyses/analysis-job.js';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const day = 86_400;
const now = (): number => Date.now() / 1000;

const WRITER = import.meta.resolve('#lib/base/files/writer.js');

/** The mark of a process that has ended: it says it itself. */
function markOfDead(): string {
  const { stdout } = spawnSync(
    process.execPath,
    ['-e', `import('${WRITER}').then(({ writerMark }) => process.stdout.write(writerMark()))`],
    { encoding: 'utf8' },
  );
  return stdout;
}

describe('the mark of a writer in the name of a temporary file', () => {
  const name = (mark: string): string => `root.A.m.npy.${mark}-0123456789.tmp`;
  const [host = '', boot = '', namespace = '', pid = '', started = ''] = writerMark().split('-');

  it('is that of a leftover once its process has ended, and not before', () => {
    expect(isLeftBehind(temporaryName('/x/root.A.m.npy'), 0)).to.equal(false);
    expect(isLeftBehind(name(markOfDead()), now())).to.equal(true);
  });

  it('tells processes of one number apart', function () {
    if (started === '0') {
      console.warn('SKIPPED: there is no /proc here to tell when a process started');
      this.skip();
    }
    expect(isLeftBehind(name([host, boot, namespace, pid, '1'].join('-')), now())).to.equal(true);
  });

  it('is believed for a day where its process cannot be seen from here', () => {
    for (const mark of [`abcdef-${boot}-${namespace}-1-1`, `${host}-${boot}-ffff-1-1`]) {
      expect(isLeftBehind(name(mark), now() - day / 2), mark).to.equal(false);
      expect(isLeftBehind(name(mark), now() - day - 1), mark).to.equal(true);
    }
  });

  it('of another boot is that of a leftover if the file is older than this boot', function () {
    if (boot === '0') this.skip();
    const mark = name(`${host}-fffff-${namespace}-1-1`);
    expect(isLeftBehind(mark, now())).to.equal(false);
    expect(isLeftBehind(mark, 0)).to.equal(true);
  });

  it('is in no other name', () => {
    for (const other of ['root.A.m.npy', 'root.A.m.npy.tmp', 'mine.tmp', 'a.host-12-0123456789ab.tmp']) {
      expect(finalNameOf(other), other).to.equal(undefined);
      expect(isLeftBehind(other, 0), other).to.equal(false);
    }
    expect(finalNameOf(temporaryName('/x/root.A.m.npy'))).to.equal('/x/root.A.m.npy');
  });
});

describe('what a dead writer left', () => {
  let tmpdir: string;
  let folder: string;
  let dead: string;
  before(() => {
    dead = markOfDead();
  });
  beforeEach(() => {
    tmpdir = temporaryFolder();
    folder = join(tmpdir, 'cachenight');
  });

  const leftover = (name: string): string => join(folder, `${name}.${dead}-0123456789.tmp`);
  const record = (): string => join(folder, 'root.Analysis.array.json');
  const data = (): string => join(folder, 'root.Analysis.array.npy');
  /** As after a kill between the two renames. */
  const uncommit = (): void => {
    renameSync(record(), leftover(basename(record())));
  };
  const fresh = (): Analysis => tagIn(tmpdir, new Analysis());

  it('with only the name of its record missing is a hit of the next reader', () => {
    fresh().array();
    uncommit();
    // A folder that this process has not looked at yet.
    const elsewhere = join(temporaryFolder(), 'moved');
    renameSync(tmpdir, elsewhere);
    [tmpdir, folder] = [elsewhere, join(elsewhere, 'cachenight')];
    const reader = fresh();
    reader.array();
    expect(reader.ran).to.deep.equal([]);
    expect(filesIn(folder)).to.deep.equal(['root.Analysis.array.json', 'root.Analysis.array.npy']);
  });

  it('is removed where the data is another file than the record describes, which stays', () => {
    fresh().array();
    uncommit();
    const bytes = readFileSync(data());
    rmSync(data());
    writeFileSync(data(), bytes);
    const reader = fresh();
    reader.array();
    expect(reader.ran).to.deep.equal(['array']);
    expect(existsSync(leftover(basename(record())))).to.equal(false);
    expect(readFileSync(data())).to.deep.equal(bytes);
    expect(filesIn(folder).some((name) => name.includes('~'))).to.equal(true);
  });

  it('is not brought back after clearCache', () => {
    fresh().array();
    uncommit();
    const root = fresh();
    clearCache(root);
    expect(existsSync(folder)).to.equal(false);
    setTag(root, 'night');
    root.array();
    expect(root.ran).to.deep.equal(['array']);
  });

  it('does not undo an invalidation', () => {
    const root = fresh();
    root.array();
    const before = readFileSync(record());
    invalidate(root, 'array');
    writeFileSync(leftover(basename(record())), before);
    settleAll(folder);
    const reader = fresh();
    reader.array();
    expect(reader.ran).to.deep.equal(['array']);
    expect(existsSync(leftover(basename(record())))).to.equal(false);
  });

  it('never takes the place of a result that has been stored since under the other name', () => {
    fresh().array();
    uncommit();
    const hidden = join(tmpdir, 'hidden');
    renameSync(leftover(basename(record())), hidden);
    // For whoever cannot see that the writer is dead, the data is somebody else's.
    fresh().array();
    renameSync(hidden, leftover(basename(record())));
    settleAll(folder);
    const reader = fresh();
    reader.array();
    expect(reader.ran).to.deep.equal([]);
    expect(filesIn(folder).every((name) => name.includes('~'))).to.equal(true);
  });

  it('for any entry of a folder is removed when somebody first stores there', () => {
    mkdirSync(folder);
    const names = ['root.A.m.npy', 'root.A.m.json', 'root.B.n~0123456789abcdef.v8'];
    for (const name of names) writeFileSync(leftover(name), 'half');
    fresh().small();
    expect(filesIn(folder)).to.deep.equal(['root.Analysis.small.json']);
  });

  it('in the folder of a keyed call is removed too', () => {
    const root = fresh();
    root.of(3);
    const stem = getDiskCacher(root, 'of').fullpath(3);
    clearCache(root);
    mkdirSync(dirname(stem), { recursive: true });
    const left = `${stem}.npy.${dead}-0123456789.tmp`;
    writeFileSync(left, 'half');
    settleAll(folder);
    expect(existsSync(left)).to.equal(false);
  });

  it('stays where it is not ours, its writer may live, or it is a link', () => {
    mkdirSync(folder);
    writeFileSync(join(tmpdir, 'mine'), 'mine');
    const kept = [
      temporaryName(join(folder, 'root.A.m.npy')),
      join(folder, 'foreign.tmp'),
      join(folder, 'root.A.m.npy.abcdef-00000-0000-1-1-0123456789.tmp'),
    ];
    for (const path of kept) writeFileSync(path, 'half');
    symlinkSync(join(tmpdir, 'mine'), leftover('root.A.link.npy'));
    mkdirSync(leftover('root.A.folder.npy'));
    settleAll(folder);
    expect(readdirSync(folder)).to.have.lengthOf(5);
    expect(readFileSync(join(tmpdir, 'mine'), 'utf8')).to.equal('mine');
    const old = new Date((now() - day - 10) * 1000);
    for (const path of kept) utimesSync(path, old, old);
    settleAll(folder);
    expect(readdirSync(folder)).to.have.lengthOf(4);
  });

  it('is looked for once, and costs a process that goes on storing nothing', () => {
    mkdirSync(folder);
    settleOnce(folder, folder);
    writeFileSync(leftover('root.A.m.npy'), 'half');
    settleOnce(folder, folder);
    expect(statSync(leftover('root.A.m.npy')).size).to.equal(4);
  });

  it('that points elsewhere is not followed', () => {
    fresh().array();
    const victim = join(tmpdir, 'victim.npy');
    renameSync(data(), victim);
    symlinkSync(victim, data());
    uncommit();
    settleAll(folder);
    expect(existsSync(victim)).to.equal(true);
    expect(existsSync(record())).to.equal(false);
  });
});
