/**
 * Arrow tables, record batches and vectors by their schema and their logical content: how rows are cut into chunks,
 * what lies in memory under a null, and how a dictionary numbers its values make no difference.
 */
import { arrowColumn } from './arrow-column.js';
import type { ArrowField, ArrowTable, ArrowType, ArrowVector } from './arrow-shape.js';
import { inheritedData } from './own-properties.js';
import { Plan, Tag } from './plan.js';

/** As much of a purpose as counts here. */
interface Options {
  readonly ordered: boolean;
}

const KINDS = ['Table', 'RecordBatch', 'Vector'] as const;
type Kind = (typeof KINDS)[number];

/** Which kind of Arrow value it is, by the brand that survives two installed copies of the package. */
export function arrowKind(value: object): Kind | undefined {
  return KINDS.find((kind) => inheritedData(value, Symbol.for(`apache-arrow/${kind}`)) === true);
}

/** The plan of an Arrow value, `undefined` for any other. */
export function arrowPlan(value: object, options: Options): Plan | undefined {
  const kind = arrowKind(value);
  if (kind === undefined) return undefined;
  if (kind === 'Vector') {
    const vector = value as ArrowVector;
    return new Plan(Tag.arrow, [kind, typePlan(vector.type), arrowColumn(vector, options)]);
  }
  const table = value as ArrowTable;
  const { schema, numRows } = table;
  const items: unknown[] = [kind, numRows, metadata(schema.metadata), schema.fields.length];
  for (const [i, field] of schema.fields.entries()) {
    const column = table.getChildAt(i);
    items.push(fieldPlan(field), column === null ? null : arrowColumn(column, options));
  }
  return new Plan(Tag.arrow, items);
}

/** Metadata is a dictionary: its order says nothing. */
function metadata(entries: ReadonlyMap<string, string>): Plan {
  return new Plan(Tag.map, [...entries].flat(), 2);
}

function fieldPlan(field: ArrowField): Plan {
  return new Plan(Tag.arrow, [field.name, field.nullable, metadata(field.metadata), typePlan(field.type)]);
}

/** Numbers that some types have and do not show in their names. */
const TYPE_DETAILS = ['bitWidth', 'byteWidth', 'listSize', 'keysSorted', 'isOrdered', 'mode'] as const;

function typePlan(type: ArrowType): Plan {
  const details = TYPE_DETAILS.map((name) => (type as unknown as Record<string, unknown>)[name]);
  const parts = type.dictionary === undefined ? (type.children ?? []).map(fieldPlan) : [typePlan(type.dictionary)];
  return new Plan(Tag.arrow, [type.toString(), ...details, ...parts]);
}
