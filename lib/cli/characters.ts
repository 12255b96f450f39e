/** Pictures of arrays in characters. */
import type { Grid } from '../base/numbers.js';

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
  let [low, high] = [Infinity, -Infinity];
  for (const mean of means) {
    if (!Number.isFinite(mean)) continue;
    low = Math.min(low, mean);
    high = Math.max(high, mean);
  }
  const character = (mean: number): string => {
    if (Number.isNaN(mean)) return '·';
    // Of what is all the same, no end of the scale says more than the middle.
    const share = high > low ? (Math.min(Math.max(mean, low), high) - low) / (high - low) : 0.5;
    return steps[Math.min(Math.floor(share * steps.length), steps.length - 1)] ?? '';
  };
  return Array.from({ length: rows }, (_, row) =>
    Array.from(means.subarray(row * columns, (row + 1) * columns), character).join(''),
  );
}
