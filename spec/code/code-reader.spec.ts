/* eslint-disable @typescript-eslint/unbound-method -- functions and classes are what is read */
import { createContext, runInContext, runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { type Code, CodeReader, type Part, differencesOf } from '#lib/code/index.js';

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
      ['a helper', 'function f() { return 1 } return () => f()', 'function f() { return 2 } return () => f()'],
      ['a helper of a helper', 'const g = () => 1, f = () => g(); return () => f()', 'const g = () => 2, f = () => g(); return () => f()'],
      ['a constant', 'const K = 3; return () => K', 'const K = 4; return () => K'],
      ['the type of a constant', 'const K = 3; return () => K', 'const K = "3"; return () => K'],
      ['which of two is meant', 'const a = 1, b = 2; return () => a - b', 'const a = 2, b = 1; return () => a - b'],
      ['data', 'const t = [1, { a: 2 }]; return (i) => t[i]', 'const t = [1, { a: 3 }]; return (i) => t[i]'],
      ['numbers in a typed array', 'const t = new Float64Array([1]); return (i) => t[i]', 'const t = new Float64Array([2]); return (i) => t[i]'],
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
    const digests = [classes(1, 1, 1), classes(2, 1, 1), classes(1, 2, 1), classes(1, 1, 2)].map(([fn, home]) => codeOf(fn, home).digest);
    expect(new Set(digests).size).to.equal(4);
    const [fn, home] = classes(1, 1, 1);
    expect(codeOf(fn, home).digest).to.equal(digests[0]);
    const heir = make<(parent: object) => object>('return (parent) => Object.create(parent, { k: { value: () => 5 } })')(home);
    expect(codeOf(fn, heir).digest).not.to.equal(digests[0]);
  });

  it('does not look into methods that are cached', () => {
    const A = make<{ prototype: { m: object; k: object } }>('return class { k() { return 1 } m() { return this.k() } }');
    const reader = new CodeReader({ isCached: (fn) => fn === A.prototype.k });
    expect(reader.codeOf(A.prototype.m, A.prototype).parts).to.deep.equal([]);
  });

  it('says that what changes as the program runs is not seen, and does not count its value', () => {
    const source = 'let n = 0; const memo = new Map(); return function f(k) { n++; memo.set(k, n); return memo.get(k) }';
    const f = make<(k: number) => number>(source);
    f(1);
    f(2);
    expect(codeOf(f).digest).to.equal(digest(source));
    expect(codeOf(f).opaque).to.have.members(['n: changes as the program runs', 'memo: changes as the program runs']);
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

  it('takes the text alone where that is asked for', () => {
    const f = make('const K = 3; const h = () => K; return () => h() + K');
    const code = new CodeReader({ depth: 'method' }).codeOf(f);
    expect(code).to.include({ depth: 'method', own: codeOf(f).own });
    expect(code.parts).to.deep.equal([]);
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
    const traps = '{ get() { askedBySpec("get") }, getOwnPropertyDescriptor() { askedBySpec("descriptor") }, ownKeys() { askedBySpec("keys"); return [] }, getPrototypeOf() { askedBySpec("prototype"); return null }, has() { askedBySpec("has") } }';
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
      ['bound many times', 'let f = () => 1; for (let i = 0; i < 3000; i++) f = f.bind(null, i); return f'],
      ['code made by new Function', 'return new Function("a", "return a + Math.PI")'],
      ['a deep chain', `return new Function("a", "return ${'a+'.repeat(20_000)}a")`],
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
      const code = codeOf(runInContext('const K = 2; function h() { return K } (() => h() + Math.max(1))', createContext({})) as object);
      expect(code.why).to.equal(undefined);
      expect(code.parts.map(({ name }) => name)).to.include('h');
    });

    it('thousands of helpers, and a module with thousands of exports', async () => {
      const count = 2000;
      const lines = Array.from({ length: count }, (_, i) => `export const f${i} = (x) => f${(i + 1) % count}(x) + ${i};`);
      const module = (await import(`data:text/javascript,${encodeURIComponent(lines.slice(0, 300).join('\n').replace(/f300\b/g, 'f0'))}`)) as Record<string, object>;
      const code = codeOf(module.f0 as object);
      expect(code.parts.length).to.be.greaterThan(0);
      expect(code.more).to.be.greaterThan(0);
    });
  });
});
