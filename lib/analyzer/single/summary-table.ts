/** A table of stored results. */
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { compareNames } from '../../base/text/order.js';
import type { StoredResult } from '../../method/report/stored-results.js';
import { cutOff } from '../../store/record/arguments.js';
import type { EntryRecord } from '../../store/record/record.js';
import { textTable, type Column } from './table.js';

const COLUMNS: readonly Column[] = [
  ['method', 'left'],
  ['instance', 'left'],
  ['arguments', 'left'],
  ['result', 'left'],
  ['size', 'right'],
  ['computed in', 'right'],
  ['saved', 'right'],
];

/** Headings of the table. */
export const summaryHeadings = COLUMNS.map(([heading]) => heading);

/** As text; nothing where nothing is stored. */
export function summaryTable(results: readonly StoredResult[]): string[] {
  return results.length === 0 ? [] : [textTable(COLUMNS, summaryRows(results))];
}

/** The rows, by instance path, then method, then arguments. */
export function summaryRows(results: readonly StoredResult[]): string[][] {
  const inOrder = [...results].sort(({ record: one }, { record: other }) => {
    const { identity } = one;
    return (
      compareNames(identity.instance, other.identity.instance) ||
      compareNames(identity.method, other.identity.method) ||
      compareNames(argumentsOf(one), argumentsOf(other))
    );
  });
  return inOrder.map(row);
}

function row({ record, hits }: StoredResult): string[] {
  const { identity, bytes, seconds } = record;
  return [
    identity.method,
    identity.instance,
    argumentsOf(record),
    kindOf(record),
    humanBytes(bytes),
    humanSeconds(seconds),
    hits === 0 ? '' : humanSeconds(seconds * hits),
  ];
}

/** As long as a table bears it. */
const LONGEST = 40;

function argumentsOf({ arguments: args }: EntryRecord): string {
  return cutOff(args?.preview ?? '', LONGEST);
}

/** `Float32Array 1000`, `ndarray<Float64Array> 4 × 1000`, `number`. */
function kindOf({ type, shape, value, file }: EntryRecord): string {
  const name = type === '' && file === undefined ? nameOf(value) : type;
  return shape === undefined || shape.length === 0 ? name : `${name} ${shape.join(' × ')}`;
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return `array ${value.length}`;
  return value === null ? 'null' : typeof value;
}
