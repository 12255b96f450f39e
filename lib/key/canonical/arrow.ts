/**
 * Arrow tables, record batches and vectors by their schema and their logical content: how rows are cut into chunks,
 * what lies in memory under a null, and how a dictionary numbers its values make no difference.
 */
import { arrowColumn } from './arrow-column.js';
import type { ArrowField, ArrowTable, ArrowType, ArrowVector } from './arrow-shape.js';
import { propertyLabel } from '../names/instance-path.js';
import { inheritedData } from './own-properties.js';
import { Plan, Refusal, Tag } from './plan.js';

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

/** What Arrow itself puts on its values, beside names that begin with an underscore; `get` where they are memoized. */
const OWN: Readonly<Record<Kind, ReadonlySet<string>>> = {
  Table: new Set(['schema', 'batches']),
  RecordBatch: new Set(['schema', 'data']),
  Vector: new Set(['data', 'type', 'stride', 'numChildren', 'length', 'isValid', 'get', 'set', 'indexOf']),
};

/** The first property that is not Arrow's own, or that is an accessor; runs none. */
export function arrowExtra(value: object, kind: Kind): string | undefined {
  const isOwn = (name: string | symbol): boolean =>
    typeof name === 'string' &&
    (name.startsWith('_') || OWN[kind].has(name)) &&
    Object.getOwnPropertyDescriptor(value, name)?.get === undefined;
  const extra = Reflect.ownKeys(value).find((name) => !isOwn(name));
  return extra === undefined ? undefined : String(extra);
}

/** The plan of an Arrow value, `undefined` for any other. */
export function arrowPlan(value: object, options: Options): Plan | undefined {
  const kind = arrowKind(value);
  if (kind === undefined) return undefined;
  const extra = arrowExtra(value, kind);
  if (extra !== undefined) throw new Refusal(`a ${kind} with properties of its own`, propertyLabel(extra));
  if (kind === 'Vector') {
    const vector = value as ArrowVector;
    return new Plan(Tag.arrow, [kind, typePlan(vector.type), arrowColumn(vector, options)]);
  }
  const table = value as ArrowTable;
  const { schema, numRows } = table;
  const items: unknown[] = [kind, numRows, metadata(schema.metadata), schema.fields.length];
  for (const [i, field] of schema.fields.entries()) {
    items.push(fieldPlan(field), arrowColumn(table.getChildAt(i) as ArrowVector, options));
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
