/** Tables for people. */
import Table from 'cli-table3';
import type { Comparison, Row } from './case.js';

export function print({ title, subject, rows }: Comparison): void {
  const table = new Table({ head: ['', 'best', 'median', `÷ ${subject}`, ''], style: { head: [], border: [] } });
  const ours = rows.find((row) => row.contender === subject);
  for (const row of rows) {
    const times =
      row.seconds.length === 0
        ? ['—', '—', '—']
        : [shown(Math.min(...row.seconds)), shown(median(row)), ratio(row, ours)];
    table.push([row.contender, ...times, row.note ?? '']);
  }
  process.stdout.write(`\n${title}\n${table.toString()}\n`);
}

function median({ seconds }: Row): number {
  return [...seconds].sort((one, other) => one - other)[seconds.length >> 1] ?? NaN;
}

function ratio(row: Row, subject: Row | undefined): string {
  return subject === undefined ? '—' : `${(median(row) / median(subject)).toPrecision(3)}×`;
}

const units: readonly (readonly [above: number, perSecond: number, name: string])[] = [
  [1, 1, 's'],
  [1e-3, 1e3, 'ms'],
  [1e-6, 1e6, 'µs'],
  [0, 1e9, 'ns'],
];

function shown(seconds: number): string {
  const [, perSecond, name] = units.find(([above]) => seconds >= above) ?? [0, 1, 's'];
  return `${(seconds * perSecond).toPrecision(3)} ${name}`;
}
