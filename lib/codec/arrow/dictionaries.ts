/**
 * One dictionary a column. In memory every batch of a table may have dictionaries of its own, tables that were put together
 * for example; an IPC file has room for one, which may only grow. Values, types and nulls stay what they were: the
 * dictionaries are put together, and the indices say where in the whole.
 */
import type * as Arrow from 'apache-arrow';
import type { ArrowPackage } from './package.js';

type Integers = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** The same table with one dictionary a column; `undefined` where it has no dictionaries. @throws where they do not go together */
export function withOneDictionary(table: Arrow.Table, arrow: ArrowPackage): Arrow.Table | undefined {
  const { Field, RecordBatch, Schema, Struct, Table } = arrow;
  if (!table.schema.fields.some(({ type }) => hasDictionary(type as Arrow.DataType))) return undefined;
  const ids = new Set<number>();
  const fields = table.schema.fields.map((field) => {
    const type = withOwnId(field.type as Arrow.DataType, ids, arrow);
    return new Field(field.name, type, field.nullable, field.metadata);
  });
  const schema = new Schema(fields, table.schema.metadata);
  const unifier = new Unifier(arrow);
  const columns = fields.map((field, i) =>
    unifier.unify(
      table.batches.map(({ data }) => childOf(data, i)),
      field.type,
    ),
  );
  const type = new Struct(fields);
  const batches = table.batches.map((batch, b) => {
    const children = columns.map((column) => column[b] as Arrow.Data);
    return new RecordBatch(schema, structOf(batch.data, type, children, arrow), batch.metadata);
  });
  return new Table(schema, batches);
}

function hasDictionary(type: Arrow.DataType): boolean {
  return 'dictionary' in type || fieldsOf(type).some((field) => hasDictionary(field.type as Arrow.DataType));
}

/** What a type is made of, if anything. */
function fieldsOf({ children }: { children: Arrow.Field[] | null }): Arrow.Field[] {
  return children ?? [];
}

/** Columns of tables that were read apart may share a number. */
function withOwnId(type: Arrow.DataType, ids: Set<number>, { DataType, Dictionary }: ArrowPackage): Arrow.DataType {
  if (!DataType.isDictionary(type)) return type;
  const id = ids.has(type.id) ? Math.max(...ids) + 1 : type.id;
  ids.add(id);
  return id === type.id ? type : new Dictionary(type.dictionary as Arrow.DataType, type.indices, id, type.isOrdered);
}

function structOf(
  data: Arrow.Data<Arrow.Struct>,
  type: Arrow.Struct,
  children: Arrow.Data[],
  { Data }: ArrowPackage,
): Arrow.Data<Arrow.Struct> {
  return new Data(type, data.offset, data.length, data.nullCount, data, children);
}

function childOf({ children }: Arrow.Data, index: number): Arrow.Data {
  const child = children[index];
  if (child === undefined) throw new RangeError('a batch lacks a column of the schema');
  return child;
}

/** The same memory under another type and with other children. */
function rebuilt(data: Arrow.Data, type: Arrow.DataType, children: Arrow.Data[], { Data }: ArrowPackage): Arrow.Data {
  return new Data(type, data.offset, data.length, data.nullCount, data as never, children, data.dictionary);
}

class Unifier {
  constructor(private readonly arrow: ArrowPackage) {}

  /** Data of one column, in all batches. */
  unify(datas: readonly Arrow.Data[], type: Arrow.DataType): Arrow.Data[] {
    if (this.arrow.DataType.isDictionary(type)) return this.unifyIndices(datas, type);
    const fields = fieldsOf(type);
    if (!fields.some((field) => hasDictionary(field.type as Arrow.DataType))) return [...datas];
    const columns = fields.map((field, i) =>
      this.unify(
        datas.map((data) => childOf(data, i)),
        field.type as Arrow.DataType,
      ),
    );
    return datas.map((data, d) =>
      rebuilt(
        data,
        type,
        columns.map((column) => column[d] as Arrow.Data),
        this.arrow,
      ),
    );
  }

  private unifyIndices(datas: readonly Arrow.Data[], type: Arrow.Dictionary): Arrow.Data[] {
    const valueType = type.dictionary as Arrow.DataType;
    const chunks = [...new Set(datas.flatMap(({ dictionary }) => (dictionary?.data ?? []) as Arrow.Data[]))];
    // Values that have dictionaries themselves.
    const inner = this.unify(chunks, valueType);
    const { dictionary, places } = hasPlainValues(valueType, this.arrow)
      ? this.distinct(inner, valueType)
      : this.concatenated(inner);
    const placesOf = new Map(chunks.map((chunk, i) => [chunk, places[i] ?? []]));
    return datas.map((data) => {
      const moves = ((data.dictionary?.data ?? []) as Arrow.Data[]).flatMap((chunk) => placesOf.get(chunk) ?? []);
      if (type.isOrdered && moves.some((to, from) => to !== from))
        throw new RangeError('the dictionaries order their values otherwise');
      return this.withIndices(data, type, dictionary, moves);
    });
  }

  /** Each value once. @returns for each chunk where its values are now */
  private distinct(
    chunks: readonly Arrow.Data[],
    type: Arrow.DataType,
  ): { dictionary: Arrow.Vector; places: number[][] } {
    const known = new Map<unknown, number>();
    const places = chunks.map((chunk) => {
      const vector = new this.arrow.Vector([chunk]);
      return Array.from({ length: chunk.length }, (_, i) => {
        const value: unknown = vector.get(i);
        const place = known.get(value) ?? known.size;
        known.set(value, place);
        return place;
      });
    });
    return { dictionary: this.arrow.vectorFromArray([...known.keys()], type), places };
  }

  /** One after the other. */
  private concatenated(chunks: readonly Arrow.Data[]): { dictionary: Arrow.Vector; places: number[][] } {
    let start = 0;
    const places = chunks.map(({ length }) => {
      start += length;
      return Array.from({ length }, (_, i) => start - length + i);
    });
    return { dictionary: new this.arrow.Vector(chunks), places };
  }

  private withIndices(
    data: Arrow.Data,
    type: Arrow.Dictionary,
    dictionary: Arrow.Vector,
    moves: readonly number[],
  ): Arrow.Data {
    const { Data } = this.arrow;
    const before = data.values as Integers;
    const values = before.slice(0, data.length);
    for (let i = 0; i < values.length; i++) {
      // Under a null there may be any index.
      const to = moves[before[i] ?? 0] ?? 0;
      values[i] = to;
      if (values[i] !== to)
        throw new RangeError(`the dictionaries have more values together than ${String(type.indices)} can number`);
    }
    const buffers = [data.valueOffsets, values, data.nullBitmap, data.typeIds];
    return new Data(
      type as Arrow.DataType,
      data.offset,
      data.length,
      data.nullCount,
      buffers as never,
      data.children,
      dictionary,
    );
  }
}

/** Are values of the type, as JavaScript gets them, equal exactly where they are the same? */
function hasPlainValues(type: Arrow.DataType, { DataType }: ArrowPackage): boolean {
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isInt(type);
}
