/** Pictures of values for a file: the drawings of a notebook, larger, one below the other, with axes and a title. */
import { printable } from '../base/text/printable.js';
import { lineOf, mapOf, rangeText, sizeOf, type Size } from './drawing.js';
import { firstPlane, gridOf, rangeOf, short, type Numbers } from './numbers.js';
import { escaped } from './notebook.js';

/** A drawing in its frame. */
export interface Panel {
  size: Size;
  drawing: string;
  /** What runs along the lower edge, from and to which number; the same of the left edge, upwards. */
  x?: Axis;
  y?: Axis;
  /** Texts to the right of it, a line each. */
  notes?: readonly string[];
}

interface Axis {
  label: string;
  from: number;
  to: number;
}

/** More points than pixels show nothing. */
export const MOST_POINTS = 2000;
const MOST_CELLS = 100;
const LINE: Size = { width: 700, height: 340 };
const MAP: Size = { width: 700, height: 1100 };
const STRIP: Size = { width: 580, height: 100 };
const MARGIN = { left: 70, right: 20, notes: 170, top: 30, between: 20, bottom: 50 };

/** An array of any number of dimensions: a line, or a map of the first plane. */
export function panelOfNumbers(numbers: Numbers): Panel {
  const { shape } = numbers;
  if (shape.length >= 2) {
    const plane = firstPlane(numbers);
    const grid = gridOf(plane, { rows: MOST_CELLS, columns: MOST_CELLS });
    const range = rangeOf(grid.means);
    const size = sizeOf(plane.shape, MAP);
    const [rows = 0, columns = 0] = plane.shape;
    return {
      size,
      drawing: mapOf(grid, range, size),
      x: { label: `column (colour: ${rangeText(range)})`, from: 0, to: columns },
      y: { label: 'row', from: rows, to: 0 },
    };
  }
  const [length = 1] = shape;
  const line = shape.length === 0 ? { ...numbers, shape: [1], stride: [1] } : numbers;
  const grid = gridOf(line, { rows: 1, columns: MOST_POINTS });
  const range = rangeOf(grid.means);
  return {
    size: LINE,
    drawing: lineOf(grid, range, LINE),
    x: { label: 'index', from: 0, to: length - 1 },
    y: { label: rangeText(range), from: range.low, to: range.high },
  };
}

/** One column of a table, over its own range; `undefined` where no number is in it. */
export function panelOfColumn(name: string, cells: readonly number[]): Panel | undefined {
  const range = rangeOf(cells);
  if (range.low > range.high) return undefined;
  const grid = { rows: 1, columns: cells.length, means: Float64Array.from(cells) };
  return { size: STRIP, drawing: lineOf(grid, range, STRIP), notes: [name, rangeText(range)] };
}

/** All of them, in SVG. */
export function chart(title: string, panels: readonly Panel[]): string {
  let y = MARGIN.top;
  const parts = panels.map((panel) => {
    const at = y;
    y += panel.size.height + MARGIN.between;
    return `<g transform="translate(${MARGIN.left} ${at})">${partOf(panel)}</g>`;
  });
  const right = panels.some(({ notes }) => notes !== undefined) ? MARGIN.notes : MARGIN.right;
  const width = MARGIN.left + right + Math.max(...panels.map(({ size }) => size.width));
  const height = y + MARGIN.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'style="background: white" font-family="sans-serif" font-size="12" fill="#555">',
    `<title>${escaped(printable(title))}</title>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

function partOf({ size: { width, height }, drawing, x, y, notes = [] }: Panel): string {
  return [
    `<rect width="${width}" height="${height}" fill="#fff" stroke="#ddd"/>`,
    drawing,
    ...(x === undefined ? [] : ticksOf(x).map(([share, text]) => label(share * width, height + 16, 'middle', text))),
    ...(x === undefined ? [] : [label(width / 2, height + 36, 'middle', x.label)]),
    ...(y === undefined ? [] : ticksOf(y).map(([share, text]) => label(-6, (1 - share) * height + 4, 'end', text))),
    ...(y === undefined ? [] : [label(0, -10, 'start', y.label)]),
    ...notes.map((text, line) => label(width + 10, height / 2 + 16 * line, 'start', text)),
  ].join('');
}

function label(x: number, y: number, anchor: string, text: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(printable(text))}</text>`;
}

/** About five round numbers of an axis, and where along it they stand, from 0 to 1. */
function ticksOf({ from, to }: Axis): [share: number, text: string][] {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (!Number.isFinite(high - low)) return [];
  if (low === high) return [[0.5, short(low)]];
  const power = 10 ** Math.floor(Math.log10((high - low) / 5));
  const step = power * ([1, 2, 5].find((times) => (high - low) / (power * times) <= 6) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => {
    const at = (first + i) * step;
    return [(at - from) / (to - from), short(at)];
  });
}
