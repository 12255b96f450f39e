/** The parts of pictures of numbers, in SVG: a line, and a map of colours. */
import { shareIn, short, type Grid, type Range } from './numbers.js';

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/**
 * A line through the cells of a row; a cell without a number breaks it, and a point alone is a dot, by its round ends.
 */
export function lineOf({ means, columns }: Grid, range: Range, { width, height }: Size): string {
  const step = width / Math.max(columns - 1, 1);
  const points = Array.from(means, (mean, column) =>
    Number.isFinite(mean) ? `${(column * step).toFixed(1)},${(height * (1 - shareIn(range, mean))).toFixed(1)}` : ' ',
  );
  const pieces = points
    .join(' ')
    .split(/ {2,}/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const lines = pieces.map((piece) => `<polyline points="${piece.includes(' ') ? piece : `${piece} ${piece}`}"/>`);
  const style = 'fill="none" stroke="#4269d0" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"';
  return `<g ${style}>${lines.join('')}</g>`;
}

/** From low to high: steps of the colour map viridis (van der Walt and Smith, 2015). */
const COLOURS = [
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

/** A rectangle for each cell, by its colour. */
export function mapOf(grid: Grid, range: Range, { width, height }: Size): string {
  if (grid.means.length === 0) return '';
  const paths = COLOURS.map(() => '');
  for (let row = 0; row < grid.rows; row++) {
    for (const { from, to, colour } of runsIn(grid, row, range)) {
      paths[colour] = `${paths[colour] ?? ''}M${from} ${row}h${to - from}v1h${from - to}z`;
    }
  }
  const cells = paths.map((path, colour) => (path === '' ? '' : `<path fill="${COLOURS[colour] ?? ''}" d="${path}"/>`));
  return `<g transform="scale(${width / grid.columns} ${height / grid.rows})" shape-rendering="crispEdges">${cells.join('')}</g>`;
}

/** Neighbours of one colour in a row; cells without a number are left out. */
function* runsIn(grid: Grid, row: number, range: Range): Generator<{ from: number; to: number; colour: number }> {
  const colourAt = (column: number): number | undefined => {
    const mean = grid.means[row * grid.columns + column];
    if (column >= grid.columns || mean === undefined || Number.isNaN(mean)) return undefined;
    return Math.min(COLOURS.length - 1, Math.floor(shareIn(range, mean) * COLOURS.length));
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

/** The largest size of a plane that fits, at least a pixel each way. */
export function sizeOf([rows = 1, columns = 1]: readonly number[], { width, height }: Size): Size {
  const scale = Math.min(width / columns, height / rows);
  return { width: Math.max(1, Math.round(columns * scale)), height: Math.max(1, Math.round(rows * scale)) };
}

/** `1 … 5`. */
export function rangeText({ low, high }: Range): string {
  return low > high ? 'nothing finite' : `${short(low)} … ${short(high)}`;
}
