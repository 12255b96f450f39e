/** As much of Arrow's classes as is read here; their own types are full of `any`. */
import type { TypedArray } from '../../base/language/brand.js';

export interface ArrowType {
  /** A number of Arrow's `Type` enumeration. */
  readonly typeId: number;
  readonly children?: readonly ArrowField[] | null;
  /** Type of the values, in a dictionary type. */
  readonly dictionary?: ArrowType;
  toString(): string;
}

export interface ArrowField {
  readonly name: string;
  readonly nullable: boolean;
  readonly metadata: ReadonlyMap<string, string>;
  readonly type: ArrowType;
}

/** Rows that lie together in memory. Buffers are sliced already, save bitmaps, in which rows begin at `offset`. */
export interface ArrowChunk {
  readonly length: number;
  readonly nullCount: number;
  readonly offset: number;
  /** Elements of `values` for each row. */
  readonly stride: number;
  readonly values: TypedArray;
  readonly valueOffsets: Int32Array | BigInt64Array;
  readonly typeIds: Int8Array;
  readonly dictionary?: ArrowVector;
  getValid(row: number): boolean;
}

export interface ArrowVector {
  readonly type: ArrowType;
  readonly length: number;
  readonly nullCount: number;
  readonly data: readonly ArrowChunk[];
  get(row: number): unknown;
}

/** A Table or a RecordBatch. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly ArrowField[]; readonly metadata: ReadonlyMap<string, string> };
  readonly numRows: number;
  getChildAt(index: number): ArrowVector | null;
}
