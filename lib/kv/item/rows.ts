/** Rows of the table `Cache`: found by key, written, deleted. */
import { toSeconds } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';
import type { SetOptions, Tag } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import type { Frame } from '../database/connection.js';
import { Select, type Row } from '../database/select.js';
import type { DiskKey, SqlValue, StoredValue } from '../disk/disk.js';
import { asNumber, fitsColumn, toColumn, toNumber } from '../base/numbers.js';

/** An item's label and end, as columns. */
export interface Terms {
  expireTime: number | null;
  tag: SqlValue;
}

/** An item on its way into the database. */
export interface Draft {
  readonly key: DiskKey;
  /** When it is stored. */
  readonly now: number;
  readonly terms: Terms;
  readonly stored: StoredValue;
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

const OF_KEY = 'FROM Cache WHERE key = ? AND raw = ?';

/** Where the item of a key lies, and until when. */
export const PLACE = new Select(['rowid', 'expire_time', 'filename'], OF_KEY);
/** The item of a key. */
export const ITEM = new Select(['rowid', 'expire_time', 'tag', 'size', 'mode', 'filename', 'value'], OF_KEY);

/** A row of a key, whether it has expired or not. */
export function findRow<C extends keyof Row>(
  state: CacheState,
  select: Select<C>,
  { key, raw }: DiskKey,
): Pick<Row, C> | undefined {
  return state.connection.select(select).get(key, raw ? 1n : 0n);
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

const INSERT =
  'INSERT INTO Cache (key, raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename, value) ' +
  'VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)';

/** Inserts a row of a key that has none. */
export function insertRow(state: CacheState, draft: Draft): void {
  insertBy(state, INSERT, draft);
}

/** What a row is to become that is there already. */
const ANEW =
  'store_time = excluded.store_time, expire_time = excluded.expire_time, access_time = excluded.access_time, ' +
  'access_count = 0, tag = excluded.tag, size = excluded.size, mode = excluded.mode, filename = excluded.filename, ' +
  'value = excluded.value';
const WITHOUT_FILE = `${INSERT} ON CONFLICT (key, raw) DO UPDATE SET ${ANEW} WHERE filename IS NULL`;
const WHATEVER = `${INSERT} ON CONFLICT (key, raw) DO UPDATE SET ${ANEW}`;

/** Inserts a row, or puts it in the place of the key's former one, whose file goes with the transaction's commit. */
export function putRow(state: CacheState, frame: Frame, draft: Draft): void {
  // Most values have no file: one statement does for them.
  if (insertBy(state, WITHOUT_FILE, draft) > 0) return;
  removeLater(state, frame, findRow(state, PLACE, draft.key)?.filename ?? null);
  insertBy(state, WHATEVER, draft);
}

function insertBy(state: CacheState, sql: string, { key: { key, raw }, now, terms, stored }: Draft): number {
  const { expireTime, tag } = terms;
  const { size, mode, filename, value } = stored;
  return state.connection
    .sql(sql)
    .run(key, raw ? 1n : 0n, now, expireTime, now, tag, BigInt(size), BigInt(mode), filename, value);
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
