/** Storing items: `set`, `setStream`, `add`, `touch`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { toSeconds } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { SetOptions, TouchOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import type { Frame } from '../database/connection.js';
import { cullSome } from './cull.js';
import type { StoredValue } from '../disk/disk.js';
import { DatabaseError } from '../base/errors.js';
import { findRow, isExpired, PLACE, putRow, removeAfterRollback, removeLater, toTerms, type Draft } from './rows.js';
import { transact } from '../state/transaction.js';

export function setItem(state: CacheState, key: unknown, value: unknown, options: SetOptions): boolean {
  const now = present();
  const columns = { key: state.disk.put(key), now, terms: toTerms(options, now) };
  return withValue(state, key, value, options, (stored, frame) => {
    putItem(state, frame, { ...columns, stored });
    return true;
  });
}

export async function setStream(
  state: CacheState,
  key: unknown,
  stream: AsyncIterable<Uint8Array>,
  options: SetOptions,
): Promise<boolean> {
  if (typeof (stream as unknown) !== 'object' || !(Symbol.asyncIterator in stream || Symbol.iterator in stream)) {
    throw new InvalidOptionError('what is stored as a stream must give bytes piece by piece, as a Readable does');
  }
  const diskKey = state.disk.put(key);
  // Bad options are said before the stream is used up; the time counts from when the item is there.
  toTerms(options, 0);
  const stored = await state.disk.storeStream(stream, key);
  return withFile(state, stored, options, (frame) => {
    if (!hasFile(state, stored)) {
      throw new DatabaseError(
        `the file ${String(stored.filename)} in ${state.directory} was removed by somebody else while it was written`,
      );
    }
    const now = present();
    putItem(state, frame, { key: diskKey, now, terms: toTerms(options, now), stored });
    return true;
  });
}

export function addItem(state: CacheState, key: unknown, value: unknown, options: SetOptions): boolean {
  const now = present();
  const columns = { key: state.disk.put(key), now, terms: toTerms(options, now) };
  return withValue(state, key, value, options, (stored, frame) => {
    const row = findRow(state, PLACE, columns.key);
    if (row !== undefined && !isExpired(row, now)) {
      removeLater(state, frame, stored.filename);
      return false;
    }
    putItem(state, frame, { ...columns, stored });
    return true;
  });
}

export function touchItem(state: CacheState, key: unknown, { expire, ...options }: TouchOptions): boolean {
  const now = present();
  const diskKey = state.disk.put(key);
  const expireTime = expire === undefined ? null : now + toSeconds(expire, 'expire');
  return transact(state, options, () => {
    const row = findRow(state, PLACE, diskKey);
    if (row === undefined || isExpired(row, now)) return false;
    state.connection.sql('UPDATE Cache SET expire_time = ? WHERE rowid = ?').run(expireTime, row.rowid);
    return true;
  });
}

/** Puts an item in the place of the key's former one, and makes room for it. */
export function putItem(state: CacheState, frame: Frame, draft: Draft): void {
  putRow(state, frame, draft);
  cullSome(state, frame, draft.now);
}

/**
 * Writes a value's file, if it is to have one, then runs `body` in a transaction. The file is written before, so that
 * others wait no longer than they must, and is removed if anything fails.
 */
export function withValue<T>(
  state: CacheState,
  key: unknown,
  value: unknown,
  options: SetOptions,
  body: (stored: StoredValue, frame: Frame) => T,
): T {
  const early = state.disk.store(value, key);
  return withFile(state, early, options, (frame) => {
    if (hasFile(state, early)) return body(early, frame);
    // A `check` that repairs took the file for left behind. Now no other process can.
    const stored = state.disk.store(value, key);
    removeAfterRollback(state, frame, stored);
    return body(stored, frame);
  });
}

function withFile<T>(state: CacheState, stored: StoredValue, options: SetOptions, body: (frame: Frame) => T): T {
  try {
    return transact(state, options, (frame) => {
      removeAfterRollback(state, frame, stored);
      return body(frame);
    });
  } catch (error) {
    // The transaction may not have begun.
    if (stored.filename !== null) state.disk.remove(stored.filename);
    throw error;
  }
}

function hasFile(state: CacheState, { filename }: StoredValue): boolean {
  return filename === null || existsSync(join(state.directory, filename));
}
