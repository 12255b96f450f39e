import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { NotAFileError, openRegularFile } from '#lib/base/files/open-regular-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('opening what must be a regular file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, 'x');
  });

  it('gives a file, and its state', () => {
    writeFileSync(path, 'abc');
    const { fd, stat } = openRegularFile(path);
    const bytes = Buffer.alloc(8);
    expect(readSync(fd, bytes)).to.equal(3);
    closeSync(fd);
    expect(stat.size).to.equal(3n);
  });

  it('waits neither for the writer nor for the reader of a named pipe', () => {
    execFileSync('mkfifo', [path]);
    expect(() => openRegularFile(path)).to.throw(NotAFileError, path);
    expect(() => openRegularFile(path, { access: constants.O_WRONLY })).to.throw(NotAFileError, path);
    expect(() => openRegularFile(path, { access: constants.O_RDWR })).to.throw(NotAFileError, path);
  });

  it('refuses a folder, a device, a link to one, and a socket', async () => {
    mkdirSync(path);
    expect(() => openRegularFile(path)).to.throw(NotAFileError);
    expect(() => openRegularFile(path, { access: constants.O_WRONLY })).to.throw(NotAFileError);
    expect(() => openRegularFile('/dev/zero')).to.throw(NotAFileError);
    symlinkSync('/dev/zero', join(folder, 'zero'));
    expect(() => openRegularFile(join(folder, 'zero'))).to.throw(NotAFileError);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
    expect(() => openRegularFile(join(folder, 'socket'))).to.throw(NotAFileError);
    await new Promise((resolve) => server.close(resolve));
  });

  it('follows a link unless it is told not to, and says ELOOP then', () => {
    writeFileSync(path, 'abc');
    symlinkSync(path, join(folder, 'link'));
    closeSync(openRegularFile(join(folder, 'link')).fd);
    expect(() => openRegularFile(join(folder, 'link'), { followsLinks: false })).to.throw('ELOOP');
  });

  it("throws the system's error where there is nothing", () => {
    expect(() => openRegularFile(path)).to.throw('ENOENT');
  });
});
