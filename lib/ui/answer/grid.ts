/** Tags × methods, and the entries of a list. */
import { compareNames } from '../../base/text/order.js';
import type { EntriesMessage, GridMessage, State } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import { entryRow } from '../watch/states.js';
import type { Watch } from '../watch/watch.js';

/** From the least to the most alarming. */
const ORDER: readonly State[] = ['current', 'pruned', 'other', 'older', 'missing', 'stale', 'damaged'];

export function gridOf(watch: Watch, folder: string): GridMessage {
  const { states, standing } = watch.now();
  const present = [...watch.rows.values()].filter(({ place }) => place.version === undefined);
  const tags = namesOf(present, ({ folder: { tag } }) => tag);
  const methods = namesOf(present, ({ method }) => method);
  const [tagAt, methodAt] = [placesOf(tags), placesOf(methods)];
  const cells = new Map<number, GridMessage['cells'][number]>();
  for (const row of present) {
    const [tag, method] = [tagAt.get(row.folder.tag) ?? 0, methodAt.get(row.method) ?? 0];
    const at = tag * methods.length + method;
    const { state, reason } = states.of(row);
    const cell = cells.get(at) ?? [tag, method, 'current', 0, ''];
    cells.set(at, cell);
    cell[3]++;
    if (ORDER.indexOf(state) > ORDER.indexOf(cell[2])) [cell[2], cell[4]] = [state, reason];
  }
  return { ...standing, folder, tags, methods, cells: [...cells.values()] };
}

function namesOf(rows: readonly Row[], nameOf: (row: Row) => string): string[] {
  return [...new Set(rows.map(nameOf))].sort(compareNames);
}

function placesOf(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, i]));
}

/** Which entries a list is of. */
export interface Meant {
  tag?: string | undefined;
  method?: string | undefined;
  state?: string | undefined;
  /** Part of a tag, a method, or arguments. */
  text?: string | undefined;
}

const MOST_ROWS = 500;

export function listOf(watch: Watch, { tag, method, state, text }: Meant, from: number, count: number): EntriesMessage {
  const { states } = watch.now();
  const words = text?.toLowerCase().split(' ').filter(Boolean) ?? [];
  const found = [...watch.rows.values()].filter((row) => {
    if (row.place.version !== undefined) return false;
    if (tag !== undefined && row.folder.tag !== tag) return false;
    if (method !== undefined && row.method !== method) return false;
    if (state !== undefined && states.of(row).state !== state) return false;
    if (words.length === 0) return true;
    const all = `${row.folder.tag} ${row.method} ${row.arguments}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const rows = found.sort(inOrder).slice(from, from + Math.min(count, MOST_ROWS));
  return { total: found.length, from, rows: rows.map((row) => entryRow(row, states)) };
}

function inOrder(one: Row, other: Row): number {
  const [a, b] = [one, other].map(({ folder, method, place }) => `${folder.tag}\0${method}\0${place.key ?? ''}`);
  return a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1;
}
