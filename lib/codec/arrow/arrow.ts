/** Arrow tables, record batches and vectors, as Arrow IPC files, which pandas, Polars and DuckDB open as they are. */
import { textBytes } from '../../base/text/text-bytes.js';
import { bytesOf } from '../../base/language/bytes-of.js';
import type * as Arrow from 'apache-arrow';
import { types } from 'node:util';
import { BundledError, FormatError, UncacheableValueError } from '../../base/errors.js';
import { messageOf } from '../../base/thrown.js';
import { describeDifference } from './difference.js';
import { allowCompression, unreadableCompression } from './compression.js';
import { withOneDictionary } from './dictionaries.js';
import { packageOf, packageToRead, type ArrowPackage } from './package.js';
import { asTable, ofTable } from '../../library/file-form.js';
import { libraryClassOf } from '../../library/recognise.js';
import type { Codec, Encoded } from '../shared/codec.js';
import { whatItIs } from '../shared/known-starts.js';
import { arrowExtra } from '../../key/canonical/arrow.js';
import { inheritedData } from '../../key/canonical/own-properties.js';
import type { Refusal } from '../shared/refuse.js';

/** How a file is written. */
interface WriteOptions {
  /** By zstd, which must be there. @defaultValue `false` */
  compress?: boolean;
}

/** The three kinds of value, by the name in the record. */
type ArrowType = 'Table' | 'RecordBatch' | 'Vector';

const ARROW_TYPES: readonly ArrowType[] = ['Table', 'RecordBatch', 'Vector'];
/** The first and the last bytes of a file; a stream has neither. */
const MAGIC = textBytes('ARROW1');
/** The one column of a file that holds a Vector. */
const VECTOR_COLUMN = 'values';

/**
 * Columns are read in place: their memory is that of the file's bytes. Schema, metadata, nullability, chunks and
 * dictionaries come back as they were; a Vector is written as a table of one column, a RecordBatch as one batch.
 */
export const arrowCodec: Codec = {
  name: 'arrow',
  extension: 'arrow',
  get sample() {
    return packageToRead().tableFromArrays({ delay: Float32Array.of(14, -3.5), carrier: ['AA', 'UA'] });
  },
  // That a value is closed to new properties, a file does not say.
  accepts: (value) => (isArrow(value) && Object.isExtensible(value)) || isLibraryTable(value),

  encode(value) {
    const ofLibrary = asTable(value);
    if (ofLibrary !== undefined) {
      const { form, type, library } = ofLibrary;
      return { type, library, chunks: [form.bytes] };
    }
    const encoded = encodeArrow(value);
    if ('what' in encoded) throw new UncacheableValueError('result', encoded.what, encoded.advice, encoded.options);
    return encoded;
  },

  decode(body, { type, library }) {
    if (library !== undefined) return ofTable(library, body);
    const unwrap = ARROW_TYPES.find((known) => known === type);
    if (unwrap === undefined) throw new FormatError(`an Arrow file cannot hold a value of type ${type}`);
    if (!MAGIC.equals(body.subarray(0, MAGIC.length))) {
      throw new FormatError(`the file does not start like an Arrow IPC file (ARROW1)${whatItIs(body)}`);
    }
    if (body.length < 2 * MAGIC.length || !MAGIC.equals(body.subarray(-MAGIC.length))) {
      throw new FormatError(
        'the file does not end like an Arrow IPC file (ARROW1): it is truncated, or still being written',
      );
    }
    const arrow = packageToRead();
    try {
      allowCompression(arrow);
      return UNWRAP[unwrap](readTable(body, arrow));
    } catch (cause) {
      const compression = unreadableCompression(body, arrow);
      if (compression !== undefined)
        throw new FormatError(`an Arrow IPC file is compressed with ${compression}${COMPRESSION_ADVICE}`, { cause });
      throw new FormatError(
        `apache-arrow says ${messageOf(cause)}: the file is damaged, or of a kind that it does not know`,
        { cause },
      );
    }
  },
};

function isLibraryTable(value: unknown): boolean {
  return libraryClassOf(value)?.adapter.table !== undefined && asTable(value) !== undefined;
}

/** Is it Arrow data of this or another installed copy of the package? Runs no code of the value. */
export function isArrow(value: unknown): boolean {
  return typeOf(value) !== undefined;
}

