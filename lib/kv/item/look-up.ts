/** Looking items up: `get`, `getItem`, `read`, `has`. */
import type { Readable } from 'node:stream';
import type { CacheItem, RetryOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import type { Row } from '../database/select.js';
import { ENOVAL } from '../base/constants.js';
import { asNumber } from '../base/numbers.js';
import { findRow, fromTag, isExpired, ITEM, PLACE, storedValue } from './rows.js';
import { transact, untilFree } from '../state/transaction.js';

/** What a look-up needs of a row. */
type FoundRow = Pick<Row, 'rowid' | 'expire_time' | 'tag' | 'size' | 'mode' | 'filename' | 'value'>;

/** A value with what belongs to it, or ENOVAL. */
type Found = CacheItem | typeof ENOVAL;

export function getItem(state: CacheState, key: unknown, options: RetryOptions): Found {
  return lookUp(state, key, options, (row) => state.disk.fetch(storedValue(row)));
}

export function readItem(state: CacheState, key: unknown, options: RetryOptions): Readable | undefined {
  const found = lookUp(state, key, options, (row) => state.disk.read(storedValue(row)));
  return found === ENOVAL ? undefined : (found.value as Readable);
}

export function hasItem(state: CacheState, key: unknown, options: RetryOptions): boolean {
  const diskKey = state.disk.put(key);
  return untilFree(state, options, () => {
    const row = findRow(state, PLACE, diskKey);
    return row !== undefined && !isExpired(row, present());
  });
}

/** A look-up only reads, unless it is counted or changes the order of eviction. */
function lookUp(state: CacheState, key: unknown, options: RetryOptions, fetch: (row: FoundRow) => unknown): Found {
  const { statistics } = state.settings;
  const update = state.rule.get;
  const diskKey = state.disk.put(key);
  const find = (): { item: Found; rowid?: bigint } => {
    const found = readRow(() => findRow(state, ITEM, diskKey), fetch);
    return found === undefined ? { item: ENOVAL } : { item: toItem(found.row, found.value), rowid: found.row.rowid };
  };
  if (!statistics && update === null) return untilFree(state, options, find).item;
  return transact(state, options, () => {
    const { item, rowid } = find();
    if (statistics) count(state, rowid === undefined ? 'misses' : 'hits');
    if (update !== null && rowid !== undefined) noteAccess(state, update, rowid);
    return item;
  });
}

/**
 * A row that has not expired, and its value. Who replaces a value removes its file afterwards: where that is gone, the row
 * may have another one by now, and is looked at again.
 */
export function readRow<R extends Pick<Row, 'expire_time' | 'filename'>>(
  find: () => R | undefined,
  fetch: (row: R) => unknown,
): { row: R; value: unknown } | undefined {
  for (let gone: string | null | undefined; ;) {
    const row = find();
    if (row === undefined || isExpired(row, present()) || row.filename === gone) return undefined;
    const value = fetch(row);
    if (value !== ENOVAL) return { row, value };
    gone = row.filename;
  }
}

/** A row and its value, as the user has them. */
export function toItem(row: Pick<Row, 'expire_time' | 'tag'>, value: unknown): CacheItem {
  return { value, expireTime: asNumber(row.expire_time), tag: fromTag(row.tag) };
}

function count(state: CacheState, name: 'hits' | 'misses'): void {
  state.connection.sql('UPDATE Settings SET value = value + 1 WHERE key = ?').run(name);
}

function noteAccess(state: CacheState, update: string, rowid: bigint): void {
  const times = update.includes('?') ? [present()] : [];
  state.connection.sql(`UPDATE Cache SET ${update} WHERE rowid = ?`).run(...times, rowid);
}
