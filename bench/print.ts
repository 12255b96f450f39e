/** Tables for people. */
import Table from 'cli-table3';
import type { Comparison } from './case.js';
import { figuresOf } from './figures.js';

export function tableOf(comparison: Comparison): string {
  const { title, subject, rows } = comparison;
  const table = new Table({ head: ['', 'best', 'median', `÷ ${subject}`, ''], style: { head: [], border: [] } });
  for (const row of rows) {
    const { best, median, ratio } = figuresOf(row, comparison);
    table.push([row.contender, shown(best), shown(median), times(ratio), row.note ?? '']);
  }
  return `\n${title}\n${table.toString()}\n`;
}

const NOTHING = '—';

function times(ratio: number | undefined): string {
  return ratio === undefined ? NOTHING : `${ratio.toPrecision(3)}×`;
}

const UNITS: readonly (readonly [above: number, perSecond: number, name: string])[] = [
  [1, 1, 's'],
  [1e-3, 1e3, 'ms'],
  [1e-6, 1e6, 'µs'],
  [0, 1e9, 'ns'],
];

function shown(seconds: number | undefined): string {
  if (seconds === undefined) return NOTHING;
  const [, perSecond, name] = UNITS.find(([above]) => seconds >= above) ?? [0, 1, 's'];
  return `${(seconds * perSecond).toPrecision(3)} ${name}`;
}
