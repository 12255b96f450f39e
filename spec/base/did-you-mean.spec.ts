import { expect } from 'chai';
import { didYouMean } from '#lib/base/did-you-mean.js';

describe('a mistyped name', () => {
  const slips: [typed: string, known: string[], meant: string | undefined][] = [
    ['imgae', ['rms', 'image', 'images'], 'image'],
    ['stor', ['hit', 'miss', 'store', 'stale'], 'store'],
    ['IMAGE', ['image'], 'image'],
    ['lfietime', ['lifetime', 'durable'], 'lifetime'],
    ['hitt', ['hit', 'wait'], 'hit'],
    ['dya', ['day', 'days'], 'day'],
    ['m', ['s', 'min'], undefined],
    ['root.Lab.none', ['root.Lab.cube'], undefined],
    ['root.Lab.cueb', ['root.Lab.none', 'root.Lab.cube'], 'root.Lab.cube'],
    ['banana', ['hit', 'miss', 'store'], undefined],
    ['x', [], undefined],
    ['', ['image'], undefined],
    ['a'.repeat(100_000), ['a'.repeat(100_000), 'image'], undefined],
  ];
  for (const [typed, known, meant] of slips) {
    it(`${typed.slice(0, 20)} is ${meant === undefined ? 'near to none' : `near to ${meant}`} of ${String(known.length)} names`, () => {
      expect(didYouMean(typed, known)).to.equal(meant === undefined ? '' : ` (did you mean '${meant}'?)`);
    });
  }
});
