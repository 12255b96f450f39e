import { expect } from 'chai';
import { Patterns } from '#lib/cli/choose/pattern.js';
import { UsageError } from '#lib/cli/terminal/errors.js';
import type { TagFolder } from '#lib/cli/choose/tag-folder.js';

const folderOf = (tag: string): TagFolder => ({
  path: `/data/cache${tag}`,
  folderName: `cache${tag}`,
  prefix: 'cache',
  tag,
});
const folder = folderOf('night');
const key = '3f9a'.padEnd(64, '0');

describe('patterns', () => {
  const fits = (text: string, name: string, ownKey?: string): boolean => {
    const patterns = new Patterns([text], [folder]);
    return (
      patterns.folders.includes(folder) &&
      patterns.within(folder).fits({ name, ...(ownKey !== undefined && { key: ownKey }) })
    );
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
    expect(new Patterns([], [folder]).within(folder).fits({ name: 'root.A.m' })).to.equal(true);
  });

  for (const text of ['', '/', '/etc', '..', '../x', 'night//x', 'a/b/c/d/e']) {
    it(`'${text}' is no pattern`, () => {
      expect(() => new Patterns([text], [folder])).to.throw(UsageError);
    });
  }

  const there = ['night', 'cachenight', 'dark'].map(folderOf);
  const picked: [text: string, tags: string[]][] = [
    // Whoever clears what begins with c, or holds an a, does not mean the prefix of every folder.
    ['c*', ['cachenight']],
    ['*a*', ['cachenight', 'dark']],
    ['?achedark', []],
    ['cac*', ['cachenight']],
    // The tag goes before the folder of that name.
    ['cachenight', ['cachenight']],
    ['cachedark', ['dark']],
    ['cached*', ['dark']],
    ['cachecachenight', ['cachenight']],
    ['cache', []],
  ];
  for (const [text, tags] of picked) {
    it(`${text} means ${tags.join(' and ') || 'none'} of ${there.map(({ tag }) => tag).join(', ')}`, () => {
      const patterns = new Patterns([text], there);
      expect(patterns.folders.map(({ tag }) => tag)).to.deep.equal(tags);
      expect(patterns.missing).to.deep.equal(tags.length === 0 ? [text] : []);
    });
  }
});
