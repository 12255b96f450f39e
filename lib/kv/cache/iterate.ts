/** Going through a cache, a page at a time: others may write meanwhile, and so may the loop itself. */
import type { IterateOptions, KeyedItem, PeekItemOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import { Select, type Row } from '../database/select.js';
import { ENOVAL } from '../base/constants.js';
import type { SqlValue } from '../disk/disk.js';
import { readRow, toItem } from '../item/look-up.js';
import { deleteRow, isExpired, storedValue } from '../item/rows.js';
import { transact, untilFree } from '../state/transaction.js';

/** Rows read at once. */
const PAGE = 100;

/** The item of a row. */
const VALUE = new Select(['expire_time', 'size', 'mode', 'filename', 'value'], 'FROM Cache WHERE rowid = ?');

/** What is asked for in each order. */
const IN_ORDER = { ASC: queries('ASC', '>'), DESC: queries('DESC', '<') };

function queries(order: 'ASC' | 'DESC', beyond: '>' | '<') {
  const sorted = `ORDER BY key ${order}, raw ${order} LIMIT ${PAGE}`;
  return {
    keys: new Select(
      ['rowid', 'key', 'raw'],
      `FROM Cache WHERE ? < rowid AND rowid < ? ORDER BY rowid ${order} LIMIT ${PAGE}`,
    ),
    // A key that is NULL, Python's NaN, has no place in an order.
    sorted: new Select(['key', 'raw'], `FROM Cache WHERE key IS NOT NULL ${sorted}`),
    sortedOn: new Select(['key', 'raw'], `FROM Cache WHERE key = ? AND raw ${beyond} ? OR key ${beyond} ? ${sorted}`),
    item: new Select(
      ['rowid', 'key', 'raw', 'expire_time', 'tag', 'size', 'mode', 'filename', 'value'],
      `FROM Cache WHERE rowid ${beyond}= ? ORDER BY rowid ${order} LIMIT 1`,
    ),
  };
}

/** Keys in the order of their rows; keys added after the beginning are not met. */
export function* keys(state: CacheState, options: IterateOptions): Generator<unknown, void, undefined> {
  for (const { key, raw } of keyRows(state, options)) yield state.disk.get(key, raw === 1n);
}

/** Keys with their values, each read when its turn comes. */
export function* entries(state: CacheState, options: IterateOptions): Generator<[unknown, unknown], void, undefined> {
  for (const { rowid, key, raw } of keyRows(state, options)) {
    const found = untilFree(state, {}, () =>
      readRow(
        () => state.connection.select(VALUE).get(rowid),
        (row) => state.disk.fetch(storedValue(row)),
      ),
    );
    if (found !== undefined) yield [state.disk.get(key, raw === 1n), found.value];
  }
}

function* keyRows(
  state: CacheState,
  { reverse = false }: IterateOptions,
): Generator<Pick<Row, 'rowid' | 'key' | 'raw'>, void, undefined> {
  const { connection } = state;
  const bounds = connection.sql('SELECT MIN(rowid) - 1 AS below, MAX(rowid) + 1 AS above FROM Cache');
  const { below, above } = untilFree(state, {}, () => bounds.get<Record<'below' | 'above', bigint | null>>()) ?? {};
  if (typeof below !== 'bigint' || typeof above !== 'bigint') return;
  const select = IN_ORDER[reverse ? 'DESC' : 'ASC'].keys;
  let last: bigint | undefined;
  for (;;) {
    const from = reverse ? below : (last ?? below);
    const to = reverse ? (last ?? above) : above;
    // Prepared anew each time: the cache may have been closed since the last page.
    const rows = untilFree(state, {}, () => state.connection.select(select).all(from, to));
    yield* rows;
    last = rows.at(-1)?.rowid;
    if (last === undefined) return;
  }
}

/** Keys in the order of the database: numbers, texts, then bytes, pickled ones among them. */
export function* keysSorted(
  state: CacheState,
  { reverse = false }: IterateOptions,
): Generator<unknown, void, undefined> {
  const { sorted, sortedOn } = IN_ORDER[reverse ? 'DESC' : 'ASC'];
  let select = sorted;
  let bounds: SqlValue[] = [];
  for (;;) {
    const rows = untilFree(state, {}, () => state.connection.select(select).all(...bounds));
    for (const { key, raw } of rows) yield state.disk.get(key, raw === 1n);
    const last = rows.at(-1);
    if (last === undefined) return;
    select = sortedOn;
    bounds = [last.key, last.raw, last.key];
  }
}

/** The first or last item; what has expired is removed on the way, and what has lost its file is passed over. */
export function peekItem(state: CacheState, { last = true, ...options }: PeekItemOptions): KeyedItem | undefined {
  return transact(state, options, (frame) => {
    const select = IN_ORDER[last ? 'DESC' : 'ASC'].item;
    let bound = last ? 2n ** 63n - 1n : -(2n ** 63n);
    for (;;) {
      const row = state.connection.select(select).get(bound);
      if (row === undefined) return undefined;
      if (isExpired(row, present())) {
        deleteRow(state, frame, row);
      } else {
        const value = state.disk.fetch(storedValue(row));
        if (value !== ENOVAL) return { key: state.disk.get(row.key, row.raw === 1n), ...toItem(row, value) };
      }
      bound = row.rowid + (last ? -1n : 1n);
    }
  });
}
