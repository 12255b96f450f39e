/** Comparing a table with what was read back of it: IPC files keep most of what Arrow can hold in memory, not all. */
import { isDate } from 'node:util/types';
import type { Data, Field, RecordBatch, Schema, Table } from 'apache-arrow';
import { isDeepStrictEqual } from 'node:util';
import type { ArrowPackage } from './package.js';

/** What differs between a table and its copy, both of one package, in words; `undefined` if nothing does. */
export function describeDifference(table: Table, copy: Table, arrow: ArrowPackage): string | undefined {
  if (!sameSchema(table.schema, copy.schema)) return 'schema';
  if (table.batches.length !== copy.batches.length) return 'number of batches';
  for (const [index, batch] of table.batches.entries()) {
    const other = copy.batches[index];
    if (!sameBatch(batch, other)) return `batch ${index}`;
    for (const [column, data] of batch.data.children.entries()) {
      const otherData = other?.data.children[column];
      if (otherData === undefined || !sameElements(data, otherData, arrow)) return `column ${column} in batch ${index}`;
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
    field.name === copy?.name &&
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

function sameBatch(batch: RecordBatch, copy: RecordBatch | undefined): boolean {
  return (
    batch.numRows === copy?.numRows &&
    batch.data.nullCount === copy.data.nullCount &&
    isDeepStrictEqual(batch.metadata, copy.metadata)
  );
}

function sameElements(data: Data, copy: Data, { DataType, Vector }: ArrowPackage): boolean {
  if (data.length !== copy.length || data.nullCount !== copy.nullCount) return false;
  if (sameMemory(data, copy, DataType)) return true;
  const [vector, other] = [new Vector([data]), new Vector([copy])];
  for (let index = 0; index < data.length; index++) {
    if (!sameElement(vector.get(index), other.get(index))) return false;
  }
  return true;
}

/** A short cut for columns without nulls whose elements are whole bytes, of one width or between offsets. */
function sameMemory(data: Data, copy: Data, DataType: ArrowPackage['DataType']): boolean {
  const [bytes, others] = [elementBytes(data, DataType), elementBytes(copy, DataType)];
  return bytes !== undefined && others !== undefined && sameOffsets(data, copy) && Buffer.compare(bytes, others) === 0;
}

function elementBytes(data: Data, DataType: ArrowPackage['DataType']): Uint8Array | undefined {
  const { type, nullCount, length, stride } = data;
  const values: unknown = data.values;
  // Booleans are bits, and a slice of them may begin within a byte; views of strings point into other buffers.
  if (!ArrayBuffer.isView(values) || nullCount > 0 || data.children.length > 0 || data.dictionary !== undefined)
    return undefined;
  if (DataType.isBool(type) || DataType.isUtf8View(type) || DataType.isBinaryView(type)) return undefined;
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = values as Uint8Array;
  const offsets = offsetsOf(data);
  const [from, to] =
    offsets === undefined ? [0, length * stride * BYTES_PER_ELEMENT] : [Number(offsets[0]), Number(offsets[length])];
  return to <= byteLength ? new Uint8Array(buffer, byteOffset + from, to - from) : undefined;
}

function offsetsOf(data: Data): Int32Array | BigInt64Array | undefined {
  return data.valueOffsets as Int32Array | BigInt64Array | undefined;
}

/** A writer may have moved a slice to the start of its buffer, so offsets are compared from the first one on. */
function sameOffsets(data: Data, copy: Data): boolean {
  const [offsets, others] = [offsetsOf(data), offsetsOf(copy)];
  if (offsets === undefined || others === undefined) return offsets === others;
  const shift = Number(offsets[0]) - Number(others[0]);
  for (let index = 0; index <= data.length; index++) {
    if (Number(offsets[index]) - Number(others[index]) !== shift) return false;
  }
  return true;
}

function sameElement(element: unknown, other: unknown): boolean {
  return (
    Object.is(element, other) ||
    (isObject(element) && isObject(other) && isDeepStrictEqual(plain(element), plain(other)))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Rows, lists and maps of Arrow as what they hold; their own properties say where that is in memory. */
function plain(value: unknown): unknown {
  if (!isObject(value) || ArrayBuffer.isView(value) || isDate(value)) return value;
  // Rows and lists cannot be taken for each other, since the schemas are equal.
  return Array.from(value as Iterable<unknown>, plain);
}
