/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
import { runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { isNative, privateMember } from '#lib/key/classes/class-source.js';

const classOf = (body: string): object => runInThisContext(`(class A { ${body}\n })`) as object;

describe('privateMember', () => {
  const found: [source: string, member: string][] = [
    ['#x = 1;', '#x'],
    ['#x', '#x'],
    ['a = 1\n#x = 2', '#x'],
    ['static a\n= 1\n#x', '#x'],
    ['static s = 1; #x = 2;', '#x'],
    ['#method() {}', '#method'],
    ['async #method() {}', '#method'],
    ['*#method() {}', '#method'],
    ['get #value() { return 1; }', '#value'],
    ['a() { return /[}/]{2}/.test("}"); } #x;', '#x'],
    ['a() { return `${`}`}` } #x;', '#x'],
    ['a = { "}": 1 }; /* } */ #x; // }', '#x'],
    ['static { this.a = 1; } #x;', '#x'],
    ['["computed"]() {} #x;', '#x'],
    ['#größe = 1;', '#größe'],
    ['has(o) { return #x in o; } #x;', '#x'],
  ];
  for (const [source, member] of found) {
    it(`finds ${member} in ${JSON.stringify(source)}`, () => {
      expect(privateMember(classOf(source))).to.equal(member);
    });
  }

  const clean = [
    '',
    'a = 1;',
    'a = "#x";',
    "a = '#x';",
    'a = `#x ${1} #y`;',
    'a = /#x/;',
    'a() { return b / #x / 1; }'.replace('#x', '2'),
    '// #x',
    '/* #x */ a() {}',
    'static #count = 0; next() { return ++A.#count; }',
    'static async #load() {}',
    'a = "\\"}#x"; b = /\\/}#x/;',
    'a = `\\`}#x`;',
    'static get #one() { return 1; }',
    'static *#all() {}',
    'make() { return class { #x = 1; }; }',
    'a = "\\"#x";',
    '"#x" = 1;',
    '["#x"] = 1;',
  ];
  for (const source of clean) {
    it(`finds nothing in ${JSON.stringify(source)}`, () => {
      expect(privateMember(classOf(source))).to.equal(undefined);
    });
  }

  it('finds what a compiler made of private members', () => {
    expect(privateMember(classOf('x() { return __classPrivateFieldGet(this, _A_x, "f"); }'))).to.be.a('string');
  });

  it('is not misled by a toString of the class', () => {
    expect(privateMember(classOf('static toString() { return "class {}"; } #x;'))).to.equal('#x');
  });
});

describe('isNative', () => {
  it('is true of built-ins and bound functions alone', () => {
    expect([Map, Object, isNative.bind(null)].map(isNative)).to.deep.equal([true, true, true]);
    expect(
      [
        class {},
        function () {
          return 1;
        },
        () => '{ [native code] }',
      ].map(isNative),
    ).to.deep.equal([false, false, false]);
  });
});
