import { mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fullPath, isUnchanged, stateOfFile, storedPath } from '#lib/trace/file-state.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('the state of a file', () => {
  let path: string;
  /** Long after the file was written, in seconds. */
  const later = (): number => statSync(path).mtimeMs / 1000 + 60;
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
    expect([isUnchanged(path, was, 0), isUnchanged(path, missing, 0)]).to.deep.equal([false, true]);
    writeFileSync(path, '');
    expect([isUnchanged(path, missing, 0), isUnchanged(path, missing, later())]).to.deep.equal([false, false]);
  });

  it('does not take an empty file of the year 1970 for a missing one', () => {
    const missing = stateOfFile(join(path, 'below'));
    writeFileSync(path, '');
    utimesSync(path, 0, 0);
    expect(isUnchanged(path, missing, later())).to.equal(false);
  });

  it('is asked of the content where another one of the same size has been put there', () => {
    const was = stateOfFile(path);
    writeFileSync(path, '124');
    expect(isUnchanged(path, was, later())).to.equal(false);
    writeFileSync(path, '123');
    expect(isUnchanged(path, was, later())).to.equal(true);
  });

  it('that the system cannot tell is neither "missing" nor "unchanged": its error is thrown', () => {
    const was = stateOfFile(path);
    rmSync(path);
    symlinkSync(path, path);
    expect(() => stateOfFile(path)).to.throw('ELOOP');
    expect(() => isUnchanged(path, was, 0)).to.throw('ELOOP');
    rmSync(path);
    mkdirSync(path);
    expect(() => stateOfFile(path)).to.throw('EISDIR');
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
