import { expect } from 'chai';
import ndarray from 'ndarray';
import { numbersOf } from '#lib/show/numbers.js';
import { numbersSvg } from '#lib/show/numbers-svg.js';
import { textsOf } from '../support/values/xml.js';

function drawn(value: unknown): string {
  const numbers = numbersOf(value);
  if (numbers === undefined) throw new Error('it is no array of numbers');
  return numbersSvg(numbers);
}

describe('the picture of an array', () => {
  it('is XML that names the range', () => {
    expect(textsOf(drawn(Float64Array.of(1, 2, -3.5)), 'text')).to.deep.equal(['-3.5 … 2']);
    expect(textsOf(drawn(ndarray(new Float64Array(6).fill(7), [2, 3])), 'text')).to.deep.equal(['7 … 7']);
    expect(textsOf(drawn(Float64Array.of(NaN, Infinity)), 'text')).to.deep.equal(['nothing finite']);
    expect(textsOf(drawn(ndarray(Float64Array.of(NaN), [1, 1])), 'text')).to.deep.equal(['nothing finite']);
  });

  it('breaks the line where there is no number', () => {
    const svg = drawn(Float64Array.of(NaN, 0, 1, NaN, NaN, 2));
    expect(svg.match(/points="[^"]*"/g)).to.deep.equal([
      'points="96.0,120.0 192.0,60.0"',
      'points="480.0,0.0 480.0,0.0"',
    ]);
  });

  it('has a colour for each cell of a map that is a number, neighbours of one colour in one piece', () => {
    const svg = drawn(ndarray(Float64Array.of(0, 0, NaN, 1), [2, 2]));
    expect(
      Array.from(svg.matchAll(/<path fill="(#\w+)" d="([^"]*)"/g), ([, fill, path]) => [fill, path]),
    ).to.deep.equal([
      ['#440154', 'M0 0h2v1h-2z'],
      ['#fde725', 'M1 1h1v1h-1z'],
    ]);
  });

  it('stays small, however large the array', () => {
    const noise = Float64Array.from({ length: 1 << 18 }, (_, i) => Math.sin(i * i));
    expect(drawn(noise).length).to.be.below(20_000);
    expect(drawn(ndarray(noise, [512, 512])).length).to.be.below(100_000);
  });
});
