/** Removing one item: `delete`, `pop`. */
import type { CacheItem, RetryOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import { ENOVAL } from '../base/constants.js';
import { toItem } from './look-up.js';
import { deleteRow, findRow, isExpired, ITEM, PLACE, storedValue } from './rows.js';
import { transact } from '../state/transaction.js';

export function deleteItem(state: CacheState, key: unknown, options: RetryOptions): boolean {
  const diskKey = state.disk.put(key);
  return transact(state, options, (frame) => {
    const row = findRow(state, PLACE, diskKey);
    if (row === undefined || isExpired(row, present())) return false;
    deleteRow(state, frame, row);
    return true;
  });
}

/** The value is read before the deletion is committed: a value that cannot be read is not lost. */
export function popItem(state: CacheState, key: unknown, options: RetryOptions): CacheItem | typeof ENOVAL {
  const diskKey = state.disk.put(key);
  return transact(state, options, (frame) => {
    const row = findRow(state, ITEM, diskKey);
    if (row === undefined || isExpired(row, present())) return ENOVAL;
    const value = state.disk.fetch(storedValue(row));
    deleteRow(state, frame, row);
    return value === ENOVAL ? ENOVAL : toItem(row, value);
  });
}
