import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Node, parse, type Token, tokenizer, tokTypes } from 'acorn';
import { expect } from 'chai';
import { transformSync } from 'esbuild';
import { readFunction, readMember, readProgram } from '#lib/code/text/read.js';

const require = createRequire(import.meta.url);

/** Real programs, written by hand, and made from TypeScript. */
const files = ['acorn', 'chai', 'ml-matrix', 'simple-statistics'].map((name) => require.resolve(name));

/** Texts of the functions and classes in a program, in their order. */
function functionsIn(text: string): string[] {
  const found: string[] = [];
  const open: unknown[] = [parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { type, start, end } = next as Partial<Node>;
    if (/^(?:(?:Arrow)?Function|Class)(?:Declaration|Expression)$|^ArrowFunctionExpression$/.test(type ?? '')) {
      const source = text.slice(start, end);
      if (/^Arrow|^Class/.test(type ?? '') || /^(?:async\s*)?function\b/.test(source)) found.push(source);
    }
    open.push(...(Object.values(next) as unknown[]));
  }
  return found;
}

/** The canonical text, with numbers for what comes from outside. */
function canonical(source: string): string | undefined {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => numbers.get(name) ?? numbers.set(name, numbers.size).size - 1;
  return readFunction(source)
    ?.pieces.map((piece) =>
      typeof piece === 'string' ? piece : `<${numberOf(piece.name)} ${piece.members.join('.')}>`,
    )
    .join('');
}

/** All that is read of a function, save where it stands. */
function exact(source: string): string {
  const { pieces, members = [] } = readFunction(source) ?? { pieces: [] };
  const texts = pieces.map((piece) =>
    typeof piece === 'string' ? piece : [piece.name, ...piece.members, piece.bare, piece.dynamic].join('.'),
  );
  return JSON.stringify([texts, members.map((member) => member.source)]);
}

/** Signs, and others that can stand in their places. */
const SIGNS: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '%': '*',
  '**': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '||',
  '?.': '.',
  '&': '|',
  '|': '&',
  '<<': '>>',
  '>>': '>>>',
  '>>>': '>>',
  '=': '+=',
  '+=': '-=',
  '-=': '+=',
  '++': '--',
  '--': '++',
  '!': '~',
  '~': '!',
  '...': '',
  await: 'void',
  return: 'void ',
  this: 'self',
};

/** Another text in a token's place that means something else; `undefined` where none is known. */
function otherThan(raw: string, { type }: Token, before: Token | undefined): string | undefined {
  if (type === tokTypes.num) return raw.endsWith('n') ? `7${raw}` : `(${raw}+1)`;
  if (type === tokTypes.string) return `${raw.slice(0, 1)}zz${raw.slice(1)}`;
  if (type === tokTypes.template && raw !== '') return `${raw}zz`;
  if (type === tokTypes.name && before?.type === tokTypes.dot) return `${raw}$z`;
  return Object.hasOwn(SIGNS, raw) ? SIGNS[raw] : undefined;
}

/** Texts that differ from that of a function in one token, and in what they mean. */
function* variantsOf(source: string): Generator<string> {
  const begin = '_=(';
  const options = { ecmaVersion: 'latest', sourceType: 'module' } as const;
  const tokens = [...tokenizer(`${begin}${source})`, options)];
  for (const [at, token] of tokens.entries()) {
    const [start, end] = [token.start - begin.length, token.end - begin.length];
    if (start < 0 || end > source.length) continue;
    const other = otherThan(source.slice(start, end), token, tokens[at - 1]);
    if (other === undefined) continue;
    const variant = source.slice(0, start) + other + source.slice(end);
    try {
      parse(`${begin}${variant})`, options);
    } catch {
      continue;
    }
    yield variant;
  }
}

const namesIn = (source: string): string[] =>
  (readFunction(source)?.pieces ?? []).flatMap((piece) => (typeof piece === 'string' ? [] : piece.name));

