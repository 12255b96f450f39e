/** Managed caches in CSV files. */
import type * as CsvParse from 'csv-parse/sync';
import type * as CsvStringify from 'csv-stringify/sync';
import { load } from '../../base/packages/optional.js';
import { textFile, type FileHooks } from './text-file.js';

/** What can stand in a cell; all of it is read as text. */
export type Cell = string | number | bigint | boolean;

/** How an entry becomes a row of a CSV file, and a row an entry. */
export interface CsvOptions<K, V> {
  /** @defaultValue `[key, value]`, both of which must be strings then */
  rowBuilder?: (key: K, value: V) => readonly Cell[];
  /** @defaultValue the first two cells */
  rowReader?: (row: string[]) => readonly [key: K, value: V];
}

/**
 * Loader, saver and deleter of a cache in a CSV file, `<manager's folder>/<name>.csv` (RFC 4180, lines ending in a line
 * feed): `registerCustomCache('stars', { ...csvFiles() })`. A CSV file knows text alone: keys or values that are no
 * strings need a `rowBuilder` and a `rowReader`. Empty lines, and a byte order mark, are passed over.
 */
export function csvFiles<K = string, V = string>({
  rowBuilder = pair,
  rowReader = firstTwo,
}: CsvOptions<K, V> = {}): FileHooks<K, V> {
  return textFile<K, V>({
    extension: 'csv',
    format(contents) {
      const rows: Cell[][] = Array.from(contents, ([key, value]) => checkedRow(rowBuilder(key, value)));
      return load<typeof CsvStringify>('csv-stringify/sync').stringify(rows, {
        // What could be taken for something else by a reader: an empty line, a mark, the end of a line.
        quoted_match: /^$|^\ufeff|^\s|\s$|[\r\n]/,
        quoted_empty: true,
        cast: { boolean: String, number: String, bigint: String },
      });
    },
    parse(text) {
      const rows = load<typeof CsvParse>('csv-parse/sync').parse(text, {
        bom: true,
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
        skip_empty_lines: true,
      });
      return new Map(rows.map(rowReader));
    },
  });
}

function pair(key: unknown, value: unknown): readonly Cell[] {
  if (typeof key === 'string' && typeof value === 'string') return [key, value];
  const what = typeof key === 'string' ? `the value of ${JSON.stringify(key)}` : 'a key';
  throw new TypeError(`${what} is no string, and would come back as one: give csvFiles a rowBuilder and a rowReader`);
}

function firstTwo<K, V>([key, value]: string[]): readonly [K, V] {
  if (key === undefined || value === undefined)
    throw new TypeError('a row has fewer than two cells: give csvFiles a rowReader');
  return [key as K, value as V];
}

const CELL_TYPES = ['string', 'number', 'bigint', 'boolean'];

function checkedRow(row: readonly Cell[]): Cell[] {
  const cells: unknown = row;
  if (Array.isArray(cells) && cells.length > 0 && cells.every((cell) => CELL_TYPES.includes(typeof cell)))
    return [...row];
  throw new TypeError(
    'the rowBuilder of csvFiles must give an array of strings, numbers, bigints or booleans, at least one',
  );
}
