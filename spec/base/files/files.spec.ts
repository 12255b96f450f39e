import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import {
  discardFile,
  isErrno,
  readInto,
  removeEmptyFolders,
  removeFile,
  syncFolder,
  syncToDisk,
  temporaryName,
  writeAll,
} from '#lib/base/files/files.js';
import { perform, run, runAsync, type Flow, type Step } from '#lib/base/run/flow.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

function* only<T>(step: Step<T>): Flow<T> {
  return yield* perform(step);
}
const worlds: Record<string, <T>(step: Step<T>) => T | Promise<T>> = {
  synchronously: (step) => run(only(step)),
  asynchronously: (step) => runAsync(only(step)),
};

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  for (const [how, does] of Object.entries(worlds)) {
    it(`writes chunks one after the other, ${how}, and reads a part of them back`, async () => {
      const path = join(folder, 'file');
      const fd = openSync(path, 'wx+');
      try {
        await does(writeAll(fd, [Buffer.from('one '), new Uint8Array(0), Buffer.from('two')]));
        await does(syncToDisk(fd));
        expect(readFileSync(path, 'utf8')).to.equal('one two');
        const target = new Uint8Array(3);
        expect(await does(readInto(fd, target, 4))).to.equal(3);
        expect(Buffer.from(target).toString()).to.equal('two');
      } finally {
        closeSync(fd);
      }
    });

    it(`says how much of a file was there that ends early, ${how}`, async () => {
      const path = join(folder, 'short');
      writeFileSync(path, 'abc');
      const fd = openSync(path, 'r');
      try {
        expect(await does(readInto(fd, new Uint8Array(10), 1))).to.equal(2);
      } finally {
        closeSync(fd);
      }
    });

    it(`throws the system's error of a descriptor that is closed, ${how}`, async () => {
      const fd = openSync(join(folder, 'closed'), 'wx');
      closeSync(fd);
      let code: unknown;
      try {
        await does(writeAll(fd, [Buffer.from('x')]));
      } catch (error) {
        code = (error as NodeJS.ErrnoException).code;
      }
      expect(code).to.equal('EBADF');
    });
  }

  it('gives temporary names that differ, in the same folder, and that end in .tmp', () => {
    const path = join(folder, 'root.A.m.npy');
    const names = [temporaryName(path), temporaryName(path)];
    expect(new Set(names).size).to.equal(2);
    for (const name of names) {
      expect(name.startsWith(`${path}.`)).to.equal(true);
      expect(name.endsWith('.tmp')).to.equal(true);
    }
  });

  it('gives the longest entry with its digest a temporary name that a file system takes, whatever the host is called', () => {
    const longest = `${'x'.repeat(180)}~${'0'.repeat(16)}.arrow`;
    const name = basename(temporaryName(join(folder, longest)));
    // Numbers of processes have seven digits at most; the moment at which one started, in base 36, as many.
    const [, , , pid = '', started = ''] = name.slice(longest.length + 1).split('-');
    expect(name.length + 7 - pid.length + 7 - started.length).to.be.at.most(255);
  });

  it('says whether there was a file to remove', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(removeFile(path)).to.equal(true);
    expect(removeFile(path)).to.equal(false);
    expect(removeFile(join(path, 'below'))).to.equal(false);
  });

  it('throws what keeps a file from being removed, unless nobody would miss it', () => {
    expect(() => removeFile(folder)).to.throw();
    discardFile(folder);
    expect(existsSync(folder)).to.equal(true);
  });

  it('removes empty folders up to one that is not, and never above the top', () => {
    const top = join(folder, 'top');
    mkdirSync(join(top, 'a', 'b', 'c'), { recursive: true });
    writeFileSync(join(top, 'a', 'kept'), '');
    removeEmptyFolders(join(top, 'a', 'b', 'c'), `${top}/`);
    expect(existsSync(join(top, 'a', 'b'))).to.equal(false);
    expect(existsSync(join(top, 'a', 'kept'))).to.equal(true);
    removeFile(join(top, 'a', 'kept'));
    removeEmptyFolders(join(top, 'a', 'gone', 'already'), `${top}/`);
    expect(existsSync(join(top, 'a'))).to.equal(false);
    expect(existsSync(top)).to.equal(true);
  });

  it('syncs a folder, and says when there is none', () => {
    syncFolder(folder);
    expect(() => {
      syncFolder(join(folder, 'none'));
    }).to.throw('ENOENT');
  });

  it('knows system errors by their code', () => {
    expect(isErrno(Object.assign(new Error(), { code: 'ENOENT' }), 'ENOENT')).to.equal(true);
    expect(isErrno(Object.assign(new Error(), { code: 'EACCES' }), 'ENOENT')).to.equal(false);
    expect(isErrno({ code: 'ENOENT' }, 'ENOENT')).to.equal(false);
  });

  it('leave alone a folder that cannot be synced, and say which one is not there', () => {
    // The kernel's own file system has nothing to bring to a disk.
    if (existsSync('/proc/self')) syncFolder('/proc');
    expect(() => {
      syncFolder(join(folder, 'missing'));
    }).to.throw(/ENOENT/);
  });

  it('say so where a path leads through a file, in place of passing over it', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => {
      removeEmptyFolders(file, folder);
    }).to.throw(/ENOTDIR/);
    expect(existsSync(file)).to.equal(true);
  });
});
