import { expect } from 'chai';
import { InvalidTagError } from '#lib/base/errors.js';
import { checkFolderName, checkPrefix, checkTag, tmpdirOf } from '#lib/key/names/folder-name.js';

const CHECKS: Readonly<Record<string, (name: unknown) => void>> = { checkTag, checkPrefix, tmpdirOf };
const BAD: [what: string, value: unknown, message: string][] = [
  ['an empty name', '', 'empty'],
  ['undefined', undefined, 'must be a string'],
  ['null', null, 'not null'],
  ['a number', 5, 'not number'],
  ['a String object', Object('x'), 'not object'],
  ['.', '.', 'another name'],
  ['..', '..', 'another name'],
  ['a NUL', 'a\0b', 'NUL'],
  ['a control character', 'a\nb', 'control character'],
  ['a lone surrogate', 'a\ud800', 'surrogate'],
  ['a name too long', 'x'.repeat(256), '255'],
  ['a name too long in UTF-8 only', 'ö'.repeat(128), '255'],
];

for (const [name, check] of Object.entries(CHECKS)) {
  describe(name, () => {
    for (const [what, value, message] of BAD) {
      it(`refuses ${what}`, () => {
        expect(() => {
          check(value);
        })
          .to.throw(InvalidTagError, message)
          .with.property('code', 'STOWAGE_INVALID_TAG');
      });
    }

    it('takes ordinary names, and does not normalise them', () => {
      for (const good of ['2024', 'night 1', 'größe', '...', 'a..b', '天文', 'e\u0301', 'x'.repeat(255)]) check(good);
    });

    it('shows no control character and no novel in its message', () => {
      expect(() => {
        check('\u001b[31m' + 'x'.repeat(10_000));
      })
        .to.throw(InvalidTagError)
        .with.property('message')
        .that.matches(/^[^\u001b]{1,300}$/); // eslint-disable-line no-control-regex
    });
  });
}

describe('separators', () => {
  it('are refused in tags and prefixes', () => {
    for (const name of ['a/b', '/', '../x', 'a\\b']) {
      expect(() => {
        checkTag(name);
      }).to.throw(InvalidTagError, 'separator');
      expect(() => {
        checkPrefix(name);
      }).to.throw(InvalidTagError, 'separator');
    }
  });

  it('are what a tmpdir is made of', () => {
    for (const dir of ['/', '/tmp', './x', '../x', '/a/b/', '/' + 'x'.repeat(255)]) tmpdirOf(dir);
    expect(() => {
      tmpdirOf('/a'.repeat(2048));
    }).to.throw(InvalidTagError, 'longer');
    expect(() => {
      tmpdirOf('/' + 'x'.repeat(256));
    }).to.throw(InvalidTagError, 'longer');
  });
});

describe('checkFolderName', () => {
  it('counts prefix and tag together', () => {
    checkFolderName('cache', 'x'.repeat(250));
    expect(() => {
      checkFolderName('cache', 'x'.repeat(251));
    }).to.throw(InvalidTagError, 'together');
    expect(() => {
      checkFolderName('cache', '');
    }).to.throw(InvalidTagError, 'tag is empty');
    expect(() => {
      checkFolderName('', 'x');
    }).to.throw(InvalidTagError, 'prefix is empty');
  });
});
