/** Making room: what has expired goes first, then what the eviction policy says, with an event for each item. */
import { inspect } from 'node:util';
import { events } from '../../base/events.js';
import type { RetryOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import type { Frame, Row } from '../database/connection.js';
import { stayedLocked, TimeoutError } from '../base/errors.js';
import { asNumber } from '../base/numbers.js';
import { expireItems } from './remove-many.js';
import { deleteRow } from './rows.js';
import { readCount } from '../state/counts.js';
import { transact, untilFree } from '../state/transaction.js';

/** How many items `cull` removes at a time. */
const BATCH = 10;

/** Bytes on the disk: pages of the database, and files. */
export function volume(state: CacheState): number {
  const select = 'SELECT page_count * page_size AS pages FROM pragma_page_count, pragma_page_size';
  const { pages } = untilFree(state, {}, () => state.connection.sql(select).get<{ pages: bigint }>()) ?? { pages: 0n };
  return Number(pages) + readCount(state, 'size');
}

/** What each write does for the room that it takes: culls a few items, if it must. */
export function cullSome(state: CacheState, frame: Frame, now: number): void {
  const { cullLimit, sizeLimit } = state.settings;
  if (cullLimit === 0) return;
  const expired = state.connection
    .sql(
      'SELECT rowid, filename FROM Cache WHERE expire_time IS NOT NULL AND expire_time < ? ORDER BY expire_time LIMIT ?',
    )
    .all<Pick<Row, 'rowid' | 'filename'>>(now, BigInt(cullLimit));
  for (const row of expired) deleteRow(state, frame, row);
  const room = cullLimit - expired.length;
  if (room === 0 || state.rule.cull === null) return;
  const excess = volume(state) - sizeLimit;
  if (excess >= 0) evictSome(state, frame, { excess, limit: room });
}

/** Removes expired items, then others until the volume is within the limit. */
export function cullAll(state: CacheState, options: RetryOptions): number {
  let count = expireItems(state, present(), options);
  if (state.rule.cull === null) return count;
  try {
    for (;;) {
      const excess = volume(state) - state.settings.sizeLimit;
      if (excess <= 0) break;
      const evicted = transact(state, options, (frame) => evictSome(state, frame, { excess, limit: BATCH }));
      if (evicted === 0) break;
      count += evicted;
    }
  } catch (error) {
    if (error instanceof TimeoutError) throw stayedLocked(state.directory, { count, cause: error });
    throw error;
  }
  return count;
}

/**
 * Evicts items until their files make up for the excess, or as many as allowed: what rows take shows only when they have
 * been committed. python-diskcache always evicts as many as allowed.
 */
function evictSome(state: CacheState, frame: Frame, { excess, limit }: { excess: number; limit: number }): number {
  const { connection, rule } = state;
  const columns = connection.columns('rowid', 'filename', 'key', 'raw', 'size');
  const select = `SELECT ${columns} FROM Cache ORDER BY ${String(rule.cull)} LIMIT ?`;
  const rows = connection.sql(select).all<Pick<Row, 'rowid' | 'filename' | 'key' | 'raw' | 'size'>>(BigInt(limit));
  let count = 0;
  let rest = excess;
  for (const row of rows) {
    if (rest < 0) break;
    deleteRow(state, frame, row);
    frame.afterCommit.push(() => {
      tellEviction(state, row);
    });
    rest -= asNumber(row.size) ?? 0;
    count++;
  }
  return count;
}

/** That items go unasked is the one thing about a cache that its users must be able to hear. */
function tellEviction(state: CacheState, { key, raw, size }: Pick<Row, 'key' | 'raw' | 'size'>): void {
  if (!events.heard.evict) return;
  events.tell({
    type: 'evict',
    tag: '',
    instance: '',
    method: '',
    key: readableKey(state, key, raw),
    file: state.directory,
    bytes: asNumber(size) ?? 0,
    reason: `the cache is full (sizeLimit ${state.settings.sizeLimit}): ${state.settings.evictionPolicy}`,
  });
}

function readableKey(state: CacheState, key: Row['key'], raw: bigint): string {
  try {
    return inspect(state.disk.get(key, raw === 1n), { depth: 3, breakLength: Infinity });
  } catch {
    // A key of another language's classes: that it cannot be shown must not keep it from being evicted.
    return inspect(key);
  }
}
