/** Columns that are arrays of JavaScript, as Arrow has them, and back. */
import type * as Arrow from 'apache-arrow';
import { isTypedArray, type TypedArray } from '../../base/language/brand.js';
import { isBare } from './numbers.js';

/** What a column is: a typed array, or a plain array of one kind of values and nulls. */
export type ColumnKind = TypedKind | PlainKind;

type TypedKind = keyof typeof TYPED;
type PlainKind = keyof typeof PLAIN;

const TYPED = {
  Int8Array: 'Int8',
  Uint8Array: 'Uint8',
  Int16Array: 'Int16',
  Uint16Array: 'Uint16',
  Int32Array: 'Int32',
  Uint32Array: 'Uint32',
  BigInt64Array: 'Int64',
  BigUint64Array: 'Uint64',
  Float32Array: 'Float32',
  Float64Array: 'Float64',
} as const;

/** Does a value fit, and as which type is it written? */
const PLAIN: Readonly<Record<'number' | 'string' | 'boolean' | 'bigint' | 'date', { fits(value: unknown): boolean }>> =
  {
    number: { fits: (value) => typeof value === 'number' },
    string: { fits: (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value) },
    boolean: { fits: (value) => typeof value === 'boolean' },
    bigint: { fits: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value },
    date: {
      fits: (value) =>
        value instanceof Date &&
        Object.getPrototypeOf(value) === Date.prototype &&
        !Number.isNaN(value.getTime()) &&
        isBareDate(value),
    },
  };

function isBareDate(date: Date): boolean {
  return Reflect.ownKeys(date).length === 0 && Object.isExtensible(date);
}

/** What a column is; `undefined` where an Arrow file would not bring it back. */
export function kindOf(column: unknown, rows: number): ColumnKind | undefined {
  if (isTypedArray(column)) {
    const name = Object.keys(TYPED).find(
      (each) =>
        (globalThis as unknown as Record<string, { prototype: object }>)[each]?.prototype ===
        Object.getPrototypeOf(column),
    );
    return column.length === rows && isBare(column) ? (name as TypedKind | undefined) : undefined;
  }
  if (!Array.isArray(column) || column.length !== rows || Object.keys(column).length !== rows) return undefined;
  if (Object.getPrototypeOf(column) !== Array.prototype || !Object.isExtensible(column)) return undefined;
  const present = column.filter((value) => value !== null) as unknown[];
  // One object in two rows would come back as two.
  if (typeof present[0] === 'object' && new Set(present).size !== present.length) return undefined;
  const kind = Object.entries(PLAIN).find(([, { fits }]) => present.every(fits))?.[0];
  return kind as PlainKind | undefined;
}

/** A column as Arrow has it. */
export function vectorOf(column: unknown, kind: ColumnKind, arrow: typeof Arrow): Arrow.Vector {
  if (isTyped(kind)) return arrow.makeVector(column as Float64Array);
  const values = column as unknown[];
  if (kind === 'string') return arrow.vectorFromArray(values, new arrow.Utf8());
  if (kind === 'boolean') return arrow.vectorFromArray(values, new arrow.Bool());
  if (kind === 'number') return nullable(Float64Array.from(values as number[]), new arrow.Float64(), values, arrow);
  const words = BigInt64Array.from(values, (value) => (value === null ? 0n : BigInt(toWord(value))));
  return nullable(words, kind === 'date' ? new arrow.TimestampMillisecond() : new arrow.Int64(), values, arrow);
}

function toWord(value: unknown): bigint | number {
  return value instanceof Date ? value.getTime() : (value as bigint);
}

function isTyped(kind: ColumnKind): kind is TypedKind {
  return Object.hasOwn(TYPED, kind);
}

function nullable(
  data: TypedArray,
  type: Arrow.DataType,
  values: readonly unknown[],
  arrow: typeof Arrow,
): Arrow.Vector {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) nullCount++;
    else nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
  });
  const props = { type, length: values.length, nullCount, data, ...(nullCount > 0 && { nullBitmap }) };
  return arrow.makeVector(arrow.makeData(props as never));
}

/** A column as it was. */
export function columnOf(vector: Arrow.Vector | null, kind: ColumnKind): unknown {
  const [chunk, ...more] = vector?.data ?? [];
  if (vector === null || chunk === undefined || more.length > 0) throw new RangeError('a column in pieces');
  const values = chunk.values as TypedArray;
  if (isTyped(kind)) return values.slice(0, vector.length);
  if (kind === 'string' || kind === 'boolean') return Array.from(vector as Iterable<unknown>);
  return Array.from({ length: vector.length }, (_, row) => {
    if (!chunk.getValid(row)) return null;
    const value = values[row] as number | bigint;
    return kind === 'date' ? new Date(Number(value)) : value;
  });
}
