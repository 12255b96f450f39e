/** Removing many items, in batches between which others may write: `evict`, `expire`, `clear`. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import type { RetryOptions, Tag } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { Select } from '../database/select.js';
import type { SqlValue } from '../disk/disk.js';
import { stayedLocked, TimeoutError } from '../base/errors.js';
import { deleteRow, toTag } from './rows.js';
import { transact } from '../state/transaction.js';

/** Items removed in one transaction. */
const BATCH = 100;

type Batch = Select<'rowid' | 'filename'>;

const TAGGED = batch('tag = ?');
const EXPIRED = batch('expire_time IS NOT NULL AND expire_time <= ?');
const ALL = batch('TRUE');

function batch(condition: string): Batch {
  return new Select(['rowid', 'filename'], `FROM Cache WHERE ${condition} AND rowid > ? ORDER BY rowid LIMIT ${BATCH}`);
}

/** Items with a tag. */
export function evictItems(state: CacheState, tag: Tag, options: RetryOptions): number {
  const column = toTag(tag);
  if (column === null) throw new InvalidOptionError('evict was given no tag: say which; clear() removes all items');
  return removeMany(state, TAGGED, [column], options);
}

/** Items whose time has come. */
export function expireItems(state: CacheState, now: number, options: RetryOptions): number {
  if (typeof now !== 'number' || Number.isNaN(now)) {
    throw new InvalidOptionError(`now is ${inspect(now)}, but must be seconds since the epoch`);
  }
  return removeMany(state, EXPIRED, [now], options);
}

/** All items. */
export function clearItems(state: CacheState, options: RetryOptions): number {
  return removeMany(state, ALL, [], options);
}

/** @throws TimeoutError that says how many were removed before */
function removeMany(state: CacheState, select: Batch, values: SqlValue[], options: RetryOptions): number {
  let count = 0;
  // What others add meanwhile has a higher rowid, and is met as well; nothing is met twice.
  let last = -(2n ** 63n);
  for (;;) {
    try {
      const rows = transact(state, options, (frame) => {
        const batch = state.connection.select(select).all(...values, last);
        for (const row of batch) deleteRow(state, frame, row);
        return batch;
      });
      count += rows.length;
      last = rows.at(-1)?.rowid ?? last;
      if (rows.length < BATCH) return count;
    } catch (error) {
      if (error instanceof TimeoutError) throw stayedLocked(state.directory, { count, cause: error });
      throw error;
    }
  }
}
