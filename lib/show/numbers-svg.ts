/** A small picture of an array for a notebook: a line, or a map of colours. */
import { lineOf, mapOf, rangeText, sizeOf, type Size } from './drawing.js';
import { firstPlane, gridOf, rangeOf, type Numbers, type Range } from './numbers.js';

/** Of a line, in all. */
const LINE: Size = { width: 480, height: 120 };
/** Of a map at most. */
const MAP: Size = { width: 480, height: 360 };
/** A map has at most so many cells each way; what falls into one is averaged. */
const MOST_CELLS = 64;

/** @param numbers of at least one dimension and one element; of more than two dimensions, the first plane is drawn */
export function numbersSvg(numbers: Numbers): string {
  if (numbers.shape.length < 2) {
    const grid = gridOf(numbers, { rows: 1, columns: LINE.width });
    const range = rangeOf(grid.means);
    return framed(LINE, lineOf(grid, range, LINE), range);
  }
  const plane = firstPlane(numbers);
  const grid = gridOf(plane, { rows: MOST_CELLS, columns: MOST_CELLS });
  const range = rangeOf(grid.means);
  const size = sizeOf(plane.shape, MAP);
  return framed(size, mapOf(grid, range, size), range);
}

function framed({ width: w, height: h }: Size, content: string, range: Range): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w + 4}" height="${h + 24}" viewBox="-2 -2 ${w + 4} ${h + 24}">`,
    `<rect width="${w}" height="${h}" fill="#fff" stroke="#ddd"/>`,
    content,
    `<text x="0" y="${h + 16}" font-family="sans-serif" font-size="12" fill="#777">${rangeText(range)}</text>`,
    '</svg>',
  ].join('');
}
