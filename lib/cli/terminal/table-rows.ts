/** The rows of an Arrow table, batch or vector. */
import type { RecordBatch, Table, Vector } from 'apache-arrow';
import { previewOf } from '../../store/record/arguments.js';

/** A table as it is looked at. */
export interface TableRows {
  columns: { name: string; type: string }[];
  /** Number of rows. */
  count: number;
  cell: (row: number, column: number) => unknown;
}

/** @param type as the record names it */
export function tableRowsOf(value: unknown, type: string): TableRows | undefined {
  if (type === 'Vector') {
    const vector = value as Vector;
    return {
      columns: [{ name: 'value', type: String(vector.type) }],
      count: vector.length,
      cell: (row) => vector.get(row) as unknown,
    };
  }
  if (type !== 'Table' && type !== 'RecordBatch') return undefined;
  const table = value as Table | RecordBatch;
  const columns = table.schema.fields.map((field) => ({ name: field.name, type: String(field.type) }));
  const vectors = columns.map((_, column) => table.getChildAt(column));
  return { columns, count: table.numRows, cell: (row, column) => vectors[column]?.get(row) as unknown };
}

/** The first rows. */
export function firstRows({ columns, count, cell }: TableRows, most: number): unknown[][] {
  return Array.from({ length: Math.min(count, most) }, (_, row) => columns.map((_column, column) => cell(row, column)));
}

/** A cell as text. */
export function cellText(value: unknown): string {
  return typeof value === 'string' ? value : previewOf(value);
}

/** A cell as JSON has it. */
export function cellJson(value: unknown): unknown {
  const isExact = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
  return isExact ? value : previewOf(value);
}
