import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clearCache, events, getDiskCacher, setTag, setTmpdir, type StowageEvent } from 'stowage';
import { Analysis, mount, runChild, unprivileged, type Told } from '../../support/analyses/analysis-job.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const arrayValue = ['1.5', '0', 'NaN'];
const all = ['array', 'small', 'blob', 'later'];
const values = [arrayValue, { x: 1 }, [['a', 1]], ['2']];

/** Every value came, nothing was stored, and each fault carries the system's error. */
function expectOnlyFaults(told: Told & { stderr: string }, cause: string): void {
  expect(told.values).to.deep.equal(values);
  expect(told.ran).to.deep.equal(all);
  const faults = told.events.filter(({ type }) => type === 'fault');
  expect(faults.length).to.be.at.least(all.length);
  for (const { reason, error } of faults) {
    expect(reason).to.equal(cause);
    expect(error).to.include({ code: 'STOWAGE_DISK', cause });
  }
  expect(told.events.some(({ type }) => type === 'store')).to.equal(false);
  expect(linesOf(told.stderr)).to.have.lengthOf(1);
}

function linesOf(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line.includes('StowageWarning'));
}

/** Results go to the temporary folder, which is this one. */
const inTemporary = (folder: string): Record<string, string> => ({ TMPDIR: folder, STOWAGE_TMPDIR: 'temporary' });

