import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { userPath } from '#lib/base/files/user-path.js';

describe('a path that a user wrote', () => {
  const home = homedir();
  const paths: [given: unknown, path: string | undefined][] = [
    ['/data/x', '/data/x'],
    ['data', 'data'],
    ['~', home],
    ['~/x', join(home, 'x')],
    ['~other/x', '~other/x'],
    ['a/~/x', 'a/~/x'],
    ['./~', './~'],
    ['C:\\data', 'C:\\data'],
    ['file:///data/a%20b', '/data/a b'],
    ['FILE:///data', '/data'],
    [pathToFileURL('/data/ü?#'), '/data/ü?#'],
    ['file://host/data', undefined],
    ['file:///data/run#3', undefined],
    ['file:///data/a%00b', undefined],
    ['s3://bucket/x', undefined],
    [new URL('https://example.org/x'), undefined],
    ['', undefined],
    ['a\0b', undefined],
    [7, undefined],
    [null, undefined],
    [{ href: 'file:///x' }, undefined],
  ];
  for (const [given, path] of paths) {
    it(`${JSON.stringify(given)} is ${path === undefined ? 'none' : `the path ${path}`}`, () => {
      expect(userPath(given)).to.equal(path);
    });
  }

  it('is the same for a URL of another realm', () => {
    expect(userPath(runInNewContext('new URL("file:///data")', { URL }))).to.equal('/data');
  });
});
