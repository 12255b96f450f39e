import { expect } from 'chai';
import { Patterns } from '#lib/cli/pattern.js';
import { UsageError } from '#lib/cli/errors.js';

const folder = { folderName: 'cachenight', tag: 'night' };
const key = '3f9a'.padEnd(64, '0');

describe('patterns', () => {
  const fits = (text: string, name: string, ownKey?: string): boolean => {
    const patterns = new Patterns([text]);
    return patterns.fitsFolder(folder) && patterns.within(folder).fits({ name, ...(ownKey !== undefined && { key: ownKey }) });
  };

  const cases: [text: string, name: string, key: string | undefined, fits: boolean][] = [
    ['night', 'root.A.m', undefined, true],
    ['night/', 'root.A.m', undefined, true],
    ['cachenight', 'root.A.m', key, true],
    ['nigh', 'root.A.m', undefined, false],
    ['n*t/root.A.m', 'root.A.m', undefined, true],
    ['n?ght/root.A.m', 'root.A.m', key, true],
    ['night/root.A.m', 'root.A.map', undefined, false],
    ['night/root.A.*', 'root.A.map', undefined, true],
    ['night/root.A', 'root.A.m', undefined, false],
    ['night/root.A.m', 'rootxAxm', undefined, false],
    ['night/root.modes[3].M.m', 'root.modes[3].M.m', undefined, true],
    ['night/root.modes[3].M.m', 'root.modes3.M.m', undefined, false],
    ['night/root.A.m', 'root.A.m~0123456789abcdef', undefined, true],
    ['night/root.A.m/3f9a', 'root.A.m', key, true],
    ['night/root.A.m/3f/9a', 'root.A.m', key, true],
    ['night/root.A.m/9a', 'root.A.m', key, false],
    ['night/root.A.m/3f9a', 'root.A.m', undefined, false],
  ];
  for (const [text, name, ownKey, expected] of cases) {
    it(`${text} ${expected ? 'fits' : 'does not fit'} ${name}${ownKey === undefined ? '' : ' with a key'}`, () => {
      expect(fits(text, name, ownKey)).to.equal(expected);
    });
  }

  it('none fit all', () => {
    expect(new Patterns([]).within(folder).fits({ name: 'root.A.m' })).to.equal(true);
  });

  for (const text of ['', '/', '/etc', '..', '../x', 'night//x', 'a/b/c/d/e']) {
    it(`'${text}' is no pattern`, () => {
      expect(() => new Patterns([text])).to.throw(UsageError);
    });
  }
});