describe('faults of the disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    chmodSync(folder, 0o777);
  });

  it('make no difference to a tmpdir that is missing: it is made, private to the user', () => {
    const tmpdir = join(folder, 'not', 'there', 'yet');
    const told = runChild({ tmpdir, tag: 't', calls: all });
    expect(told.values).to.deep.equal(values);
    expect(told.stderr).to.equal('');
    for (const made of [join(folder, 'not'), tmpdir, join(tmpdir, 'cachet')]) {
      expect((statSync(made).mode & 0o777).toString(8), made).to.equal('700');
    }
    expect(statSync(join(tmpdir, 'cachet', 'root.Analysis.array.npy')).mode & 0o077).to.equal(0);
    expect(runChild({ tmpdir, tag: 't', calls: all })).to.deep.include({ values, ran: [] });
  });

  it('give the values of a tmpdir that may not be written', function () {
    const user = unprivileged(this);
    const tmpdir = join(folder, 'readonly');
    mkdirSync(tmpdir, { mode: 0o555 });
    expectOnlyFaults(runChild({ tmpdir, tag: 't', calls: [...all] }, user), 'EACCES');
    expect(readdirSync(tmpdir)).to.deep.equal([]);
  });

  it('give the values of a tag folder that may not be written, and its entries to whoever reads', function () {
    const user = unprivileged(this);
    const shared = runChild(
      { tmpdir: folder, tag: 't', calls: ['array'], configuration: { permissions: 0o755 } },
      user,
    );
    expect(shared.ran).to.deep.equal(['array']);
    const tagged = join(folder, 'cachet');
    const before = readdirSync(tagged);
    chmodSync(tagged, 0o555);
    const told = runChild({ tmpdir: folder, tag: 't', calls: all }, user);
    chmodSync(tagged, 0o755);
    expect(told.values).to.deep.equal(values);
    expect(told.ran).to.deep.equal(['small', 'blob', 'later']);
    expect(told.events.filter(({ type }) => type === 'fault').map(({ reason }) => reason)).to.deep.equal([
      'EACCES',
      'EACCES',
      'EACCES',
    ]);
    expect(linesOf(told.stderr)).to.have.lengthOf(1);
    expect(readdirSync(tagged)).to.deep.equal(before);
  });

  it('give the values of a tag folder that may not even be looked into', function () {
    const user = unprivileged(this);
    runChild({ tmpdir: folder, tag: 't', calls: [...all] }, user);
    chmodSync(join(folder, 'cachet'), 0o000);
    const told = runChild({ tmpdir: folder, tag: 't', calls: [...all] }, user);
    chmodSync(join(folder, 'cachet'), 0o700);
    expectOnlyFaults(told, 'EACCES');
  });

  it('give the values of entries whose files may not be read, and leave them', function () {
    const user = unprivileged(this);
    runChild({ tmpdir: folder, tag: 't', calls: ['array'] }, user);
    const data = join(folder, 'cachet', 'root.Analysis.array.npy');
    chmodSync(data, 0o000);
    const told = runChild({ tmpdir: folder, tag: 't', calls: ['array', 'array'] }, user);
    expect(told.values).to.deep.equal([arrayValue, arrayValue]);
    expect(told.ran).to.deep.equal(['array']);
    expect(told.events.filter(({ type }) => type === 'fault').map(({ reason }) => reason)).to.deep.equal(['EACCES']);
    chmodSync(data, 0o600);
    expect(runChild({ tmpdir: folder, tag: 't', calls: ['array'] }, user).ran).to.deep.equal([]);
  });

  it('let clearCache clear though the folder of the tag itself may not be removed', function () {
    const user = unprivileged(this);
    const tmpdir = join(folder, 'parent');
    runChild({ tmpdir, tag: 't', calls: all }, user);
    chmodSync(tmpdir, 0o555);
    const told = runChild({ tmpdir, tag: 't', calls: ['!clear', 'small'] }, user);
    chmodSync(tmpdir, 0o755);
    expect(told.values).to.deep.equal([undefined, { x: 1 }].map((value) => value ?? null));
    expect(told.ran).to.deep.equal(['small']);
  });

  it('give the values of a full disk, leave no halves, and store again once there is room', function () {
    const tmpdir = join(folder, 'full');
    mkdirSync(tmpdir);
    const unmount = mount(this, ['-t', 'tmpfs', '-o', 'size=256k', 'none'], tmpdir);
    try {
      const told = runChild({ tmpdir, tag: 't', calls: ['array', 'big', 'small'] });
      expect(told.ran).to.deep.equal(['array', 'big', 'small']);
      expect(told.values[1]).to.deep.equal(['7', '7', '7']);
      expect(told.events.filter(({ type }) => type === 'fault').map(({ error }) => error?.cause)).to.deep.equal([
        'ENOSPC',
      ]);
      expect(linesOf(told.stderr)).to.have.lengthOf(1);
      expect(told.stderr).to.contain('full');
      expect(readdirSync(join(tmpdir, 'cachet')).filter((name) => name.includes('big'))).to.deep.equal([]);
      writeFileSync(join(tmpdir, 'ballast'), Buffer.alloc(200 * 1024));
      try {
        writeFileSync(join(tmpdir, 'rest'), Buffer.alloc(256 * 1024));
      } catch {
        // That is the point.
      }
      const full = runChild({ tmpdir, tag: 't', calls: ['blob', 'array'] });
      expect(full.values).to.deep.equal([[['a', 1]], arrayValue]);
      expect(full.events.map(({ type }) => type)).to.deep.equal(['miss', 'fault', 'hit']);
      rmSync(join(tmpdir, 'ballast'));
      rmSync(join(tmpdir, 'rest'));
      expect(runChild({ tmpdir, tag: 't', calls: ['blob'] }).events.map(({ type }) => type)).to.deep.equal([
        'miss',
        'store',
      ]);
    } finally {
      unmount();
    }
  });

  it('lose no value of a copied folder on a read-only disk, where its records cannot be stamped again', function () {
    const source = join(folder, 'source');
    const target = join(folder, 'mounted');
    mkdirSync(target);
    const unmount = mount(this, ['-t', 'tmpfs', 'none'], target);
    try {
      runChild({ tmpdir: source, tag: 't', calls: [...all, 'big'] });
      mkdirSync(join(target, 'cachet'));
      for (const name of readdirSync(join(source, 'cachet'))) {
        writeFileSync(join(target, 'cachet', name), readFileSync(join(source, 'cachet', name)));
      }
      mount(this, ['-o', 'remount,ro'], target);
      const told = runChild({ tmpdir: target, tag: 't', calls: [...all, 'big', 'array'] });
      expect(told.ran).to.deep.equal([]);
      expect(told.values.slice(0, 4)).to.deep.equal(values);
      expect(new Set(told.events.map(({ type }) => type))).to.deep.equal(new Set(['hit']));
      const fresh = runChild({ tmpdir: target, tag: 'other', calls: [...all] });
      expectOnlyFaults(fresh, 'EROFS');
    } finally {
      unmount();
    }
  });

  it('make the folder again that was removed under a running process', () => {
    const told = runChild({ tmpdir: folder, tag: 't', calls: ['array', '!rm', 'small', 'array'] });
    expect(told.ran).to.deep.equal(['array', 'small']);
    expect(told.events.some(({ type }) => type === 'fault')).to.equal(false);
    expect(existsSync(join(folder, 'cachet', 'root.Analysis.small.json'))).to.equal(true);
  });

  it('give the values where the folder of the tag is a file, which stays', () => {
    writeFileSync(join(folder, 'cachet'), 'mine');
    expectOnlyFaults(runChild({ tmpdir: folder, tag: 't', calls: [...all] }), 'ENOTDIR');
    expect(readFileSync(join(folder, 'cachet'), 'utf8')).to.equal('mine');
  });

  it('give the values where the tmpdir is a file, which stays', () => {
    writeFileSync(join(folder, 'file'), 'mine');
    const told = runChild({ tmpdir: join(folder, 'file'), tag: 't', calls: [...all] });
    expectOnlyFaults(told, told.events.find(({ type }) => type === 'fault')?.error?.cause ?? '');
    expect(readFileSync(join(folder, 'file'), 'utf8')).to.equal('mine');
  });

  it('refuse a folder of the tag under the temporary folder that is a link, and write nothing where it leads', () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    symlinkSync(elsewhere, join(temporary, 'cachet'));
    const told = runChild({ tag: 't', calls: [...all] }, { env: inTemporary(temporary) });
    expectOnlyFaults(told, 'STOWAGE_UNSAFE_FOLDER');
    expect(told.stderr).to.contain('symbolic link');
    expect(readdirSync(elsewhere)).to.deep.equal([]);
  });

  it('read nothing through such a link either', () => {
    const temporary = join(folder, 'tmp');
    const honest = join(folder, 'honest');
    runChild({ tmpdir: honest, tag: 't', calls: [...all] });
    mkdirSync(temporary);
    symlinkSync(join(honest, 'cachet'), join(temporary, 'cachet'));
    expectOnlyFaults(runChild({ tag: 't', calls: [...all] }, { env: inTemporary(temporary) }), 'STOWAGE_UNSAFE_FOLDER');
  });

  it("refuse another user's folder under the temporary folder", function () {
    const user = unprivileged(this);
    if (user.uid === undefined) {
      console.warn('SKIPPED: only root can make a folder of another user');
      this.skip();
    }
    const temporary = join(folder, 'tmp');
    mkdirSync(join(temporary, 'cachet'), { recursive: true });
    chmodSync(join(temporary, 'cachet'), 0o777);
    expectOnlyFaults(
      runChild({ tag: 't', calls: [...all] }, { ...user, env: inTemporary(temporary) }),
      'STOWAGE_UNSAFE_FOLDER',
    );
    expect(readdirSync(join(temporary, 'cachet'))).to.deep.equal([]);
    chownSync(join(temporary, 'cachet'), user.uid, user.uid);
    expect(runChild({ tag: 't', calls: ['array'] }, { ...user, env: inTemporary(temporary) }).stderr).to.equal('');
  });

  it('write nothing through a link that stands in the folder of the tag, and leave where it leads', () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'victim'), 'mine');
    mkdirSync(join(folder, 'cachet'));
    symlinkSync(elsewhere, join(folder, 'cachet', 'root.Analysis.of'));
    for (const name of ['array.npy', 'small.json', 'blob.json']) {
      symlinkSync(join(elsewhere, 'victim'), join(folder, 'cachet', `root.Analysis.${name}`));
    }
    const faults: StowageEvent[] = [];
    const note = (event: StowageEvent): void => void faults.push(event);
    events.on('fault', note);
    for (const round of [0, 1]) {
      const analysis = new Analysis();
      setTmpdir(analysis, folder);
      setTag(analysis, 't');
      expect([...analysis.of(3)]).to.deep.equal([3]);
      expect([...analysis.array()]).to.deep.equal([1.5, -0, NaN]);
      expect(analysis.small()).to.deep.equal({ x: 1 });
      expect([...analysis.blob()]).to.deep.equal([['a', 1]]);
      expect(analysis.ran).to.deep.equal(round === 0 ? ['of 3', 'array', 'small', 'blob'] : ['of 3']);
      if (round === 1) clearCache(analysis);
    }
    events.off('fault', note);
    expect(new Set(faults.map(({ reason }) => reason))).to.deep.equal(new Set(['STOWAGE_UNSAFE_FOLDER']));
    expect(readdirSync(elsewhere)).to.deep.equal(['victim']);
    expect(readFileSync(join(elsewhere, 'victim'), 'utf8')).to.equal('mine');
  });

  it('let a link elsewhere be: it is the business of whoever made it', () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    symlinkSync(disk, join(folder, 'cachet'));
    const told = runChild({ tmpdir: folder, tag: 't', calls: ['array'] }, { env: { TMPDIR: join(folder, 'other') } });
    expect(told.stderr).to.equal('');
    expect(existsSync(join(disk, 'root.Analysis.array.npy'))).to.equal(true);
  });

  it('say each cause once, and another folder of the same cause too', () => {
    const faults: StowageEvent[] = [];
    const warnings: Error[] = [];
    const noteFault = (event: StowageEvent): void => void faults.push(event);
    const noteWarning = (warning: Error): void => void warnings.push(warning);
    events.on('fault', noteFault);
    process.on('warning', noteWarning);
    for (const name of ['one', 'two']) writeFileSync(join(folder, `cache${name}`), '');
    const analysis = new Analysis();
    setTmpdir(analysis, folder);
    for (const name of ['one', 'two', 'one']) {
      setTag(analysis, name);
      expect(analysis.small()).to.deep.equal({ x: 1 });
    }
    events.off('fault', noteFault);
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      process.off('warning', noteWarning);
      expect(faults.map(({ tag, instance, method, reason }) => [tag, instance, method, reason])).to.deep.equal(
        ['one', 'two', 'one'].map((tag) => [tag, 'root', 'Analysis.small', 'ENOTDIR']),
      );
      expect(warnings).to.have.lengthOf(2);
    });
  });

  it('are said by clearCache, which must not leave what would be used again', () => {
    const analysis = new Analysis();
    setTmpdir(analysis, folder);
    setTag(analysis, 't');
    analysis.array();
    const data = join(folder, 'cachet', 'root.Analysis.array.npy');
    rmSync(data);
    mkdirSync(data);
    expect(() => {
      clearCache(analysis);
    })
      .to.throw('cachet')
      .with.property('code', 'STOWAGE_NOT_CLEARED');
  });

  it('give the value and no files of a method whose name a file system hardly takes', () => {
    const long = 'l'.repeat(300);
    class Long {
      readonly child: Record<string, Analysis> = { [long]: new Analysis() };
    }
    const root = new Long();
    setTmpdir(root, folder);
    setTag(root, 't');
    const child = root.child[long];
    if (child === undefined) throw new Error('no child');
    expect([...child.array()]).to.deep.equal([1.5, -0, NaN]);
    const path = getDiskCacher(child, 'array').fullpath();
    expect(existsSync(`${path}.npy`)).to.equal(true);
    // And once more under the name with a digest, since the plain one is taken.
    const root2 = new Long();
    writeFileSync(`${path}.json`, 'foreign');
    setTmpdir(root2, folder);
    setTag(root2, 't');
    const faults: StowageEvent[] = [];
    const note = (event: StowageEvent): void => void faults.push(event);
    events.on('fault', note);
    root2.child[long]?.array();
    events.off('fault', note);
    expect(faults).to.deep.equal([]);
  });
});
