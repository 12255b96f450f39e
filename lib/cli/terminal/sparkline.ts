/** Pictures of arrays in characters. */
import { rangeOf, shareIn, type Grid } from '../../show/numbers.js';

const bars = Array.from('▁▂▃▄▅▆▇█');
const shades = Array.from(' ░▒▓█');

/** A line of bars, one for each column; a dot where there is no number. */
export function sparkline(grid: Grid): string {
  return drawn(grid, bars).join('\n');
}

/** One shade for each cell, two characters wide, so that it is about as wide as high; dots where there is no number. */
export function heatMap(grid: Grid): string[] {
  return drawn(grid, shades).map((line) => Array.from(line, (character) => character.repeat(2)).join(''));
}

function drawn({ rows, columns, means }: Grid, steps: readonly string[]): string[] {
  const range = rangeOf(means);
  const character = (mean: number): string => {
    if (Number.isNaN(mean)) return '·';
    return steps[Math.min(Math.floor(shareIn(range, mean) * steps.length), steps.length - 1)] ?? '';
  };
  return Array.from({ length: rows }, (_, row) =>
    Array.from(means.subarray(row * columns, (row + 1) * columns), character).join(''),
  );
}
