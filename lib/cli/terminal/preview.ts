/** What a value looks like: of an array its range and a small picture, of a table its first rows, of all else a glimpse. */
import { inspect } from 'node:util';
import { heatMap, sparkline } from './sparkline.js';
import {
  firstPlane,
  gridOf,
  numbersOf,
  short,
  statisticsOf,
  type Numbers,
  type Statistics,
} from '../../show/numbers.js';
import { cellJson, cellText, firstRows, tableRowsOf, type TableRows } from './table-rows.js';
import type { Terminal } from './terminal.js';

/** The facts that a look at a value gives. */
export type Preview =
  | { kind: 'numbers'; numbers: Numbers; statistics: Statistics }
  | { kind: 'table'; table: TableRows }
  | { kind: 'other'; text: string };

const MOST_ROWS = 10;

/** @param type of the value, as its record names it */
export function previewOf(value: unknown, type: string): Preview {
  const numbers = numbersOf(value);
  if (numbers !== undefined) return { kind: 'numbers', numbers, statistics: statisticsOf(numbers) };
  const table = tableRowsOf(value, type);
  if (table !== undefined) return { kind: 'table', table };
  const text = inspect(value, {
    depth: 3,
    maxArrayLength: 20,
    maxStringLength: 500,
    customInspect: false,
    getters: false,
  });
  return { kind: 'other', text };
}

/** For a script. Numbers that JSON cannot write are texts. */
export function previewJson(preview: Preview): object {
  switch (preview.kind) {
    case 'numbers': {
      const { statistics, numbers } = preview;
      const facts = Object.entries(statistics).map(
        ([name, number]) => [name, Number.isFinite(number) ? number : String(number)] as const,
      );
      return { shape: numbers.shape, ...Object.fromEntries(facts) };
    }
    case 'table': {
      const { columns, count } = preview.table;
      return { rows: count, columns, first: firstRows(preview.table, MOST_ROWS).map((row) => row.map(cellJson)) };
    }
    case 'other':
      return { text: preview.text };
  }
}

export function showPreview(preview: Preview, terminal: Terminal): void {
  switch (preview.kind) {
    case 'numbers':
      showNumbers(preview.numbers, preview.statistics, terminal);
      return;
    case 'table':
      showTable(preview.table, terminal);
      return;
    case 'other':
      terminal.lines(preview.text);
      return;
  }
}

function showNumbers(numbers: Numbers, { minimum, maximum, mean, nan, count }: Statistics, terminal: Terminal): void {
  const facts = [
    minimum === undefined
      ? ''
      : `minimum ${short(minimum)}, maximum ${short(maximum ?? NaN)}, mean ${short(mean ?? NaN)}`,
    `${String(nan)} NaN`,
  ];
  terminal.line(count === 0 ? 'no elements' : facts.filter((fact) => fact !== '').join(', '));
  if (count === 0) return;
  if (numbers.shape.length < 2) {
    terminal.line(
      sparkline(
        gridOf(numbers.shape.length === 0 ? { ...numbers, shape: [1], stride: [1] } : numbers, {
          rows: 1,
          columns: terminal.width,
        }),
      ),
    );
    return;
  }
  if (numbers.shape.length > 2)
    terminal.line(
      `[${numbers.shape
        .slice(0, -2)
        .map(() => 0)
        .join(', ')}, :, :]`,
    );
  for (const line of heatMap(gridOf(firstPlane(numbers), { rows: 24, columns: Math.floor(terminal.width / 2) })))
    terminal.line(line);
}

function showTable(table: TableRows, terminal: Terminal): void {
  const { columns, count } = table;
  const rows = firstRows(table, MOST_ROWS);
  terminal.table(
    rows,
    columns.map(({ name, type }, column) => ({ head: `${name}: ${type}`, cell: (row) => cellText(row[column]) })),
  );
  if (count > rows.length) terminal.line(`… ${String(count)} rows in all`);
}
