/* eslint-disable @typescript-eslint/unbound-method -- functions and classes are what is read */
import { execFileSync } from 'node:child_process';
import { createContext, runInContext, runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { build as bundle } from 'esbuild';
import { CodeReader } from '#lib/code/code-reader.js';
import { type Code, type Part, MOST_PARTS } from '#lib/code/part/code.js';
import { differencesOf } from '#lib/code/part/difference.js';

/** Evaluates the statements in a function of their own, and gives what they return. */
function make<T = () => unknown>(statements: string): T {
  return (runInThisContext(`(function () { ${statements}\n })`) as () => T)();
}

function codeOf(fn: object, home?: object): Code {
  return new CodeReader().codeOf(fn, home);
}

function partOf(code: Code, name: string): Part | undefined {
  const open = [...code.parts];
  for (const part of open) {
    if (part.name === name) return part;
    open.push(...(part.parts ?? []));
  }
  return undefined;
}

const digest = (statements: string): string => codeOf(make(statements)).digest;

describe('CodeReader', () => {
  describe('the same code, written otherwise', () => {
    const same: [what: string, one: string, other: string][] = [
      ['white space and comments', 'return function (a) { return a + 1; }', 'return function(a){/* c */return a+1 // d\n}'],
      ['names of variables', 'return function (a) { let b = a; return b; }', 'return function (x) { let y = x; return y; }'],
      ['labels', 'return () => { a: for (;;) break a; }', 'return () => { b: for (;;) break b; }'],
      ['quotes and escapes', `return () => 'a"\\x41'`, 'return () => "a\\"A"'],
      ['numbers', 'return () => 1_000 + 0x10', 'return () => 1e3 + 16'],
      ['parentheses and trailing commas', 'return (a) => f((a), [a,],)\nfunction f(){}', 'return a => f(a, [a])\nfunction f(){}'],
      ['use strict', 'return function () { "use strict"; return 1 }', 'return function () { return 1 }'],
      ['shorthand', 'return (a) => ({ a })', 'return (b) => ({ "a": b })'],
      ['templates without parts', 'return () => `abc`', 'return () => "abc"'],
      ['void 0', 'return () => void 0', 'return () => undefined'],
      ['what a helper is called', 'function f() { return 1 } return () => f()', 'const g = function () { return 1 }; return () => g()'],
      ['constants', 'const K = 3; return () => K', 'return () => 3'],
      ['names that tools keep', 'return () => { const f = () => 1; return f() }',
        'const __name = (t, value) => Object.defineProperty(t, "name", { value, configurable: true }); return () => { const f = __name(() => 1, "f"); return f() }'],
    ]; // prettier-ignore
    for (const [what, one, other] of same) {
      it(what, () => {
        expect(digest(one)).to.equal(digest(other));
      });
    }
  });

  describe('other code', () => {
    const others: [what: string, one: string, other: string][] = [
      ['its own text', 'return (a) => a + 1', 'return (a) => a + 2'],
      ['a variable, or the number of its place', 'return (a) => a', 'return (a) => 0'],
      ['which variable', 'return (a, b) => a - b', 'return (a, b) => b - a'],
      ['a text, or the number in it', 'return () => "1"', 'return () => 1'],
      ['a name, or a text of that name', 'return () => NaN', 'return () => "NaN"'],
      ['let or var', 'return () => { for (let i = 0; ; ) return () => i }', 'return () => { for (var i = 0; ; ) return () => i }'],
      ['an optional member', 'return (a) => a.b', 'return (a) => a?.b'],
      ['spread', 'return (a) => [a]', 'return (a) => [...a]'],
      ['a getter', 'return { get m() { return 1 } }.__lookupGetter__("m")', 'return { m() { return 1 } }.m'],
      ['a static member', 'return class { m() {} }', 'return class { static m() {} }'],
      ['a computed name', 'const k = "a"; return () => ({ k: 1 })', 'const k = "a"; return () => ({ [k]: 1 })'],
      ['the raw text of a tag', 'return (t) => t`\\x41`', 'return (t) => t`A`'],
      ['where a label leads', 'return () => { a: for (;;) b: for (;;) break a }', 'return () => { a: for (;;) b: for (;;) break b }'],
      ['a helper', 'function f() { return 1 } return () => f()', 'function f() { return 2 } return () => f()'],
      ['a helper of a helper', 'const g = () => 1, f = () => g(); return () => f()', 'const g = () => 2, f = () => g(); return () => f()'],
      ['a constant', 'const K = 3; return () => K', 'const K = 4; return () => K'],
      ['the type of a constant', 'const K = 3; return () => K', 'const K = "3"; return () => K'],
      ['which of two is meant', 'const a = 1, b = 2; return () => a - b', 'const a = 2, b = 1; return () => a - b'],
      ['data', 'const t = [1, { a: 2 }]; return (i) => t[i]', 'const t = [1, { a: 3 }]; return (i) => t[i]'],
      ['numbers in a typed array', 'const t = new Float64Array([1]); return (i) => t[i]', 'const t = new Float64Array([2]); return (i) => t[i]'],
      ['a URL', 'const t = new URL("http://a/"); return () => t.host', 'const t = new URL("http://b/"); return () => t.host'],
      ['a format of numbers', 'const t = new Intl.NumberFormat("en"); return (i) => t.format(i)',
        'const t = new Intl.NumberFormat("de"); return (i) => t.format(i)'],
      ['what a symbol names', 'const s = Symbol("s"), o = { [s]: 1 }; return (i) => o[i]', 'const s = Symbol("s"), o = { [s]: 2 }; return (i) => o[i]'],
      ['what cannot be listed', 'const o = Object.defineProperty({}, "k", { value: 1 }); return (i) => o[i]',
        'const o = Object.defineProperty({}, "k", { value: 2 }); return (i) => o[i]'],
      ['what is inherited', 'const o = Object.create({ k: 1 }); return (i) => o[i]', 'const o = Object.create({ k: 2 }); return (i) => o[i]'],
      ['a Map', 'const t = new Map([["a", 1]]); return (i) => t.get(i)', 'const t = new Map([["a", 2]]); return (i) => t.get(i)'],
      ['a captured value', 'return ((k) => () => k)(1)', 'return ((k) => () => k)(2)'],
      ['what a wrapper wraps', 'const w = (f) => function () { return f.apply(this) }; return w(() => 1)',
        'const w = (f) => function () { return f.apply(this) }; return w(() => 2)'],
      ['what is bound', 'return ((a) => a).bind(null, 1)', 'return ((a) => a).bind(null, 2)'],
      ['the function that is bound', 'return ((a) => a).bind(null)', 'return ((a) => -a).bind(null)'],
      ['a bound object', 'return (function () { return this.k }).bind({ k: 1 })', 'return (function () { return this.k }).bind({ k: 2 })'],
      ['a static member', 'class A { static k = 1 } return () => A.k', 'class A { static k = 2 } return () => A.k'],
      ['a superclass', 'class B { m() { return 1 } } class A extends B {} return () => new A().m()',
        'class B { m() { return 2 } } class A extends B {} return () => new A().m()'],
      ['an accessor of a helper object', 'const o = { get k() { return 1 } }; return () => o.k', 'const o = { get k() { return 2 } }; return () => o.k'],
      ['a circle', 'const f = (n) => n ? g(n - 1) : 1, g = (n) => f(n); return f', 'const f = (n) => n ? g(n - 1) : 2, g = (n) => f(n); return f'],
      ['a method of a list', 'const t = [1]; return () => t.map(String)', 'const t = [1]; return () => t.filter(String)'],
      ['a regular expression', 'return () => /a/g', 'return () => /a/i'],
      ['await', 'return async (a) => await a', 'return async (a) => a'],
    ]; // prettier-ignore
    for (const [what, one, other] of others) {
      it(what, () => {
        expect(digest(one)).not.to.equal(digest(other));
      });
    }
  });

  it('follows the methods, getters, private members and super calls of the class, each concrete class its own', () => {
    const classes = (k: number, p: number, b: number): [object, object] => {
      const A = make<{ prototype: { m: object } }>(`
        class B { base() { return ${b} } }
        class A extends B { #p() { return ${p} } k() { return ${k} } m() { return this.k() + this.#p() + super.base() } }
        return A`);
      return [A.prototype.m, A.prototype];
    };
    const digests = [classes(1, 1, 1), classes(2, 1, 1), classes(1, 2, 1), classes(1, 1, 2)].map(
      ([fn, home]) => codeOf(fn, home).digest,
    );
    expect(new Set(digests).size).to.equal(4);
    const [fn, home] = classes(1, 1, 1);
    expect(codeOf(fn, home).digest).to.equal(digests[0]);
    const heir = make<(parent: object) => object>(
      'return (parent) => Object.create(parent, { k: { value: () => 5 } })',
    )(home);
    expect(codeOf(fn, heir).digest).not.to.equal(digests[0]);
  });

  describe('code in the fields of an object counts', () => {
    const held: [what: string, body: string, fields: string, more?: string][] = [
      ['a function', 'return this.f()', 'this.f = () => K'],
      ['a function from outside', 'return this.f()', 'this.f = outer', 'const outer = () => K;'],
      ['a method of a helper', 'return this.h.x()', 'this.h = new Helper()', 'class Helper { x() { return K } }'],
      ['a helper of a helper', 'return this.h.x()', 'this.h = new Helper()',
        'class Inner { y() { return K } } class Helper { constructor() { this.inner = new Inner() } x() { return this.inner.y() } }'],
      ['a helper that is used as a whole', 'return String(this.h)', 'this.h = new Helper()', 'class Helper { toString() { return K } }'],
      ['helpers in a list', 'return this.hs.map((h) => h.x())', 'this.hs = [new Helper()]', 'class Helper { x() { return K } }'],
      ['functions in a Map', 'return this.fs.get("a")()', 'this.fs = new Map([["a", () => K]])'],
      ['a function in the place of a method', 'return this.h()', 'this.h = () => K'],
      ['a helper behind a private field', 'return this.#h.x()', 'this.#h = new Helper()', 'class Helper { x() { return K } }'],
      ['what is used of all of it', 'const { h } = this; return h.x()', 'this.h = new Helper()', 'class Helper { x() { return K } }'],
    ]; // prettier-ignore
    const read = (k: number, [, body, fields, more = '']: (typeof held)[number]): Code => {
      const a = make<object>(
        `const K = ${k}; ${more} class A { #h; constructor() { ${fields} } m() { ${body} } h() { return 0 } } return new A()`,
      );
      const home = Object.getPrototypeOf(a) as { m: object };
      return new CodeReader().codeOf(home.m, home, a);
    };
    for (const each of held) {
      it(each[0], () => {
        expect(read(1, each).digest).to.equal(read(1, each).digest);
        expect(read(1, each).digest).not.to.equal(read(2, each).digest);
        expect(differencesOf(read(1, each), read(2, each))).to.eql(['constant K 1 → 2']);
      });
    }

    it('and state does not, nor what a method sets, nor what is cached', () => {
      const reader = new CodeReader({ isCached: ({ name }: { name?: string }) => name === 'cached' });
      const digestOf = (fields: string, name = 'm'): string => {
        const a = make<object>(
          `class Child { cached() { return ${Math.random()} } x() { return 1 } }
          class A { constructor() { ${fields} } m() { return this.k + this.data.k + this.child.cached() } late() { return this.l?.() } set() { this.l = () => 1 } }
          const a = new A(); return a`,
        );
        const home = Object.getPrototypeOf(a) as Record<string, object>;
        return reader.codeOf(home[name] as object, home, a).digest;
      };
      const plain = 'this.child = new Child(); this.data = { k: 1 }; this.k = 1';
      expect(digestOf(plain)).to.equal(digestOf(plain.replace('k: 1', 'k: 2').replace('k = 1', 'k = 2')));
      expect(digestOf(plain, 'late')).to.equal(digestOf(`${plain}; this.l = () => 2`, 'late'));
    });
  });

  describe('where all of this is used, all its methods count', () => {
    for (const [what, body, methods] of [
      ['a helper that gets it', 'return ((a) => a.k())(this)', 'k() { return K }'],
      ['its text', 'return `${this}`', 'toString() { return K }'],
      ['its members', 'return [...this]', '*[Symbol.iterator]() { yield K }'],
      ['another name of it', 'const self = this; return [1].map(function () { return self.k() })', 'k() { return K }'],
      ['its parts', 'const { k } = this; return k', 'get k() { return K }'],
      ['a made-up name', 'const n = "k"; return this[n]()', 'k() { return K }'],
    ] as const) {
      it(what, () => {
        const read = (k: number): string => {
          const home = make<{ prototype: { m: object } }>(
            `const K = ${k}; return class { m() { ${body} } ${methods} }`,
          ).prototype;
          return codeOf(home.m, home).digest;
        };
        expect(read(1)).to.equal(read(1));
        expect(read(1)).not.to.equal(read(2));
      });
    }
  });

  it('does not look into methods that are cached', () => {
    const A = make<{ prototype: { m: object; k: object } }>(
      'return class { k() { return 1 } m() { return this.k() } }',
    );
    const reader = new CodeReader({ isCached: (fn) => fn === A.prototype.k });
    expect(reader.codeOf(A.prototype.m, A.prototype).parts).to.deep.equal([]);
  });

  describe('what the program changes as it runs is not seen, and does not count', () => {
    const changing: [what: string, statements: string, name: string][] = [
      ['a variable', 'let k = 1; return { read: () => k, change: () => { k++ } }', 'k'],
      ['one assigned in a pattern', 'let k = 1; return { read: () => k, change: () => { [k] = [2] } }', 'k'],
      ['one that a loop assigns', 'let k = 1; return { read: () => k, change: () => { for (k of [2]); } }', 'k'],
      ['one that a field counts', 'let k = 1; class A { id = k++ } return { read: () => k, change: () => new A() }', 'k'],
      ['a function', 'let k = () => 1; return { read: () => k(), change: () => { k = () => 2 } }', 'k'],
      ['a member', 'const o = { k: 1 }; return { read: () => o.k, change: () => { o.k = 2 } }', 'o.k'],
      ['a member of what is read as a whole', 'const o = { k: 1 }; return { read: (i) => o[i], change: () => { o.k = 2 } }', 'o'],
      ['an element', 'const o = [1]; return { read: (i) => o[i], change: (i = 0) => { o[i] = 2 } }', 'o'],
      ['a Map', 'const m = new Map(); return { read: (i) => m.get(i), change: () => m.set(1, 1) }', 'm'],
      ['a list', 'const l = []; return { read: (i) => l[i], change: () => l.push(1) }', 'l'],
      ['a static member', 'class A { static k = 1; static c() { A.k++ } } return { read: () => A.k, change: () => A.c() }', 'A.k'],
      ['the state of an instance', 'class A { k = 1; c() { this.k++ } } const a = new A(); return { read: (i) => a[i], change: () => a.c() }', 'a'],
    ]; // prettier-ignore
    for (const [what, statements, name] of changing) {
      it(what, () => {
        const { read, change } = make<{ read: object; change: () => void }>(statements);
        const before = codeOf(read);
        change();
        const after = codeOf(read);
        expect(after.digest).to.equal(before.digest);
        expect(after.opaque.filter((each) => each.startsWith(`${name}: `))).to.have.length(1);
      });
    }

    it('a variable of a script that a loader made of another text in its file', () => {
      const text = '(function () { let k = 1; return { read: () => k, change: () => { k++ } } })';
      const makeBoth = runInThisContext(text, { filename: import.meta.filename }) as () => {
        read: object;
        change: () => void;
      };
      const { read, change } = makeBoth();
      const before = codeOf(read);
      change();
      expect(codeOf(read).digest).to.equal(before.digest);
    });

    it('says so where a member is named as the program runs', () => {
      const A = make<{ prototype: { m: object } }>('return class { m(k) { return this[k]() } }');
      expect(codeOf(A.prototype.m, A.prototype).opaque).to.deep.equal([
        'this[…]: names are made up as the program runs',
      ]);
    });

    it('says why', () => {
      expect(codeOf(make('let n = 0; return () => n++')).opaque).to.deep.equal(['n: changes as the program runs']);
    });

    const settled: [what: string, one: string, other: string][] = [
      ['what is set once at the top', 'let k; k = 1; return () => k', 'let k; k = 2; return () => k'],
      ['an enum', 'var E; (function (E) { E[E.A = 1] = "A" })(E || (E = {})); return () => E.A',
        'var E; (function (E) { E[E.A = 2] = "A" })(E || (E = {})); return () => E.A'],
      ['a table that a loop fills', 'const t = []; for (let i = 0; i < 3; i++) t.push(i); return (i) => t[i]',
        'const t = []; for (let i = 0; i < 4; i++) t.push(i); return (i) => t[i]'],
      ['another variable of the name', 'const k = 1; (() => { let k = 0; k++ })(); return () => k',
        'const k = 2; (() => { let k = 0; k++ })(); return () => k'],
      ['another member', 'const o = { k: 1, n: 0 }; (() => { o.n++ })(); return () => o.k',
        'const o = { k: 2, n: 0 }; (() => { o.n++ })(); return () => o.k'],
      ['a default value', 'const k = 1; ((k = 2) => k)(); return () => k', 'const k = 2; ((k = 2) => k)(); return () => k'],
      ['a class that counts', 'class A { static n = 0; m() { A.n++; return 1 } } return () => new A().m()',
        'class A { static n = 0; m() { A.n++; return 2 } } return () => new A().m()'],
      ['a method called set', 'const o = { k: 1, set() {} }; (() => { o.set() })(); return (i) => o[i]',
        'const o = { k: 2, set() {} }; (() => { o.set() })(); return (i) => o[i]'],
      ['the class of an instance', 'class A { m() { return 1 } } const a = new A(); return (i) => a[i]',
        'class A { m() { return 2 } } const a = new A(); return (i) => a[i]'],
    ]; // prettier-ignore
    for (const [what, one, other] of settled) {
      it(`${what} counts`, () => {
        expect(digest(one)).not.to.equal(digest(other));
      });
    }
  });

  it('says in words what changed', () => {
    const read = (gain: number, scale: string): Code =>
      codeOf(make(`const GAIN = ${gain}; function scale(x) { return x * ${scale} } return (x) => scale(x) * GAIN`));
    expect(differencesOf(read(3, '2'), read(4, '2'))).to.deep.equal(['constant GAIN 3 → 4']);
    expect(differencesOf(read(3, '2'), read(3, '3'))).to.have.length(1);
    expect(differencesOf(read(3, '2'), read(3, '3'))[0]).to.match(/^helper scale .*changed$/);
    expect(differencesOf(read(3, '2'), read(3, '2'))).to.deep.equal([]);
  });

  it('names an installed package by its version, and the functions of Node by their names', async () => {
    const { parse } = await import('acorn');
    const { join } = await import('node:path');
    const code = codeOf((text: string) => parse(join(text), { ecmaVersion: 'latest' }));
    expect(partOf(code, 'parse')).to.include({ kind: 'package', file: 'acorn' });
    expect(partOf(code, 'parse')?.value).to.match(/^acorn@8/);
    expect(partOf(code, 'join')).to.include({ kind: 'builtin', value: 'join' });
  });

  it('takes what Node says of where the program runs for no code', async () => {
    const from = async (text: string): Promise<string> => {
      const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { f: object };
      return codeOf(module.f).digest;
    };
    const digests = [
      'import { pid } from "node:process"; export const f = () => pid',
      'import { pid as one } from "process"; export const f = () => one',
      'import * as p from "node:process"; export const f = () => p.pid',
      'import p from "node:process"; export const f = () => p.pid',
    ].map(from);
    expect(new Set(await Promise.all(digests)).size).to.equal(1);
    const code = codeOf(make('const pid = 3; return () => pid'));
    expect(code.digest).not.to.equal(await digests[0]);
    const { f } = (await import(
      `data:text/javascript,${encodeURIComponent('import { pid } from "node:process"; export const f = () => pid')}`
    )) as { f: object };
    expect(codeOf(f).parts).to.deep.include({
      name: 'pid',
      kind: 'builtin',
      digest: codeOf(f).parts[0]?.digest,
      value: 'pid',
    });
  });

  it('takes the text alone where that is asked for', () => {
    const f = make('const K = 3; const h = () => K; return () => h() + K');
    const code = new CodeReader({ depth: 'method' }).codeOf(f);
    expect(code).to.include({ depth: 'method', own: codeOf(f).own });
    expect(code.parts).to.deep.equal([]);
  });

  describe('what a program puts among what came with the engine', () => {
    const globals = globalThis as { gainOfSpec?: unknown; scaleOfSpec?: unknown };
    const maths = Math as { clampOfSpec?: unknown };
    afterEach(() => {
      delete globals.gainOfSpec;
      delete globals.scaleOfSpec;
      delete maths.clampOfSpec;
    });
    const others: [what: string, text: string, put: (value: number) => void][] = [
      ['a value', '() => globalThis.gainOfSpec', (value) => (globals.gainOfSpec = value)],
      ['a value by its longer name', '() => global.globalThis.gainOfSpec', (value) => (globals.gainOfSpec = value)],
      ['a function', '() => globalThis.scaleOfSpec(1)', (value) => (globals.scaleOfSpec = make(`return () => ${value}`))],
      ['a function of Math', '() => Math.clampOfSpec(1)', (value) => (maths.clampOfSpec = make(`return () => ${value}`))],
    ]; // prettier-ignore
    for (const [what, text, put] of others) {
      it(`counts: ${what}`, () => {
        const of = (value: number): string => {
          put(value);
          return digest(`return ${text}`);
        };
        expect(of(1)).to.equal(of(1)).and.not.equal(of(2));
      });
    }

    it('is named', () => {
      maths.clampOfSpec = make('return () => 1');
      expect(partOf(codeOf(make('return () => Math.clampOfSpec(1)')), 'Math.clampOfSpec')).to.include({
        kind: 'helper',
      });
    });

    it('does not count where it is an object, which is filled as the program runs', () => {
      const of = (value: unknown): string => {
        globals.gainOfSpec = value;
        return digest('return () => globalThis.gainOfSpec.k');
      };
      expect(of({ k: 1 })).to.equal(of({ k: 2 }));
    });

    it('does not count where a variable of the same name stands before it', () => {
      const of = (value: number): string => {
        globals.gainOfSpec = value;
        return digest('return (globalThis) => globalThis.gainOfSpec');
      };
      expect(of(1)).to.equal(of(2));
    });

    it('leaves what came with it as its name', () => {
      expect(
        codeOf(make('return () => [Math.PI, globalThis.Math.max(1), Array.from([]), globalThis.isNaN(1)]')).parts,
      ).to.deep.equal([]);
    });
  });

  describe('bad input', () => {
    let asked: string[];
    beforeEach(() => {
      asked = [];
      (globalThis as { askedBySpec?: (what: string) => void }).askedBySpec = (what) => void asked.push(what);
    });
    afterEach(() => {
      delete (globalThis as { askedBySpec?: unknown }).askedBySpec;
      expect(asked).to.deep.equal([]);
    });
    const traps =
      '{ get() { askedBySpec("get") }, getOwnPropertyDescriptor() { askedBySpec("descriptor") }, ownKeys() { askedBySpec("keys"); return [] }, getPrototypeOf() { askedBySpec("prototype"); return null }, has() { askedBySpec("has") } }';
    const inputs: [what: string, statements: string][] = [
      ['a getter', 'const o = { get k() { askedBySpec("k"); return 1 } }; return () => o.k + JSON.stringify(o)'],
      ['a getter of an array', 'const o = [1]; Object.defineProperty(o, 0, { get() { askedBySpec("0") } }); return (i) => o[i]'],
      ['a proxy', `const p = new Proxy({}, ${traps}); return (i) => p.a + p[i]`],
      ['a proxy of a function', `const p = new Proxy(() => 1, ${traps}); return () => p() + p.a`],
      ['a proxy in data', `const o = { p: new Proxy({}, ${traps}) }; return (i) => o[i]`],
      ['a prototype that is a proxy', `const o = Object.create(new Proxy({}, ${traps})); return (i) => o.x + o[i]`],
      ['a class that extends a proxy', `const P = new Proxy(class {}, { getOwnPropertyDescriptor() { askedBySpec("d") }, ownKeys() { askedBySpec("o"); return [] } }); return class extends P {}`],
      ['a revoked proxy', 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return () => proxy.a'],
      ['static members that describe themselves', 'return class { static e = Object.defineProperty(new Error("x"), "stack", { get() { askedBySpec("stack") } }); static get name() { askedBySpec("name") } }'],
      ['an error class that describes itself', 'class E extends Error { get message() { askedBySpec("message") } get name() { askedBySpec("name") } } return class { static e = new E() }'],
      ['an object that looks like a list', 'class L { get splice() { askedBySpec("splice") } } return class { static l = new L() }'],
      ['toString of its own', 'return Object.assign(() => 1, { toString() { askedBySpec("toString") } })'],
      ['a variable that is not set yet', 'const f = () => late; return f; const late = 1'],
      ['computed names', 'const k = "a"; return class { [k]() { return 1 } static ["b" + k] = 2; get [Symbol.iterator]() { return 1 } }'],
      ['a native function', 'return Math.max'],
      ['a native function that is bound', 'return Math.max.bind(null, 1)'],
      ['bound many times', 'let f = () => 1; for (let i = 0; i < 300; i++) f = f.bind(null, i); return f'],
      ['code made by new Function', 'return new Function("a", "return a + Math.PI")'],
      ['what the parser cannot read', `return new Function("a", "return ${'a+'.repeat(20_000)}a")`],
      ['a circle of objects', 'const o = { a: [] }; o.a.push(o); return (i) => o[i]'],
      ['a deep object', 'let o = null; for (let i = 0; i < 5000; i++) o = { o }; const d = o; return (i) => d[i]'],
      ['huge data', 'const o = new Array(1e6).fill(1), b = new Float64Array(1e6); return (i) => o[i] + b[i]'],
      ['with', 'return new Function("o", "with (o) { return function () { return k } }")({ get k() { askedBySpec("k") } })'],
      ['a symbol', 'const s = Symbol("s"); return () => s'],
      ['a regular expression with flags of its own', 'const r = Object.defineProperty(/a/, "flags", { get() { askedBySpec("flags") } }); return () => r.test("a")'],
      ['generators', 'return async function* () { for await (const x of []) yield* x }'],
      ['a slot that is gone', 'const b = new ArrayBuffer(8); const v = new Uint8Array(b); structuredClone(b, { transfer: [b] }); return (i) => v[i]'],
    ]; // prettier-ignore
    for (const [what, statements] of inputs) {
      it(what, () => {
        const fn = make<object>(statements);
        asked.length = 0; // an error asks for its texts where it is made
        const code = codeOf(fn);
        expect(code.why).to.equal(undefined);
        expect(code.digest).to.match(/^[0-9a-f]{32}$/);
        expect(new CodeReader().codeOf(fn).digest).to.equal(code.digest);
      });
    }

    it('another context', () => {
      const code = codeOf(
        runInContext('const K = 2; function h() { return K } (() => h() + Math.max(1))', createContext({})) as object,
      );
      expect(code.why).to.equal(undefined);
      expect(code.parts.map(({ name }) => name)).to.include('h');
    });

    it('a module with 2,000 exports that call each other', async () => {
      const count = 2000;
      const lines = Array.from(
        { length: count },
        (_, i) => `export const f${i} = (x) => f${(i + 1) % count}(x) + ${i};`,
      );
      const module = (await import(`data:text/javascript,${encodeURIComponent(lines.join('\n'))}`)) as { f0: object };
      const code = codeOf(module.f0);
      expect(code.why).to.equal(undefined);
      expect(code.more).to.equal(count - 1 - MOST_PARTS);
      const other = lines.with(-1, `export const f${count - 1} = (x) => f0(x);`).join('\n');
      const changed = (await import(`data:text/javascript,${encodeURIComponent(other)}`)) as { f0: object };
      expect(codeOf(changed.f0).digest).not.to.equal(code.digest);
    });

    it('a minified bundle', async () => {
      const { outputFiles } = await bundle({
        stdin: { contents: 'export * from "simple-statistics"', resolveDir: import.meta.dirname },
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
      });
      const [{ text } = { text: '' }] = outputFiles;
      const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Record<string, unknown>;
      const reader = new CodeReader();
      const functions = Object.values(module).filter((value) => typeof value === 'function');
      expect(functions).to.have.length.greaterThan(50);
      for (const fn of functions) expect(reader.codeOf(fn).why).to.equal(undefined);
    });
  });

  it('holds nothing of what it has read', async () => {
    const reader = new CodeReader();
    const held = ((): WeakRef<object>[] => {
      const data = { numbers: [1, 2, 3] };
      const [fn, helper] = make<(data: object) => [object, object]>(
        'return (data) => { const helper = () => data.numbers; return [() => helper(), helper] }',
      )(data);
      reader.codeOf(fn);
      return [data, fn, helper].map((each) => new WeakRef(each));
    })();
    for (let turn = 0; turn < 100 && held.some((each) => each.deref() !== undefined); turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc?.();
    }
    expect(held.map((each) => each.deref())).to.deep.equal([undefined, undefined, undefined]);
  });

  it('takes the text alone where there is no inspector, and says so', () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    const reader = import.meta.resolve('#lib/code/code-reader.js');
    const script = `import { CodeReader } from ${JSON.stringify(reader)};
      const K = 3;
      console.log(JSON.stringify(new CodeReader().codeOf(() => K)));`;
    const options = [flag, '--allow-fs-read=*', '--no-warnings', '--input-type=module', '--eval', script];
    const code = JSON.parse(execFileSync(process.execPath, options, { encoding: 'utf8' })) as Code;
    const K = 3;
    expect(code).to.include({ depth: 'method', own: codeOf(() => K).own });
    expect(code.why).to.match(/^there is no inspector: /);
  });
});
