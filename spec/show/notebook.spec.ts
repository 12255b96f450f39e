import { expect } from 'chai';
import { runCell, type ShownByCell } from '../support/output/notebook-cell.js';

/** What a cell shows in which a class and the functions of the package are at hand. */
function shownBy(cell: string): ShownByCell {
  return runCell(`
    const { Analyzer, AnalyzerSet, cacheOnDisk, explainAll, lineage, verify } = stowage;
    class Night extends Analyzer { strehl() { return 0.5; } }
    Object.defineProperty(Night.prototype, 'strehl', cacheOnDisk(Night.prototype, 'strehl', Object.getOwnPropertyDescriptor(Night.prototype, 'strehl')));
    ${cell}`);
}

describe('a notebook', () => {
  it('shows an analyzer and the results of a set as tables, and a line of text beside them', () => {
    const { displayed, logged } = shownBy(`
      const night = Night.get('<night>');
      night.strehl();
      show(night);
      show(new AnalyzerSet(Night, ['<night>', 'other']).each((night) => night.strehl()));
    `);
    expect(displayed).to.have.length(2);
    expect(displayed[0]).to.match(
      /^html <table>\n<caption .*>Night &lt;night&gt;: 1 result, .*<td [^>]*>Night\.strehl<\/td>/s,
    );
    expect(displayed[1]).to.match(/&lt;night&gt;<\/td><td [^>]*right">0\.5<\/td>/);
    expect(logged).to.match(/^Night <night>: 1 result, 3 B, .*\nresults of 2 tags, 0 failed$/);
  });

  it('shows a lineage as a picture, and reports as tables', () => {
    const { displayed, beside } = shownBy(`
      const night = Night.get('night');
      night.strehl();
      show(await lineage(night));
      show(await explainAll(night));
      show(await verify(night));
    `);
    expect(displayed).to.have.length(3);
    expect(displayed[0]).to.match(/^svg <svg /);
    const [, address = ''] = /^<img [^>]*src="data:image\/svg\+xml;base64,([^"]*)">$/.exec(beside[0] ?? '') ?? [];
    expect(`svg ${Buffer.from(address, 'base64').toString()}`).to.equal(displayed[0]);
    expect(displayed[1]).to.match(/^html <table>[^]*Night\.strehl[^]*memory/);
    expect(displayed[2]).to.match(/^html <table>/);
  });

  it('shows text alone for what stands within something else', () => {
    const { displayed, logged } = shownBy(`show([Night.get('night')]); show({ night: Night.get('night') });`);
    expect(displayed).to.deep.equal([]);
    expect(logged).to.match(/^\[ Night night: 0 results, .* saved \]\n{ night: Night night: 0 results/);
  });
});
