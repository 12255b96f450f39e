/* eslint-disable @typescript-eslint/unbound-method -- sources are read, not run */
import { expect } from 'chai';
import { seesTrailing, significantArguments, withoutDefaults } from '#lib/key/classes/significant-arguments.js';

class Terms {
  named(_a: number, _b?: number): void {
    return;
  }
  spread(a: number[]): number {
    return Math.max(...a);
  }
  apart([_first, ..._others]: number[], { ..._all }: object = {}): void {
    return;
  }
  defaults(_a = Math.max(...[1, 2])): void {
    return;
  }
  /* arguments, ...rest */
  commented(_a: number): string {
    return 'arguments';
  }
  rest(..._terms: number[]): void {
    return;
  }
  restLast(_a: number, ..._terms: number[]): void {
    return;
  }
  counts(_a?: number): number {
    return arguments.length;
  }
  within(_a?: number): string {
    return `${arguments.length}`;
  }
}

describe('seesTrailing', () => {
  const { prototype } = Terms;
  const arrow = (..._terms: number[]): number => 0;
  const single = (a: number): number => a;

  it('is false for named parameters, whatever is spread elsewhere', () => {
    const methods = [
      prototype.named,
      prototype.spread,
      prototype.apart,
      prototype.defaults,
      prototype.commented,
      single,
    ];
    expect(methods.map(seesTrailing)).to.deep.equal(methods.map(() => false));
  });

  it('is true for rest parameters, for `arguments`, and for what has no source', () => {
    const methods = [
      prototype.rest,
      prototype.restLast,
      prototype.counts,
      prototype.within,
      arrow,
      single.bind(null),
      Math.max,
    ];
    expect(methods.map(seesTrailing)).to.deep.equal(methods.map(() => true));
  });

  it('keeps the undefineds that are seen, and drops the others', () => {
    expect(significantArguments(prototype.rest, [1, undefined], true)).to.deep.equal([1, undefined]);
    expect(significantArguments(prototype.named, [undefined, 1, undefined], true)).to.deep.equal([undefined, 1]);
  });
});

/** Functions as their source says them: what compiles these specs would write some literals otherwise. */
const f = (source: string): object => {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- text of this file
  return new Function(`return (${source});`)() as object;
};

describe('withoutDefaults', () => {
  const second = (source: string, arg: unknown): unknown => withoutDefaults(f(source), [1, arg])[1];

  const literals: [source: string, value: unknown][] = [
    ['1000', 1000],
    ['1e3', 1000],
    ['1_000', 1000],
    ['0xff', 255],
    ['.5', 0.5],
    ['-1', -1],
    ['-0', -0],
    ['0', 0],
    ['12n', 12n],
    ['-12n', -12n],
    ["'px'", 'px'],
    ['"it\'s"', "it's"],
    ['``', ''],
    ['`a,b)`', 'a,b)'],
    ['true', true],
    ['false', false],
    ['null', null],
  ];
  for (const [source, value] of literals) {
    it(`takes ${source} for what it is, in every kind of function`, () => {
      const kinds = [
        `(a, b = ${source}) => a`,
        `async (a, b /* , c */ = ${source}, ) => a`,
        `function (a, b = ${source}) {}`,
        `async function* name(a, b=${source}, c) {}`,
        `{ ['m(' + 1](a, b = ${source}) {} }['m(1']`,
        `class { static #x = 1; static m({ a = 2 }, b = ${source}) {} }.m`,
      ];
      expect(kinds.map((kind) => second(kind, value))).to.deep.equal(kinds.map(() => undefined));
      expect(kinds.map((kind) => second(kind, 'another'))).to.deep.equal(kinds.map(() => 'another'));
    });
  }

  it('tells 0 from -0, and 1 from 1n and from true', () => {
    expect(second('(a, b = 0) => a', -0)).to.equal(-0);
    expect(second('(a, b = -0) => a', 0)).to.equal(0);
    expect(second('(a, b = 1) => a', 1n)).to.equal(1n);
    expect(second('(a, b = 1) => a', true)).to.equal(true);
  });

  const others: [source: string, value: unknown][] = [
    ['function (a, b = 1000) { return arguments.length; }', 1000],
    ['(a, b = 1000, ...rest) => rest', 1000],
    ['function (a, b) { b = b === void 0 ? 1000 : b; }', 1000],
    ['(a, b = 500 + 500) => b', 1000],
    ['(a, b = a) => b', 1],
    ['(a, b = !0) => b', true],
    ['(a, b = - -1) => b', 1],
    ["(a, b = 'a\\x62') => b", 'ab'],
    ["(a, b = 'a\\x62') => b", 'a\\x62'],
    ['(a, { b } = 1000) => b', 1000],
    ['(a, [b = 1000]) => b', 1000],
    ['(a, b = {}) => b', 1000],
    ['(a, b = (c = 1000) => c) => b', 1000],
    ['(a, b = 010) => b', 8],
    ['(a, b = 010) => b', 10],
    ['(a, b = `${1000}`) => b', '1000'],
    ['(a, b = /1000/) => b', '/1000/'],
    ['((a, b = 1000) => b).bind(null)', 1000],
    ['new Proxy((a, b = 1000) => b, {})', 1000],
  ];
  for (const [source, value] of others) {
    it(`leaves ${String(value)} where it stands in a call of ${source}`, () => {
      expect(second(source, value)).to.equal(value);
    });
  }
});