/** The IPC file, or why there is none. What was written is read back, in place, before it is trusted. */
export function encodeArrow(value: unknown, options: WriteOptions = {}): Encoded | Refusal {
  const type = typeOf(value);
  if (type === undefined)
    return { what: 'no Arrow data', advice: 'return a Table, RecordBatch or Vector of apache-arrow' };
  const extra = arrowExtra(value as object, type);
  if (extra !== undefined) {
    return { what: `a ${type} with a property of its own, ${extra}`, advice: 'return the property beside it' };
  }
  try {
    const arrow = packageOf(value as object, type);
    const table = WRAP[type](value as never, arrow);
    const written = fileOf(table, table, arrow, options);
    if ('bytes' in written) return { type, chunks: [written.bytes] };
    // Batches with dictionaries of their own cannot be written, or are written wrongly.
    const unified = withOneDictionary(table, arrow);
    const rewritten = unified === undefined ? written : fileOf(unified, table, arrow, options);
    if ('bytes' in rewritten) return { type, chunks: [rewritten.bytes] };
    if ('cause' in rewritten) throw rewritten.cause;
    return { what: `a ${type} whose ${rewritten.difference} an IPC file does not keep`, advice: ADVICE };
  } catch (cause) {
    if (cause instanceof BundledError) throw cause;
    return { what: `a ${type} that apache-arrow cannot write as an IPC file`, advice: ADVICE, options: { cause } };
  }
}

/** A table as a file, if the table that is read back from it equals the original. */
function fileOf(
  table: Arrow.Table,
  meant: Arrow.Table,
  arrow: ArrowPackage,
  options: WriteOptions,
): { bytes: Uint8Array } | { difference: string } | { cause: unknown } {
  try {
    const bytes = writeTable(table, arrow, options);
    const difference = describeDifference(meant, readTable(bytes, arrow), arrow);
    return difference === undefined ? { bytes } : { difference };
  } catch (cause) {
    return { cause };
  }
}

const COMPRESSION_ADVICE =
  ', which cannot be read here: use Node.js 22.15 or later, register a codec with the compressionRegistry of apache-arrow, or ' +
  "write the file without compression (in pandas: to_feather(path, compression='uncompressed'))";

const ADVICE = 'build it anew with tableFromArrays, or return its columns as typed arrays';

/** Classes mark their prototypes, so that another installed copy of the package makes no difference; not subclasses. */
function typeOf(value: unknown): ArrowType | undefined {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return undefined;
  return ARROW_TYPES.find((type) => {
    const brand = Symbol.for(`apache-arrow/${type}`);
    if (inheritedData(value, brand) !== true) return false;
    const Class = inheritedData(value, 'constructor') as { prototype?: object } | undefined;
    return Class?.prototype !== undefined && Object.hasOwn(Class.prototype, brand);
  });
}

const WRAP = {
  Table: (table: Arrow.Table): Arrow.Table => table,
  RecordBatch: (batch: Arrow.RecordBatch, { Table }: ArrowPackage): Arrow.Table => new Table(batch.schema, [batch]),
  Vector: (
    vector: Arrow.Vector,
    { Field, RecordBatch, Schema, Struct, Table, makeData }: ArrowPackage,
  ): Arrow.Table => {
    const schema = new Schema([new Field(VECTOR_COLUMN, vector.type, true)]);
    const type = new Struct(schema.fields);
    const batches = vector.data.map(
      (data) =>
        new RecordBatch(schema, makeData({ type, length: data.length, nullCount: 0, children: [data as Arrow.Data] })),
    );
    return new Table(schema, batches);
  },
};

const UNWRAP: Readonly<Record<ArrowType, (table: Arrow.Table) => unknown>> = {
  Table: (table) => table,
  RecordBatch: (table) => {
    const batch = table.batches[0];
    if (batch === undefined || table.batches.length !== 1)
      throw new RangeError(`${table.batches.length} batches, not 1`);
    return batch;
  },
  Vector: (table) => {
    const vector = table.getChildAt(0);
    if (vector === null || table.numCols !== 1) throw new RangeError(`${table.numCols} columns, not 1`);
    return vector;
  },
};

function readTable(bytes: Uint8Array, arrow: ArrowPackage): Arrow.Table {
  const { RecordBatchFileReader, RecordBatchReader, Table } = arrow;
  const reader = RecordBatchReader.from(bytes).open();
  if (!(reader instanceof RecordBatchFileReader)) throw new TypeError('a stream, not a file');
  // Where a file has no batches, the reader would make up an empty one.
  return reader.numRecordBatches === 0 ? new Table(reader.schema) : new Table(reader.schema, [...reader]);
}

/**
 * The file's bytes, in memory of their own. The writer is listened to, for what it collects by itself takes two
 * columns that share their memory for one.
 */
function writeTable(table: Arrow.Table, arrow: ArrowPackage, { compress = false }: WriteOptions): Uint8Array {
  const { RecordBatchFileWriter, CompressionType } = arrow;
  if (compress) allowCompression(arrow);
  const pieces: Uint8Array[] = [];
  class Writer extends RecordBatchFileWriter {
    override _write(chunk: ArrayBufferView): this {
      if (this._started) pieces.push(bytesOf(chunk));
      return super._write(chunk);
    }
  }
  const writer = compress ? new Writer({ compressionType: CompressionType.ZSTD }) : new Writer();
  writer.reset(undefined, table.schema);
  for (const batch of table.batches) writer.write(batch);
  writer.finish();
  return Buffer.concat(pieces);
}
