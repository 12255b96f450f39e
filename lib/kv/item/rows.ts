/** Rows of the table `Cache`: found by key, written, deleted. */
import { toSeconds } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { SetOptions, Tag } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import type { Frame, Row } from '../database/connection.js';
import type { DiskKey, SqlValue, StoredValue } from '../disk/disk.js';
import { asNumber, fitsColumn, toColumn, toNumber } from '../base/numbers.js';

/** An item's label and end, as columns. */
export interface Terms {
  expireTime: number | null;
  tag: SqlValue;
}

/** Options → columns. */
export function toTerms({ expire, tag }: Pick<SetOptions, 'expire' | 'tag'>, now: number): Terms {
  return { expireTime: expire === undefined ? null : now + toSeconds(expire, 'expire'), tag: toTag(tag) };
}

/** @throws InvalidOptionError where a tag has no exact column */
export function toTag(tag: Tag | undefined): SqlValue {
  if (tag === undefined) return null;
  if (typeof tag === 'string' && !/\p{Surrogate}/u.test(tag)) return tag;
  if (typeof tag === 'number' && !Number.isNaN(tag)) return toColumn(tag);
  if (typeof tag === 'bigint' && fitsColumn(tag)) return tag;
  throw new InvalidOptionError(`the tag ${String(tag)} must be a string, a number or an integer of 64 bits`);
}

/** A column → a tag. */
export function fromTag(tag: Row['tag']): Tag | undefined {
  return (typeof tag === 'bigint' ? toNumber(tag) : tag) ?? undefined;
}

/** Has the row's time come? */
export function isExpired({ expire_time }: Pick<Row, 'expire_time'>, now: number): boolean {
  return expire_time !== null && Number(expire_time) <= now;
}

/** A row of a key, whether it has expired or not. */
export function findRow<C extends keyof Row>(
  state: CacheState,
  { key, raw }: DiskKey,
  ...columns: C[]
): Pick<Row, C> | undefined {
  const { connection } = state;
  const select = `SELECT ${connection.columns(...columns)} FROM Cache WHERE key = ? AND raw = ?`;
  return connection.sql(select).get<Pick<Row, C>>(key, BigInt(raw));
}

/** The part of a row that a disk makes a value of. */
export function storedValue({
  size,
  mode,
  filename,
  value,
}: Pick<Row, 'size' | 'mode' | 'filename' | 'value'>): StoredValue {
  return { size: asNumber(size) ?? 0, mode: Number(mode), filename, value };
}

export function insertRow(
  state: CacheState,
  { key, raw }: DiskKey,
  now: number,
  terms: Terms,
  stored: StoredValue,
): void {
  const insert =
    'INSERT INTO Cache (key, raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename, value) ' +
    'VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)';
  state.connection.sql(insert).run(key, BigInt(raw), now, terms.expireTime, now, terms.tag, ...toColumns(stored));
}

export function updateRow(state: CacheState, rowid: bigint, now: number, terms: Terms, stored: StoredValue): void {
  const update =
    'UPDATE Cache SET store_time = ?, expire_time = ?, access_time = ?, access_count = 0, tag = ?, size = ?, mode = ?, ' +
    'filename = ?, value = ? WHERE rowid = ?';
  state.connection.sql(update).run(now, terms.expireTime, now, terms.tag, ...toColumns(stored), rowid);
}

function toColumns({ size, mode, filename, value }: StoredValue): SqlValue[] {
  return [BigInt(size), BigInt(mode), filename, value];
}

/** Deletes a row; its file goes with the transaction's commit. */
export function deleteRow(state: CacheState, frame: Frame, { rowid, filename }: Pick<Row, 'rowid' | 'filename'>): void {
  state.connection.sql('DELETE FROM Cache WHERE rowid = ?').run(rowid);
  removeLater(state, frame, filename);
}

/** Removes a file that was made for a row, if the row does not come to be. */
export function removeAfterRollback(state: CacheState, frame: Frame, { filename }: StoredValue): void {
  if (filename !== null)
    frame.afterRollback.push(() => {
      state.disk.remove(filename);
    });
}

/** Removes a file once nothing refers to it for good. */
export function removeLater(state: CacheState, frame: Frame, filename: string | null): void {
  if (filename !== null)
    frame.afterCommit.push(() => {
      state.disk.remove(filename);
    });
}
