import { expect } from 'chai';
import { tableLines } from '#lib/base/text/table-lines.js';

const rows = [
  ['ENTRY', 'SIZE', 'STATE'],
  ['night/root.camera.Camera.image', '1.8 kB', 'stored'],
  ['night/root.sum', '12 B', 'pruned'],
];
const aligns = ['left', 'right', 'left'] as const;

describe('the lines of a table', () => {
  it('are as wide as their widest cells where there is room', () => {
    expect(tableLines({ rows, aligns })).to.deep.equal([
      'ENTRY                             SIZE  STATE',
      'night/root.camera.Camera.image  1.8 kB  stored',
      'night/root.sum                    12 B  pruned',
    ]);
  });

  it('fit into the width, the widest text going on below, cut at a joint', () => {
    expect(tableLines({ rows, aligns, width: 40 })).to.deep.equal([
      'ENTRY                       SIZE  STATE',
      'night/root.camera.        1.8 kB  stored',
      'Camera.image',
      'night/root.sum              12 B  pruned',
    ]);
  });

  it('lose nothing of a text without a joint', () => {
    const long = 'x'.repeat(50);
    const [, ...lines] = tableLines({ rows: [['A'], [long]], aligns: ['left'], width: 20 });
    expect(lines.map((line) => line.length)).to.deep.equal([20, 20, 10]);
    expect(lines.join('')).to.equal(long);
  });

  it('keep numbers whole where there is no room at all', () => {
    expect(tableLines({ rows: [['123456'], ['7']], aligns: ['right'], width: 3 })).to.deep.equal(['123456', '     7']);
  });

  it('are coloured piece by piece, and as wide as without colours', () => {
    const paint = (piece: string, row: number, column: number): string =>
      row > 0 && column === 2 ? `<${piece}>` : piece;
    expect(tableLines({ rows, aligns, paint })[1]).to.equal('night/root.camera.Camera.image  1.8 kB  <stored>');
  });

  it('count characters that take two columns of a terminal, and marks that take none', () => {
    const [first, second] = tableLines({
      rows: [
        ['測光', 'a'],
        ['e\u0301toile', 'b'],
      ],
      aligns: ['left', 'left'],
    });
    expect(first).to.equal('測光    a');
    expect(second).to.equal('e\u0301toile  b');
  });

  it('of no rows are none', () => {
    expect(tableLines({ rows: [], aligns: ['left'] })).to.deep.equal([]);
  });
});
