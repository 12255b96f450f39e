/**
 * Results of cached methods in a notebook: arrays as pictures, Arrow tables as tables, when a cell ends in one.
 *
 * Such values cannot say themselves how they are shown: what is stored must be nothing but its elements. So their
 * classes learn it, in a notebook alone, and show every other array or table as Node does.
 */
import { inspect } from 'node:util';
import type { Table } from 'apache-arrow';
import { isNdArray } from '../../base/language/brand.js';
import { htmlTable, isNotebook, showInNotebook, type HtmlCell, type Picture } from '../../show/notebook.js';
import { numbersSvg } from '../../show/numbers-svg.js';
import { numbersOf, short, statisticsOf, type Numbers } from '../../show/numbers.js';
import { arrowKind } from '../../key/canonical/arrow.js';
import { previewOf } from '../../store/record/arguments.js';

const results = new WeakSet();
const classes = new WeakSet();

/** Lets a notebook show a result that a call computed or loaded. Elsewhere it does nothing. */
export function showResult(value: unknown): void {
  if (!isNotebook() || typeof value !== 'object' || value === null) return;
  if (numbersOf(value) === undefined && arrowKind(value) !== 'Table') return;
  results.add(value);
  const prototype = Object.getPrototypeOf(value) as object;
  // A Buffer shows itself.
  if (classes.has(prototype) || inspect.custom in prototype) return;
  classes.add(prototype);
  showInNotebook(prototype, (shown) =>
    results.has(shown) ? pictureOf(shown) : { text: inspect(shown, { customInspect: false }) },
  );
}

function pictureOf(value: object): Picture {
  const numbers = numbersOf(value);
  return numbers === undefined ? ofTable(value as Table) : ofNumbers(numbers, nameOf(value));
}

/** `Float32Array`, `ndarray<Float32Array>`. */
function nameOf(value: object): string {
  return isNdArray(value) ? `ndarray<${className(value.data)}>` : className(value);
}

function className(value: object): string {
  return value.constructor.name;
}

function ofNumbers(numbers: Numbers, name: string): Picture {
  const { count, minimum, maximum, mean, nan } = statisticsOf(numbers);
  const { shape } = numbers;
  const facts = [
    `${name} ${shape.join(' × ')}`.trim(),
    minimum === undefined
      ? ''
      : `minimum ${short(minimum)}, maximum ${short(maximum ?? NaN)}, mean ${short(mean ?? NaN)}`,
    nan === 0 ? '' : `${nan} NaN`,
    shape.length > 2 && count > 0
      ? `shown is [${shape
          .slice(0, -2)
          .map(() => 0)
          .join(', ')}, :, :]`
      : '',
  ];
  const text = facts.filter((fact) => fact !== '').join('; ');
  return shape.length === 0 || count === 0 ? { text } : { svg: numbersSvg(numbers), text };
}

const MOST_ROWS = 10;

function ofTable(table: Table): Picture {
  const columns = table.schema.fields.map((field, column) => ({ field, vector: table.getChildAt(column) }));
  const rows = Array.from({ length: Math.min(table.numRows, MOST_ROWS) }, (_, row) =>
    columns.map(({ vector }) => cellOf(vector?.get(row))),
  );
  const more = table.numRows > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : '';
  return {
    html: htmlTable(
      columns.map(({ field }) => `${field.name}: ${String(field.type)}`),
      rows,
    ),
    text: `Arrow table of ${table.numRows} rows and ${columns.length} columns${more}`,
  };
}

function cellOf(value: unknown): HtmlCell {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(short(value));
  return typeof value === 'string' ? value : previewOf(value);
}
