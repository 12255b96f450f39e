import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { adopt, getDiskCacher, setPrefix } from 'stowage';
import { formatRecord, parseRecord } from '#lib/store/record/record.js';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { stowage, stowageJson } from '../../support/output/command-line.js';
import { Night } from '../../support/analyses/reduction.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Row {
  tag: string;
  prefix: string;
  entries: number;
  pruned: number;
  damaged: number;
  bytes: number;
  dataBytes: number;
  seconds: number;
  lastUse: number;
}

describe('stowage ls', () => {
  let tmpdir: string;
  let env: NodeJS.ProcessEnv;

  const compute = (tag: string, prefix?: string): Night => {
    const night = new Night();
    if (prefix !== undefined) setPrefix(night, prefix);
    tagIn(tmpdir, night, tag);
    night.summary();
    return night;
  };
  const rows = async (...argv: string[]): Promise<Row[]> => stowageJson<Row[]>(['ls', ...argv], { env });

  beforeEach(() => {
    tmpdir = temporaryFolder();
    env = { STOWAGE_TMPDIR: tmpdir };
  });

  it('lists tags in their order with entries, bytes on disk and the seconds invested', async () => {
    for (const tag of ['night10', 'night9']) compute(tag);
    const found = await rows();
    expect(found.map(({ tag, prefix, entries }) => [tag, prefix, entries])).to.deep.equal([
      ['night9', 'cache', 4],
      ['night10', 'cache', 4],
    ]);
    const files = filesIn(join(tmpdir, 'cachenight9')).map((name) => readFileSync(join(tmpdir, 'cachenight9', name)));
    expect(found[0]?.bytes).to.equal(files.reduce((sum, { length }) => sum + length, 0));
    const records = filesIn(tmpdir).filter((name) => name.startsWith('cachenight9/') && name.endsWith('.json'));
    const seconds = records.map((name) => parseRecord(readFileSync(join(tmpdir, name), 'utf8'))?.seconds ?? NaN);
    expect(found[0]?.seconds).to.be.closeTo(
      seconds.reduce((sum, each) => sum + each, 0),
      1e-9,
    );
  });

  it('fits into a terminal, its headers and states in colours', async () => {
    compute('LBTISX20240410_112233');
    const escapes = new RegExp(String.raw`\u001b\[\d+m`, 'g');
    const { stdout } = await stowage(['ls', 'LBT*/*'], { env, columns: 80 });
    const lines = stdout.split('\n').map((line) => line.replace(escapes, ''));
    expect(Math.max(...lines.map(({ length }) => length))).to.be.within(40, 80);
    expect(stdout).to.include('\u001b[1mENTRY\u001b[22m');
    await stowage(['prune', '--yes', 'LBT*'], { env });
    expect((await stowage(['ls', 'LBT*/*'], { env, columns: 80 })).stdout).to.include('\u001b[2mpruned\u001b[22m');
  });

  it('has no colours where NO_COLOR is set, or nobody looks', async () => {
    compute('night1');
    const plain = await stowage(['ls', 'night1/*'], { env: { ...env, NO_COLOR: '1' }, columns: 80 });
    expect(plain.stdout).to.not.include('\u001b');
    expect((await stowage(['ls', 'night1/*'], { env })).stdout).to.not.include('\u001b');
  });

  it('says for a reader what it says for a script, with a sum', async () => {
    for (const tag of ['night1', 'night2']) compute(tag);
    const { code, stdout } = await stowage(['ls'], { env });
    expect(code).to.equal(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).to.match(/^TAG +ENTRIES +SIZE +INVESTED +LAST USE$/);
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(0, 2))).to.deep.equal([
      ['night1', '4'],
      ['night2', '4'],
      ['2 tags', '8'],
    ]);
  });

  it('of an empty folder says that nothing is there', async () => {
    expect(await stowage(['ls'], { env })).to.deep.include({ code: 0, stdout: '' });
    expect(await rows()).to.deep.equal([]);
  });

  it('takes the last time a record was read, or computed, for the last use, and does not count as one itself', async () => {
    const night = compute('night');
    const [before] = await rows();
    const computed = ['summary', 'total', 'frames'].map(
      (name) =>
        parseRecord(
          readFileSync(`${getDiskCacher(name === 'summary' ? night : night.camera, name).fullpath()}.json`, 'utf8'),
        )?.computedAt ?? NaN,
    );
    expect(before?.lastUse).to.be.at.least(Math.max(...computed));
    const later = Math.floor(Date.now() / 1000) + 5000;
    const record = `${getDiskCacher(night.camera, 'total').fullpath()}.json`;
    utimesSync(record, later, later);
    expect((await rows())[0]?.lastUse).to.equal(later);
    expect((await rows())[0]?.lastUse).to.equal(later);
  });

  it('keeps to a prefix, and tells tags of other prefixes apart', async () => {
    compute('night');
    compute('night', 'lab');
    expect((await rows()).map(({ tag, prefix }) => [prefix, tag])).to.deep.equal([
      ['cache', 'night'],
      ['lab', 'night'],
    ]);
    expect((await rows('--prefix', 'lab')).map(({ tag }) => tag)).to.deep.equal(['night']);
    expect((await stowage(['ls'], { env })).stdout).to.match(/TAG +PREFIX +ENTRIES/);
  });

  it('keeps to the tags of a pattern', async () => {
    for (const tag of ['2024a', '2024b', '2025']) compute(tag);
    expect((await rows('2024*')).map(({ tag }) => tag)).to.deep.equal(['2024a', '2024b']);
    expect((await rows('cache2025', '2024?')).map(({ tag }) => tag)).to.deep.equal(['2024a', '2024b', '2025']);
  });

  it('passes over what is not a tag: other folders, links, files', async () => {
    compute('night');
    mkdirSync(join(tmpdir, 'cacheother'));
    writeFileSync(join(tmpdir, 'cacheother', 'package.json'), '{}');
    writeFileSync(join(tmpdir, 'cachefile'), '');
    symlinkSync(join(tmpdir, 'cachenight'), join(tmpdir, 'cachelink'));
    expect((await rows()).map(({ tag }) => tag)).to.deep.equal(['night']);
  });

  it('lists a folder of another program once a file in it is adopted', async () => {
    const night = compute('night');
    const folder = join(tmpdir, 'cachearte');
    mkdirSync(folder);
    cpSync(`${getDiskCacher(night.camera, 'frames').fullpath()}.npy`, join(folder, 'root.camera.Camera.frames.npy'));
    expect((await rows()).map(({ tag }) => tag)).to.deep.equal(['night']);
    await adopt(folder);
    expect((await rows()).map(({ tag, entries }) => [tag, entries])).to.deep.equal([
      ['arte', 1],
      ['night', 4],
    ]);
  });

  it('shows damage as such, lists the rest, and returns 1', async () => {
    const night = compute('night');
    compute('other');
    appendFileSync(`${getDiskCacher(night.camera, 'total').fullpath()}.json`, ' ');
    rmSync(`${getDiskCacher(night.camera, 'frames').fullpath()}.npy`);
    const { code, stdout, stderr } = await stowage(['ls'], { env });
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/^night +4 +2 /m)
      .and.match(/^other +4 +0 /m);
    expect(stderr)
      .to.include('night/root.camera.Camera.total: damaged')
      .and.include('night/root.camera.Camera.frames: missing data');
  });

  it('lists the rest where a record cannot be read, or can be none', async () => {
    compute('night');
    const folder = join(tmpdir, 'cachenight');
    mkdirSync(join(folder, 'root.folder.json'));
    symlinkSync('/etc/passwd', join(folder, 'root.link.json'));
    writeFileSync(join(folder, 'root.mine.json'), '{ "mine": true }');
    writeFileSync(join(folder, 'root.empty.json'), '');
    writeFileSync(join(folder, 'root.huge.json'), '');
    truncateSync(join(folder, 'root.huge.json'), 2 ** 33);
    const { code, stderr } = await stowage(['ls'], { env });
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect((await rows())[0]?.entries).to.equal(4);
  });

  it("does not count copies of another tag's entries", async () => {
    compute('night');
    cpSync(join(tmpdir, 'cachenight'), join(tmpdir, 'cachecopy'), { recursive: true });
    expect((await rows()).map(({ tag, entries }) => [tag, entries])).to.deep.equal([
      ['copy', 0],
      ['night', 4],
    ]);
  });

  it('lists the entries that a pattern names, with their arguments', async () => {
    const night = compute('night');
    night.camera.binned(7);
    const found = await stowageJson<{ entry: string; arguments?: string; state: string; shape?: number[] }[]>(
      ['ls', 'night/root.camera.*'],
      { env },
    );
    expect(
      found.map(({ entry, arguments: args, state, shape }) => [
        entry.replace(/[0-9a-f]{12}$/, '…'),
        args,
        state,
        shape,
      ]),
    ).to.have.deep.members([
      ['night/root.camera.Camera.binned/…', '10', 'stored', [100]],
      ['night/root.camera.Camera.binned/…', '7', 'stored', [143]],
      ['night/root.camera.Camera.frames', undefined, 'stored', [1000]],
      ['night/root.camera.Camera.total', undefined, 'stored', undefined],
    ]);
    expect((await stowage(['ls', 'night/root.camera.Camera.binned'], { env })).stdout).to.match(
      /ARGUMENTS.*\n.* (?:10|7) +Float64Array/,
    );
  });

  it('spells out what could move the cursor of a terminal, in names and records', async () => {
    compute('evil');
    renameSync(join(tmpdir, 'cacheevil'), join(tmpdir, 'cacheevil\u202e\u009b31m\n'));
    const night = compute('night');
    const path = `${getDiskCacher(night.camera, 'total').fullpath()}.json`;
    const record = parseRecord(readFileSync(path, 'utf8'));
    if (record === undefined) throw new Error('no record');
    writeFileSync(
      path,
      formatRecord({ ...record, type: '\u001b[2Jnumber', arguments: { preview: '\u001b]0;title\u0007' } }),
    );
    for (const argv of [
      ['ls'],
      ['ls', 'night*/*'],
      ['ls', '--json'],
      ['ls', 'night*/*', '--json'],
      ['du'],
      ['show', path],
      ['explain', path],
      ['lineage', 'night'],
      ['verify'],
    ]) {
      const { stdout, stderr } = await stowage(argv, { env });
      // eslint-disable-next-line no-control-regex
      expect(stdout + stderr, argv.join(' ')).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('adds up the same over several threads as over one', async () => {
    const night = compute('night');
    const record = parseRecord(readFileSync(`${getDiskCacher(night.camera, 'total').fullpath()}.json`, 'utf8'));
    if (record === undefined) throw new Error('no record');
    for (let number = 0; number < 2560; number++) {
      const method = `Camera.many${String(number % 10)}`;
      const key = Math.floor(number / 10)
        .toString(16)
        .padStart(2, '0')
        .padEnd(64, '0');
      const folder = join(tmpdir, 'cachenight', `root.camera.${method}`, key.slice(0, 2));
      mkdirSync(folder, { recursive: true });
      const identity = { ...record.identity, method, key };
      writeFileSync(join(folder, `${key.slice(2)}.json`), formatRecord({ ...record, seconds: 1, identity }));
    }
    const [row] = await rows();
    expect(row?.entries).to.equal(4 + 2560);
    expect(row?.seconds).to.be.closeTo(2560, 1);
    const { method } = await stowageJson<{ method: { name: string; entries: number }[] }>(['du'], { env });
    expect(method.find(({ name }) => name === 'Camera.many7')?.entries).to.equal(256);
  });
});
