/* eslint-disable @typescript-eslint/unbound-method -- their source is read, they are not called */
import { expect } from 'chai';
import { namesOfParameters } from '#lib/key/names/names-of-parameters.js';

const name = Symbol('name');
const text = 'a(b' as const;
const nothing = (): number => 0;

class Methods {
  plain(_a: number, _b: string): number {
    return 0;
  }
  none(): number {
    return 0;
  }
  async later(_a: number): Promise<number> {
    await Promise.resolve();
    return 0;
  }
  *lazy(_a: number): Generator<number> {
    yield 0;
  }
  [name](_a: number, _b: number): number {
    return 0;
  }
  [text](_c: number): number {
    return 0;
  }
  'a, b'(_c: number): number {
    return 0;
  }
  defaults(_a = [1, 2], _b = nothing(), _c = { x: 1 }, _d = `${text}},`): number {
    return 0;
  }
  apart({ x }: { x: number }, [y]: number[], ..._rest: number[]): number {
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion
    return x + y!;
  }
  commented(/* first, */ _a: number, _b: number): number {
    return 0;
  }
}

describe('namesOfParameters', () => {
  const cases: readonly [method: string | symbol, names: string[]][] = [
    ['plain', ['_a', '_b']],
    ['none', []],
    ['later', ['_a']],
    ['lazy', ['_a']],
    [name, ['_a', '_b']],
    ['a(b', ['_c']],
    ['a, b', ['_c']],
    ['defaults', ['_a', '_b', '_c', '_d']],
    ['apart', ['', '', '_rest']],
    ['commented', ['_a', '_b']],
  ];
  for (const [method, names] of cases) {
    it(`reads ${String(method)}(${names.join(', ')})`, () => {
      expect(namesOfParameters(Methods.prototype[method as 'plain'])).to.deep.equal(names);
    });
  }
});
