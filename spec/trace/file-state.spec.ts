import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stampedAnew } from '#lib/base/files/file-stamps.js';
import { fullPath, storedPath } from '#lib/base/files/data-roots.js';
import { changeOfFile, stateOfFile, type FileState } from '#lib/trace/file-state.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the state of a file', () => {
  let path: string;
  /** Long after the file was written, in seconds. */
  const later = (): number => Date.now() / 1000 + 60;
  const isUnchanged = (was: FileState, computedAt: number): boolean =>
    changeOfFile(path, was, computedAt) === undefined;
  beforeEach(() => {
    path = join(temporaryFolder(), 'dark.txt');
    writeFileSync(path, '123');
  });

  it('tells a missing file from an empty one, in both directions', () => {
    const was = stateOfFile(path);
    rmSync(path);
    const missing = stateOfFile(path);
    expect(missing.checksum).to.equal('absent');
    expect(stateOfFile(join(path, 'below'))).to.deep.equal(missing);
    expect(isUnchanged(was, 0)).to.equal(false);
    expect(isUnchanged(missing, 0)).to.equal(true);
    writeFileSync(path, '');
    expect(isUnchanged(missing, 0)).to.equal(false);
    expect(isUnchanged(missing, later())).to.equal(false);
  });

  it('does not take an empty file of the year 1970 for a missing one', () => {
    const missing = stateOfFile(join(path, 'below'));
    writeFileSync(path, '');
    utimesSync(path, 0, 0);
    expect(isUnchanged(missing, later())).to.equal(false);
  });

  it('is asked of the content where another one of the same size has been put there', () => {
    const was = stateOfFile(path);
    writeFileSync(path, '124');
    expect(isUnchanged(was, later())).to.equal(false);
    writeFileSync(path, '123');
    expect(isUnchanged(was, later())).to.equal(true);
  });

  it('is another one where the time was set back after the content was changed', () => {
    utimesSync(path, 1e9, 1e9);
    const was = stateOfFile(path);
    writeFileSync(path, '124');
    utimesSync(path, 1e9, 1e9);
    expect(statSync(path, { bigint: true }).mtimeNs).to.equal(BigInt(was.mtimeNs));
    expect(isUnchanged(was, later())).to.equal(false);
  });

  it('is another one where another file of the same size and time was moved there', () => {
    utimesSync(path, 1e9, 1e9);
    const was = stateOfFile(path);
    writeFileSync(`${path}.new`, '124');
    utimesSync(`${path}.new`, 1e9, 1e9);
    renameSync(`${path}.new`, path);
    expect(isUnchanged(was, later())).to.equal(false);
  });

  it('that an older record has without inode and time of change is compared by content', () => {
    const { bytes, mtimeNs, checksum } = stateOfFile(path);
    expect(isUnchanged({ bytes, mtimeNs, checksum }, later())).to.equal(true);
    const { mtimeMs } = statSync(path);
    writeFileSync(path, '124');
    utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
    expect(isUnchanged({ bytes, mtimeNs, checksum }, later())).to.equal(false);
  });

  it('that the system cannot tell is neither "missing" nor "unchanged"', () => {
    const was = stateOfFile(path);
    rmSync(path);
    symlinkSync(path, path);
    expect(() => stateOfFile(path)).to.throw('ELOOP');
    expect(changeOfFile(path, was, 0))
      .to.include(path)
      .and.include('ELOOP');
  });

  it('is not read from a folder, nor waited for at a named pipe', () => {
    writeFileSync(path, '');
    const was = stateOfFile(path);
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(() => stateOfFile(path)).to.throw('no regular file');
    expect(isUnchanged(was, later())).to.equal(false);
    rmSync(path);
    mkdirSync(path);
    expect(() => stateOfFile(path)).to.throw('no regular file');
    expect(isUnchanged(was, later())).to.equal(false);
  });

  it('is noted for the record where the content was compared, once that proves anything', () => {
    const was = { file: path, ...stateOfFile(path) };
    expect(isUnchanged(was, 0)).to.equal(true);
    expect(stampedAnew([was]), 'written just now').to.equal(undefined);
  });
});

describe('the signs of a file that has been left alone', () => {
  it('are noted anew where only they have changed, and hold from then on', () => {
    // A program that is installed has not been changed for a while.
    const path = process.execPath;
    const now = stateOfFile(path);
    const was = { file: path, ...now, mtimeNs: '1', inode: '1' };
    expect(changeOfFile(path, was, Date.now() / 1000)).to.equal(undefined);
    const [item] = stampedAnew([was]) ?? [];
    expect(item).to.deep.include({ file: path, mtimeNs: now.mtimeNs, inode: now.inode, checksum: now.checksum });
    expect(item).to.have.property('checkedAt').that.is.a('number');
    expect(changeOfFile(path, { ...(item as FileState), checksum: 'not compared' }, 0)).to.equal(undefined);
  });
});

describe('the path of a file in a record', () => {
  it('is relative inside the tmpdir, so that both can be moved, and absolute outside', () => {
    for (const [path, stored] of [
      ['/data/a/b.txt', 'a/b.txt'],
      ['/data/..b.txt', '..b.txt'],
      ['/data', '/data'],
      ['/', '/'],
      ['/data2/b.txt', '/data2/b.txt'],
      ['/other/b.txt', '/other/b.txt'],
    ] as const) {
      expect(storedPath(path, '/data'), path).to.equal(stored);
      expect(fullPath(stored, '/data'), stored).to.equal(path);
    }
    expect(fullPath('a/b.txt', '/moved')).to.equal('/moved/a/b.txt');
  });
});
