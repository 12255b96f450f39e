import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  cacheOnDisk,
  configure,
  getDiskCacher,
  setLogfile,
  setMemoryBudget,
  setPrefix,
  setTag,
  setTmpdir,
  untag,
} from 'stowage';
import { codeThrownBy, filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Member {
  @cacheOnDisk
  value(): number {
    return computations++;
  }
}

class Analyzer extends Member {
  member = new Member();

  @cacheOnDisk
  own(): number {
    return computations++;
  }

  notCached(): number {
    return 1;
  }

  get notCachedEither(): number {
    throw new Error('a getter was touched');
  }
}

class Stranger {
  @cacheOnDisk
  elsewhere(): number {
    return computations++;
  }
}

const badNames: [what: string, name: unknown][] = [
  ['empty', ''],
  ['with a separator', 'a/b'],
  ['with the other separator', 'a\\b'],
  ['that is absolute', '/etc'],
  ['that is the folder itself', '.'],
  ['that is the parent folder', '..'],
  ['that leads out', '../x'],
  ['with a NUL', 'a\0b'],
  ['with a line break', 'a\nb'],
  ['with a control character', 'a\u001bb'],
  ['with half of a surrogate pair', 'a\ud800'],
  ['longer than the file system allows', 'x'.repeat(256)],
  ['longer than the file system allows, in bytes', 'é'.repeat(128)],
  ['undefined', undefined],
  ['null', null],
  ['a number', 2024],
  ['a Date', new Date(0)],
  ['an array', ['a']],
  ['a String object', Object('a')],
];
const badFolders = badNames.filter(([, name]) => !['a/b', 'a\\b', '/etc', '.', '..', '../x'].includes(name as string));

describe('bad input', () => {
  let dir: string;
  let analyzer: Analyzer;
  let places: () => string[];
  beforeEach(() => {
    dir = temporaryFolder();
    analyzer = tagIn(dir, new Analyzer());
    places = () => [getDiskCacher(analyzer, 'own').fullpath(), getDiskCacher(analyzer.member, 'value').fullpath()];
  });

  /** Calls with arguments that TypeScript would refuse. */
  const call = (of: object, method: string, ...args: unknown[]): unknown =>
    Reflect.apply(Reflect.get(of, method) as () => unknown, of, args);

  /** An error with this code, and nothing different in memory or on disk. */
  function expectRefused(code: string, action: () => unknown): void {
    const values = [analyzer.own(), analyzer.member.value()];
    const before = [...places(), ...filesIn(dir)];
    expect(codeThrownBy(action)).to.equal(code);
    expect([...places(), ...filesIn(dir)]).to.eql(before);
    expect([analyzer.own(), analyzer.member.value()]).to.eql(values);
  }

  for (const [what, name] of badNames) {
    it(`a tag or prefix ${what} is refused`, () => {
      const fresh = new Analyzer();
      for (const set of [setTag, setPrefix]) {
        expectRefused('STOWAGE_INVALID_TAG', () => Reflect.apply(set, undefined, [analyzer, name]) as unknown);
        expectRefused('STOWAGE_INVALID_TAG', () => Reflect.apply(set, undefined, [fresh, name]) as unknown);
      }
      const cacher = getDiskCacher(analyzer, 'own');
      expectRefused('STOWAGE_INVALID_TAG', () => call(cacher, 'setTag', name, 'root'));
      expectRefused('STOWAGE_INVALID_TAG', () => call(cacher, 'setPrefix', name));
      expect(codeThrownBy(() => getDiskCacher(fresh, 'own').fullpath())).to.equal('STOWAGE_TAG_NOT_SET');
    });
  }

  for (const [what, folder] of badFolders) {
    it(`a tmpdir ${what} is refused`, () => {
      expectRefused('STOWAGE_INVALID_TAG', () => Reflect.apply(setTmpdir, undefined, [analyzer, folder]) as unknown);
      const cacher = getDiskCacher(analyzer, 'own');
      expectRefused('STOWAGE_INVALID_TAG', () => call(cacher, 'setTmpdir', folder));
    });
  }

  it('a tag and a prefix that are too long together are refused, whichever comes last', () => {
    setPrefix(analyzer, 'p'.repeat(200));
    expectRefused('STOWAGE_INVALID_TAG', () => {
      setTag(analyzer, 't'.repeat(56));
    });
    setTag(analyzer, 't'.repeat(55));
    expectRefused('STOWAGE_INVALID_TAG', () => {
      setPrefix(analyzer, 'p'.repeat(201));
    });
  });

  it('a tag of the greatest length is taken', () => {
    setTag(analyzer, 't'.repeat(250));
    expect(existsSync(join(dir, `cache${'t'.repeat(250)}`))).to.equal(false);
    expect(analyzer.own()).to.equal(analyzer.own());
    expect(filesIn(dir)).to.have.length(1);
  });

  for (const root of [undefined, null, 3, 'night', true, 1n, Symbol('s')]) {
    it(`${String(root)} is no root`, () => {
      for (const set of [setTag, setPrefix, setTmpdir, untag]) {
        expectRefused('STOWAGE_INVALID_OPTION', () => Reflect.apply(set, undefined, [root, 'x']) as unknown);
      }
      expectRefused('STOWAGE_NOT_CACHED', () => Reflect.apply(getDiskCacher, undefined, [root, 'own']) as unknown);
    });
  }

  it('a method that is not cached has no cacher, whichever way it is named', () => {
    const stranger = new Stranger();
    const wrong: unknown[] = [
      'notCached',
      'notCachedEither',
      'noSuchMethod',
      'member',
      '',
      'constructor',
      'toString',
      Symbol('own'),
      Symbol.iterator,
      analyzer.notCached.bind(analyzer),
      () => 1,
      stranger.elsewhere.bind(stranger),
      Reflect.get(stranger, 'elsewhere'),
      undefined,
      null,
      3,
      {},
      analyzer,
    ];
    for (const method of wrong) {
      expectRefused('STOWAGE_NOT_CACHED', () => Reflect.apply(getDiskCacher, undefined, [analyzer, method]) as unknown);
    }
  });

  it('an instance name that is none is refused', () => {
    const cacher = getDiskCacher(analyzer, 'own');
    for (const name of ['', undefined, null, 3]) {
      expectRefused('STOWAGE_INVALID_OPTION', () => call(cacher, 'setTag', 't', name));
    }
  });

  it('a configuration, a budget or a log file that is none is refused', () => {
    const wrong: [action: (...args: never[]) => unknown, ...args: unknown[]][] = [
      [configure, { lifetimes: 3 }],
      [configure, { key: () => 1 }],
      [configure, { readonly: 1 }],
      [configure, { readonly: true, permissions: 0o070 }],
      [configure, { readonly: true, lifetime: -3 }],
      [configure, undefined],
      [configure, null],
      [configure, 'readonly'],
      [setMemoryBudget, -1],
      [setMemoryBudget, NaN],
      [setMemoryBudget, '1 GB'],
      [setMemoryBudget, undefined],
      [setLogfile, join('/no', 'such', 'folder', 'log')],
      [setLogfile, join(dir, 'log'), { level: 'loud' }],
    ];
    for (const [action, ...args] of wrong) {
      expectRefused('STOWAGE_INVALID_OPTION', () => Reflect.apply(action, undefined, args));
    }
    // Nothing of what was refused holds in part: results are still written.
    analyzer.value();
    expect(filesIn(dir)).to.have.length(3);
  });
});
