/** A small picture of an array for a notebook: a line, or a map of colours. */
import { firstPlane, gridOf, rangeOf, shareIn, short, type Grid, type Numbers, type Range } from './numbers.js';

const width = 480;
/** Of a line, in all. */
const height = 120;
/** A map has at most so many cells each way; what falls into one is averaged. */
const mostCells = 64;

/** @param numbers of at least one dimension and one element; of more than two dimensions, the first plane is drawn */
export function numbersSvg(numbers: Numbers): string {
  return numbers.shape.length < 2 ? line(numbers) : map(firstPlane(numbers));
}

function line(numbers: Numbers): string {
  const grid = gridOf(numbers, { rows: 1, columns: width });
  const range = rangeOf(grid.means);
  const step = width / Math.max(grid.columns - 1, 1);
  const points = Array.from(grid.means, (mean, column) =>
    Number.isFinite(mean) ? `${(column * step).toFixed(1)},${(height * (1 - shareIn(range, mean))).toFixed(1)}` : ' ',
  );
  // What is no number breaks the line; a single point is drawn as a dot by its round ends.
  const pieces = points
    .join(' ')
    .split(/ {2,}/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const lines = pieces.map((piece) => `<polyline points="${piece.includes(' ') ? piece : `${piece} ${piece}`}"/>`);
  const style = 'fill="none" stroke="#4269d0" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"';
  return framed(width, height, `<g ${style}>${lines.join('')}</g>`, range);
}

/** From low to high: steps of the colour map viridis (van der Walt and Smith, 2015). */
const colours = [
  '#440154',
  '#481a6c',
  '#472f7d',
  '#414487',
  '#39568c',
  '#31688e',
  '#2a788e',
  '#23888e',
  '#1f988b',
  '#22a884',
  '#35b779',
  '#54c568',
  '#7ad151',
  '#a5db36',
  '#d2e21b',
  '#fde725',
] as const;

function map(plane: Numbers): string {
  const grid = gridOf(plane, { rows: mostCells, columns: mostCells });
  const range = rangeOf(grid.means);
  const paths = colours.map(() => '');
  for (let row = 0; row < grid.rows; row++) {
    for (const { from, to, colour } of runsIn(grid, row, range)) {
      paths[colour] = `${paths[colour] ?? ''}M${from} ${row}h${to - from}v1h${from - to}z`;
    }
  }
  const [rows = 1, columns = 1] = plane.shape;
  const scale = Math.min(width / columns, (0.75 * width) / rows);
  const [w, h] = [Math.max(1, Math.round(columns * scale)), Math.max(1, Math.round(rows * scale))];
  const cells = paths.map((path, colour) => (path === '' ? '' : `<path fill="${colours[colour] ?? ''}" d="${path}"/>`));
  const scaled = `<g transform="scale(${w / grid.columns} ${h / grid.rows})" shape-rendering="crispEdges">${cells.join('')}</g>`;
  return framed(w, h, scaled, range);
}

/** Neighbours of one colour in a row; cells without a number are left out. */
function* runsIn(grid: Grid, row: number, range: Range): Generator<{ from: number; to: number; colour: number }> {
  const colourAt = (column: number): number | undefined => {
    const mean = grid.means[row * grid.columns + column];
    if (column >= grid.columns || mean === undefined || Number.isNaN(mean)) return undefined;
    return Math.min(colours.length - 1, Math.floor(shareIn(range, mean) * colours.length));
  };
  let from = 0;
  while (from < grid.columns) {
    const colour = colourAt(from);
    let to = from + 1;
    while (colour !== undefined && colourAt(to) === colour) to++;
    if (colour !== undefined) yield { from, to, colour };
    from = to;
  }
}

function framed(w: number, h: number, content: string, { low, high }: Range): string {
  const legend = low > high ? 'nothing finite' : `${short(low)} … ${short(high)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w + 4}" height="${h + 24}" viewBox="-2 -2 ${w + 4} ${h + 24}">`,
    `<rect width="${w}" height="${h}" fill="#fff" stroke="#ddd"/>`,
    content,
    `<text x="0" y="${h + 16}" font-family="sans-serif" font-size="12" fill="#777">${legend}</text>`,
    '</svg>',
  ].join('');
}