describe('readFunction', () => {
  for (const file of files) {
    it(`reads every function of ${file.replace(/^.*node_modules./, '')}, and the same without white space`, () => {
      const text = readFileSync(file, 'utf8');
      expect(readProgram(text)).not.to.equal(undefined);
      const sources = functionsIn(text);
      for (const source of sources) expect(canonical(source), source).to.be.a('string');
      const short = sources.filter(({ length }) => length < 5000);
      for (const source of short.slice(0, 100)) {
        const { code } = transformSync(`_=(${source})`, { loader: 'js', minifyWhitespace: true, target: 'esnext' });
        const again = code.trim().replace(/^_\s*=\s*\(?|;$/g, '');
        const minified = canonical(again) ?? canonical(again.replace(/\)$/, ''));
        if (!/["'`/]|\d/.test(source)) expect(minified, source).to.equal(canonical(source));
      }
    });
  }

  for (const file of files) {
    it(`overlooks no token of the functions of ${file.replace(/^.*node_modules./, '')}`, () => {
      const sources = functionsIn(readFileSync(file, 'utf8')).filter(({ length }) => length < 600);
      let variants = 0;
      for (const source of sources.slice(0, 60)) {
        const text = exact(source);
        for (const variant of variantsOf(source)) {
          variants++;
          expect(exact(variant), `${source}\n${variant}`).not.to.equal(text);
        }
      }
      expect(variants).to.be.above(100);
    });
  }

  const names: [what: string, source: string, free: string][] = [
    ['a division is no regular expression', '(a) => a / b / c', 'b c'],
    ['a regular expression hides nothing', '() => /[/"]b/.test(c) || d', 'c d'],
    ['after a block comes one, after an object a division', '() => { {} /b/g; return {} / c / d }', 'c d'],
    ['templates within templates', '() => `${a}${`${b}}`}` + c', 'a b c'],
    ['parameters that look like an expression', '({ a, b: [c = d], ...e }, f = g) => a + c + e + f + h', 'd g h'],
    ['an asynchronous arrow, or a call', 'async (async) => async(await b) + c', 'b c'],
    ['patterns that are assigned', '() => { let a; [a, b.c] = d; ({ e: a = f } = g) }', 'b d f g'],
    ['loops', '() => { for (const a of b) for (c in d) for (let i = 0, n = e; ; ) f(a, i, n) }', 'b c d e f'],
    ['labels are no names', '() => { a: for (;;) { continue a } }', ''],
    ['members are no names', 'class { a = b; static c() { return this.d } get e() { return f } static { g() } [h] = 1 }', 'b f g h'],
    ['a catch without a name', '() => { try { a() } catch { b() } finally { c() } }', 'a b c'],
    ['variables that are declared below', '() => { a = 1; f(); { var a } return f; function f() {} }', ''],
    ['blocks have variables of their own', '() => { { let a = 1; a } return a }', 'a'],
    ['a line that goes on, and one that does not', '() => { let a = b\n++c\nreturn\nd }', 'b c d'],
    ['words that are names', '(of, get, set, static_, let_) => of + get + async + yield_ + from', 'async yield_ from'],
    ['names with escapes and letters of any language', '(\\u0061, größe) => a + größe + π', 'π'],
    ['new', '() => new a.B(new c, new (d())().e)', 'a c d'],
    ['what is there, or not', '(a) => a?.b?.[c]?.(d) ?? e', 'c d e'],
    ['generators', 'function* () { yield; yield* a; const b = yield\nc }', 'a c'],
    ['numbers before a dot', '() => 1..a + 1.5.b + 0x1f.c + 1e3.d + 10n + 1_0', ''],
  ]; // prettier-ignore
  for (const [what, source, free] of names) {
    it(what, () => {
      expect(namesIn(source).join(' ')).to.equal(free);
    });
  }

  it('gives up on what it cannot follow', () => {
    for (const text of [
      'function () { [native code] ( }',
      '(a',
      '() => `',
      "() => 'a",
      '() => a b',
      '() => { ) }',
      '{ a',
      '(a, [',
      'class { x y(',
      '',
    ]) {
      expect(readFunction(text), text).to.equal(undefined);
    }
    expect(readProgram('}')).to.equal(undefined);
  });

  it('gives members of classes with their texts', () => {
    const { members = [] } = readFunction('class A { #a = 1; static b() {} c = () => 1; d = f(() => 2, "d") }') ?? {};
    expect(members.map(({ name, isField, isFunction }) => [name, isField, isFunction])).to.deep.equal([
      ['#a', true, false],
      ['b', false, false],
      ['c', true, true],
      ['d', true, true],
    ]);
    for (const { source } of members) expect(readMember(source), source).not.to.equal(undefined);
  });
});
