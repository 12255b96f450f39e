/** Numbers that are added to: `incr`, `decr`. */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../../base/errors.js';
import type { RetryOptions } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import { Mode, type DiskKey } from '../disk/disk.js';
import { NotACounterError } from '../base/errors.js';
import { fitsColumn, toColumn, toNumber } from '../base/numbers.js';
import { findRow, isExpired, ITEM, removeAfterRollback } from './rows.js';
import { putItem } from './store-item.js';
import { transact } from '../state/transaction.js';

/** What to add, and to what where there is nothing. */
export interface Increment extends RetryOptions {
  delta: number | bigint;
  defaultValue: number | bigint | null;
}

export function increment(
  state: CacheState,
  key: unknown,
  { delta, defaultValue, ...options }: Increment,
): number | bigint {
  const step = operand(delta, 'delta');
  const start = defaultValue === null ? null : operand(defaultValue, 'default');
  const now = present();
  const diskKey = state.disk.put(key);
  return transact(state, options, (frame) => {
    const counted = typeof step === 'bigint' ? addInPlace(state, diskKey, step, now) : undefined;
    if (counted !== undefined) return toNumber(counted);
    const row = findRow(state, ITEM, diskKey);
    if (row !== undefined && !isExpired(row, now)) {
      const { value } = row;
      if (Number(row.mode) !== Mode.raw || (typeof value !== 'bigint' && typeof value !== 'number')) {
        throw new NotACounterError(
          `the value of ${inspect(key)} in ${state.directory} is no number, so it cannot be added to`,
        );
      }
      const sum = add(value, step);
      const { get } = state.rule;
      const times = get?.includes('?') === true ? [now] : [];
      const update = `UPDATE Cache SET store_time = ?, value = ?${get === null ? '' : `, ${get}`} WHERE rowid = ?`;
      state.connection.sql(update).run(now, sum, ...times, row.rowid);
      return toValue(sum);
    }
    if (start === null) {
      throw new NotACounterError(`there is no item ${inspect(key)} in ${state.directory} to add to, and no default`);
    }
    const column = add(start, step);
    const sum = toValue(column);
    const stored = state.disk.store(sum, key);
    // A float that is an integer stays a float, as in the sums that follow.
    if (typeof stored.value === 'bigint') stored.value = column;
    removeAfterRollback(state, frame, stored);
    putItem(state, frame, { key: diskKey, now, terms: { expireTime: null, tag: null }, stored });
    return sum;
  });
}

/** An integer that stays one is added to by one statement. @returns the sum; `undefined` where that was not done */
function addInPlace(state: CacheState, { key, raw }: DiskKey, step: bigint, now: number): bigint | undefined {
  const { get } = state.rule;
  const times = get?.includes('?') === true ? [now] : [];
  const update =
    `UPDATE Cache SET store_time = ?, value = value + ?${get === null ? '' : `, ${get}`} WHERE key = ? AND raw = ? ` +
    `AND mode = ${Mode.raw} AND typeof(value) = 'integer' AND typeof(value + ?) = 'integer' ` +
    'AND (expire_time IS NULL OR expire_time > ?) RETURNING value';
  const values = [now, step, ...times, key, raw ? 1n : 0n, step, now];
  return state.connection.sql(update).get<{ value: bigint }>(...values)?.value;
}

function operand(value: unknown, option: string): number | bigint {
  if (typeof value === 'bigint' && fitsColumn(value)) return value;
  // -0 is an integer here: to subtract nothing makes no float of a counter.
  if (typeof value === 'number' && !Number.isNaN(value)) return value === 0 ? 0n : toColumn(value);
  throw new InvalidOptionError(`${option} is ${inspect(value)}, but must be a number or an integer of 64 bits`);
}

/** As Python adds: two integers make an integer, anything else a float. */
function add(one: number | bigint, other: number | bigint): number | bigint {
  const sum = typeof one === 'bigint' && typeof other === 'bigint' ? one + other : Number(one) + Number(other);
  if (typeof sum === 'bigint' ? fitsColumn(sum) : !Number.isNaN(sum)) return sum;
  throw new NotACounterError(
    `${String(one)} and ${String(other)} make ${String(sum)}, which no column holds: nothing was changed`,
  );
}

function toValue(column: number | bigint): number | bigint {
  return typeof column === 'bigint' ? toNumber(column) : column;
}
