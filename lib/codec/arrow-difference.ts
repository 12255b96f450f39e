/** Comparing a table with what was read back of it: IPC files keep most of what Arrow can hold in memory, not all. */
import type { Data, Field, RecordBatch, Schema, Table } from 'apache-arrow';
import { isDeepStrictEqual } from 'node:util';

/**
 * What differs between a table and its copy, in words; `undefined` if nothing does. Layout is compared throughout;
 * elements where the writer may have had to choose: in columns with more than one dictionary.
 */
export function describeDifference(table: Table, copy: Table): string | undefined {
  if (!sameSchema(table.schema, copy.schema)) return 'schema';
  if (table.batches.length !== copy.batches.length) return 'number of batches';
  for (const [index, batch] of table.batches.entries()) {
    const other = copy.batches[index];
    if (other === undefined || !sameBatch(batch, other)) return `batch ${index}`;
  }
  const dictionaries = table.schema.fields.findIndex((_, column) => hasSeveralDictionaries(table, column));
  for (let column = dictionaries; column >= 0 && column < table.numCols; column++) {
    if (!isDeepStrictEqual(table.getChildAt(column)?.toJSON(), copy.getChildAt(column)?.toJSON())) {
      return `column ${table.schema.names[column]?.toString() ?? column}`;
    }
  }
  return undefined;
}

function sameSchema(schema: Schema, copy: Schema): boolean {
  return isDeepStrictEqual(schema.metadata, copy.metadata) && sameFields(schema.fields, copy.fields);
}

function sameFields(fields: readonly Field[], copies: readonly Field[]): boolean {
  return fields.length === copies.length && fields.every((field, index) => sameField(field, copies[index]));
}

function sameField(field: Field, copy: Field | undefined): boolean {
  return (
    copy !== undefined &&
    field.name === copy.name &&
    field.nullable === copy.nullable &&
    String(field.type) === String(copy.type) &&
    isDeepStrictEqual(field.metadata, copy.metadata) &&
    sameFields(children(field), children(copy))
  );
}

function children(field: Field): readonly Field[] {
  const type = field.type as { children?: Field[] | null; dictionary?: { children?: Field[] | null } };
  return type.children ?? type.dictionary?.children ?? [];
}

function sameBatch(batch: RecordBatch, copy: RecordBatch): boolean {
  return (
    batch.numRows === copy.numRows &&
    isDeepStrictEqual(batch.metadata, copy.metadata) &&
    batch.data.children.every((data, column) => sameLayout(data, copy.data.children[column]))
  );
}

function sameLayout(data: Data, copy: Data | undefined): boolean {
  return copy !== undefined && data.length === copy.length && data.nullCount === copy.nullCount;
}

function hasSeveralDictionaries(table: Table, column: number): boolean {
  const first = dictionariesOf(table.batches[0]?.data.children[column]);
  return table.batches.some((batch) => {
    const own = dictionariesOf(batch.data.children[column]);
    return own.some((dictionary, index) => dictionary !== first[index]);
  });
}

function dictionariesOf(data: Data | undefined): unknown[] {
  if (data === undefined) return [];
  return [...(data.dictionary?.data ?? []), ...data.children.flatMap(dictionariesOf)];
}
