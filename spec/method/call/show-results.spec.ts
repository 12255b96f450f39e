import { createRequire } from 'node:module';
import { expect } from 'chai';
import { runCell } from '../../support/output/notebook-cell.js';

const require = createRequire(import.meta.url);

/** A root with a cached method that gives a value. */
function resultOf(value: string, options = '{}'): string {
  return `
    const ndarray = require(${JSON.stringify(require.resolve('ndarray'))});
    const arrow = require(${JSON.stringify(require.resolve('apache-arrow'))});
    class Night { result() { return ${value}; } }
    const descriptor = Object.getOwnPropertyDescriptor(Night.prototype, 'result');
    Object.defineProperty(Night.prototype, 'result', stowage.cacheOnDisk(${options})(Night.prototype, 'result', descriptor));
    const nightOf = (tag) => { const night = new Night(); stowage.setTag(night, tag); return night; };
  `;
}

describe('a result of a cached method, at the end of a cell', () => {
  it('is a picture where it is an array, with its range beside it, computed and loaded alike', () => {
    const { displayed, logged } = runCell(`
      ${resultOf('Float32Array.of(1, 2, NaN, 6)')}
      show(nightOf('t').result());
      show(nightOf('t').result());
    `);
    expect(displayed).to.have.length(2);
    expect(displayed[0]).to.match(/^svg <svg .*<polyline/);
    expect(displayed[1]).to.equal(displayed[0]);
    expect(logged.split('\n')[0]).to.equal('Float32Array 4; minimum 1, maximum 6, mean 3; 1 NaN');
  });

  it('is a map where it has two dimensions, and its first plane where it has more', () => {
    const { displayed, logged } = runCell(`
      ${resultOf('ndarray(new Float64Array(24).map((_, i) => i), [2, 3, 4])')}
      show(nightOf('t').result());
    `);
    expect(displayed[0]).to.match(/^svg <svg .*<path .*>0 … 11<\/text>/);
    expect(logged).to.equal('ndarray<Float64Array> 2 × 3 × 4; minimum 0, maximum 23, mean 11.5; shown is [0, :, :]');
  });

  it('is a table of its first rows where it is an Arrow table, and what stands in it is no HTML', () => {
    const { displayed, logged } = runCell(`
      ${resultOf("arrow.tableFromArrays({ n: Float64Array.from({ length: 12 }, (_, i) => i), name: Array(12).fill('<b>&') })")}
      show(nightOf('t').result());
    `);
    expect(displayed[0]).to.match(/^html <table>/);
    expect(displayed[0]?.match(/<tr>/g)).to.have.length(11);
    expect(displayed[0]).to.include('&lt;b&gt;&amp;').and.not.include('<b>');
    expect(logged).to.equal('Arrow table of 12 rows and 2 columns, the first 10 shown');
  });

  it('changes nothing for arrays that no cached method gave, nor for what a result is', () => {
    const { displayed, logged } = runCell(`
      ${resultOf('Float64Array.of(1, 2)')}
      const given = nightOf('t').result();
      show(Float64Array.of(1, 2));
      show([given]);
      show(Reflect.ownKeys(given).length);
      show(stowage.explain(nightOf('t'), 'result').state);
    `);
    expect(displayed).to.deep.equal([]);
    expect(logged).to.equal('Float64Array(2) [ 1, 2 ]\n[ Float64Array 2; minimum 1, maximum 2, mean 1.5 ]\n2\ndisk');
  });

  it('is shown by Node where there is nothing to draw', () => {
    const { displayed, logged } = runCell(`
      ${resultOf('({ strehl: 0.5 })')}
      show(nightOf('t').result());
    `);
    expect(displayed).to.deep.equal([]);
    expect(logged).to.equal('{ strehl: 0.5 }');
  });
});
