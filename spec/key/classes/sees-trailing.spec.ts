/* eslint-disable @typescript-eslint/unbound-method -- sources are read, not run */
import { expect } from 'chai';
import { seesTrailing, significantArguments } from '#lib/key/classes/sees-trailing.js';

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
    expect(significantArguments(prototype.rest, [1, undefined])).to.deep.equal([1, undefined]);
    expect(significantArguments(prototype.named, [undefined, 1, undefined])).to.deep.equal([undefined, 1]);
  });
});
