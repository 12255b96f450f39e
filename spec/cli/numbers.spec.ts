import { expect } from 'chai';
import ndarray from 'ndarray';
import { heatMap, sparkline } from '#lib/cli/terminal/sparkline.js';
import { firstPlane, gridOf, numbersOf, runsOf, statisticsOf, type Numbers } from '#lib/show/numbers.js';

function numbers(value: unknown): Numbers {
  const found = numbersOf(value);
  if (found === undefined) throw new Error('it is no array of numbers');
  return found;
}

function elements(value: unknown): number[] {
  const array = numbers(value);
  return [...runsOf(array)].flatMap(({ start, step, count }) =>
    Array.from({ length: count }, (_, i) => Number(array.data[start + i * step])),
  );
}

describe('arrays as they are looked at', () => {
  const data = Float64Array.from({ length: 24 }, (_, i) => i);

  it('are followed in row-major order, however they lie', () => {
    const cube = ndarray(data, [2, 3, 4]);
    expect(elements(cube)).to.deep.equal([...data]);
    expect(elements(cube.transpose(2, 1, 0))).to.deep.equal([
      0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23,
    ]);
    expect(elements(cube.step(-1, 1, 2))).to.deep.equal([12, 14, 16, 18, 20, 22, 0, 2, 4, 6, 8, 10]);
    expect(elements(cube.pick(1, null, 2))).to.deep.equal([14, 18, 22]);
    expect(elements(ndarray(Float64Array.of(7), []))).to.deep.equal([7]);
    expect(elements(ndarray(new Float64Array(0), [0, 3]))).to.deep.equal([]);
    expect(elements(ndarray(new Float64Array(0), [3, 0]))).to.deep.equal([]);
  });

  it('have a range and a mean, with NaN counted aside', () => {
    expect(statisticsOf(numbers(Float32Array.of(NaN, 1, 3, NaN)))).to.deep.equal({
      count: 4,
      minimum: 1,
      maximum: 3,
      mean: 2,
      nan: 2,
    });
    expect(statisticsOf(numbers(BigInt64Array.of(-5n, 5n)))).to.deep.equal({
      count: 2,
      minimum: -5,
      maximum: 5,
      mean: 0,
      nan: 0,
    });
    expect(statisticsOf(numbers(Float64Array.of(-Infinity, 0)))).to.deep.equal({
      count: 2,
      minimum: -Infinity,
      maximum: 0,
      mean: -Infinity,
      nan: 0,
    });
    expect(statisticsOf(numbers(Float64Array.of(NaN)))).to.deep.equal({ count: 1, nan: 1 });
    expect(statisticsOf(numbers(new Uint8Array(0)))).to.deep.equal({ count: 0, nan: 0 });
  });

  it('are none where the elements are no numbers', () => {
    for (const value of [
      [1, 2],
      new Map(),
      'text',
      null,
      new DataView(new ArrayBuffer(8)),
      ndarray([1, 2] as never, [2]),
    ]) {
      expect(numbersOf(value)).to.equal(undefined);
    }
  });

  it('are drawn by the means of what falls together', () => {
    expect([...gridOf(numbers(Float64Array.of(0, 2, 4, 6, NaN, 8)), { rows: 1, columns: 3 }).means]).to.deep.equal([
      1, 5, 8,
    ]);
    const plane = firstPlane(numbers(ndarray(data, [2, 3, 4])));
    expect([...gridOf(plane, { rows: 1, columns: 2 }).means]).to.deep.equal([4.5, 6.5]);
    expect(gridOf(plane, { rows: 9, columns: 9 })).to.deep.include({ rows: 3, columns: 4 });
  });

  it('in characters show low and high, and where there is no number', () => {
    const line = (...values: number[]): string =>
      sparkline(gridOf(numbers(Float64Array.from(values)), { rows: 1, columns: 80 }));
    expect(line(0, 1, 2, 3, 4, 5, 6, 7)).to.equal('▁▂▃▄▅▆▇█');
    expect(line(7, NaN, 0)).to.equal('█·▁');
    expect(line(5, 5)).to.equal('▅▅');
    expect(line(-Infinity, 0, 1, Infinity)).to.equal('▁▁██');
    expect(line(NaN)).to.equal('·');
    expect(
      heatMap(gridOf(numbers(ndarray(Float64Array.of(0, 1, NaN, 0.5), [2, 2])), { rows: 9, columns: 9 })),
    ).to.deep.equal(['  ██', '··▒▒']);
  });
});
