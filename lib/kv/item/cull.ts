/** Making room: what has expired goes first, then what the eviction policy says, with an event for each item. */
import { inspect } from 'node:util';
import { events } from '../../base/events.js';
import type { RetryOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import type { Frame } from '../database/connection.js';
import { Select, type Row } from '../database/select.js';
import { stayedLocked, TimeoutError } from '../base/errors.js';
import { asNumber } from '../base/numbers.js';
import { expireItems } from './remove-many.js';
import { deleteRow } from './rows.js';
import { readCount } from '../state/counts.js';
import { transact, untilFree } from '../state/transaction.js';

/** How many items `cull` removes at a time. */
const BATCH = 10;

/** Limits are literals: with one that is bound, SQLite prepares a query anew each time that it is run. */
const expired = once(
  (limit: number) =>
    new Select(
      ['rowid', 'filename'],
      `FROM Cache WHERE expire_time IS NOT NULL AND expire_time < ? ORDER BY expire_time LIMIT ${limit}`,
    ),
);
const least = once(
  (order: string) => new Select(['rowid', 'filename', 'key', 'raw', 'size'], `FROM Cache ORDER BY ${order}`),
);

function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** Bytes on the disk: pages of the database, and files. */
export function volume(state: CacheState): number {
  return untilFree(state, {}, () => state.connection.pageBytes()) + readCount(state, 'size');
}

/** What each write does for the room that it takes: culls a few items, if it must. */
export function cullSome(state: CacheState, frame: Frame, now: number): void {
  const { cullLimit, sizeLimit } = state.settings;
  if (cullLimit === 0) return;
  const rows = state.connection.select(expired(cullLimit)).all(now);
  for (const row of rows) deleteRow(state, frame, row);
  const room = cullLimit - rows.length;
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
  const rows = state.connection.select(least(`${String(state.rule.cull)} LIMIT ${limit}`)).all();
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
