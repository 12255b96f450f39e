/** Results by tag → one Arrow table. */
import type { DataType, Table, Vector } from 'apache-arrow';
import { functionName, isTypedArray, type TypedArray } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';
import { packageOf, packageToRead, type ArrowPackage } from '../../codec/arrow/package.js';
import { arrowKind } from '../../key/canonical/arrow.js';

/** Options of {@link SetResults.table}. */
export interface TableOptions {
  /** Name of the column of tags. @defaultValue `'tag'` */
  tag?: string;
  /** Name of the column of results that are neither plain objects nor tables. @defaultValue `'value'` */
  value?: string;
}

type Row = readonly [tag: string, value: unknown];
type RowWithTable = readonly [tag: string, table: Table];

/** @throws InvalidOptionError where the values of a column do not go together */
export function tableOfRows(rows: readonly Row[], { tag = 'tag', value = 'value' }: TableOptions): Table {
  if (rows.length > 0 && rows.every(hasTable)) return concatenated(rows, tag);
  const arrow = packageToRead();
  const areObjects = rows.length > 0 && rows.every(([, each]) => kindOf(each) === 'Object');
  const cells = areObjects ? rows : rows.map(([each, cell]) => [each, { [value]: cell }] as const);
  const names = [...new Set(cells.flatMap(([, each]) => Object.keys(each as object)))];
  checkName(names, tag);
  const columns: Record<string, Vector> = {
    [tag]: tagColumn(
      arrow,
      rows.map(([each]) => each),
    ),
  };
  for (const name of names) {
    columns[name] = column(
      arrow,
      name,
      cells.map(([each, cell]) => [each, (cell as Record<string, unknown>)[name]]),
    );
  }
  return new arrow.Table(columns);
}

function checkName(names: readonly string[], tag: string): void {
  if (!names.includes(tag)) return;
  throw new InvalidOptionError(
    `the results have a column '${tag}' of their own: name the column of tags with table({ tag: '…' })`,
  );
}

function concatenated(rows: readonly RowWithTable[], name: string): Table {
  const tables = rows.map(([tag, table]) => {
    const arrow = packageOf(table, 'Table');
    checkName(table.schema.names.map(String), name);
    return new arrow.Table({ [name]: tagColumn(arrow, new Array<string>(table.numRows).fill(tag)) }).assign(table);
  });
  const [first, ...others] = tables as [Table, ...Table[]];
  for (const [place, table] of others.entries()) {
    if (String(table.schema) === String(first.schema)) continue;
    throw new InvalidOptionError(
      `the tables of '${String(rows[0]?.[0])}' and '${String(rows[place + 1]?.[0])}' have different columns: ` +
        `${String(first.schema)} and ${String(table.schema)}`,
    );
  }
  return first.concat(...others);
}

function tagColumn(arrow: ArrowPackage, tags: readonly string[]): Vector {
  return arrow.vectorFromArray(tags, new arrow.Utf8());
}

function column(arrow: ArrowPackage, name: string, cells: readonly Row[]): Vector {
  const present = cells.filter(([, cell]) => cell !== null && cell !== undefined);
  const kinds = new Set(present.map(([, cell]) => kindOf(cell)));
  const [kind = 'null'] = kinds;
  const type =
    kinds.size > 1
      ? undefined
      : typeOf(
          arrow,
          kind,
          present.map(([, cell]) => cell),
        );
  if (type !== undefined)
    return arrow.vectorFromArray(
      cells.map(([, cell]) => cell ?? null),
      type,
    );
  const shown = present.find(([, cell]) => kindOf(cell) !== kind) ?? present[0];
  const tooLarge = kinds.size > 1 ? undefined : present.find(([, cell]) => !fits(cell));
  throw new InvalidOptionError(
    `the column '${name}' cannot be made: '${String((tooLarge ?? present[0])?.[0])}' has a ${kind}` +
      (tooLarge === undefined ? '' : ' of more than 64 bits') +
      (kinds.size > 1 ? ` and '${String(shown?.[0])}' a ${kindOf(shown?.[1])}` : ', which no column takes') +
      '. Return numbers, bigints, booleans, strings, dates, typed arrays, plain objects of these, or Arrow tables',
  );
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  const Class = (Object.getPrototypeOf(value) as { constructor?: object } | null)?.constructor;
  return Class === undefined ? 'Object' : functionName(Class);
}

function hasTable(row: Row): row is RowWithTable {
  const [, value] = row;
  return typeof value === 'object' && value !== null && arrowKind(value) === 'Table';
}

/** Arrow's types for what JavaScript has. */
const TYPES: Readonly<Record<string, (arrow: ArrowPackage) => DataType>> = {
  null: (arrow) => new arrow.Null(),
  number: (arrow) => new arrow.Float64(),
  bigint: (arrow) => new arrow.Int64(),
  boolean: (arrow) => new arrow.Bool(),
  string: (arrow) => new arrow.Utf8(),
  Date: (arrow) => new arrow.TimestampMillisecond(),
};

const ELEMENT_TYPES: Readonly<Record<string, (arrow: ArrowPackage) => DataType>> = {
  Int8Array: (arrow) => new arrow.Int8(),
  Uint8Array: (arrow) => new arrow.Uint8(),
  Uint8ClampedArray: (arrow) => new arrow.Uint8(),
  Int16Array: (arrow) => new arrow.Int16(),
  Uint16Array: (arrow) => new arrow.Uint16(),
  Int32Array: (arrow) => new arrow.Int32(),
  Uint32Array: (arrow) => new arrow.Uint32(),
  BigInt64Array: (arrow) => new arrow.Int64(),
  BigUint64Array: (arrow) => new arrow.Uint64(),
  Float32Array: (arrow) => new arrow.Float32(),
  Float64Array: (arrow) => new arrow.Float64(),
};

function typeOf(arrow: ArrowPackage, kind: string, present: readonly unknown[]): DataType | undefined {
  if (Object.hasOwn(TYPES, kind)) return present.every(fits) ? TYPES[kind]?.(arrow) : undefined;
  const element =
    Object.hasOwn(ELEMENT_TYPES, kind) && present.every(isTypedArray) ? ELEMENT_TYPES[kind]?.(arrow) : undefined;
  if (element === undefined) return undefined;
  const item = new arrow.Field('item', element, true);
  const lengths = new Set((present as TypedArray[]).map(({ length }) => length));
  const [length = 0] = lengths;
  return lengths.size === 1 ? new arrow.FixedSizeList(length, item) : new arrow.List(item);
}

/** An int64 wraps around what it cannot hold. */
function fits(value: unknown): boolean {
  return typeof value !== 'bigint' || BigInt.asIntN(64, value) === value;
}
