/** Queues: items under keys that count on from 500 trillion, forwards at the back and backwards at the front. */
import { InvalidOptionError } from '../../base/errors.js';
import type { KeyedItem, PushOptions, QueueOptions, Side } from '../state/cache-options.js';
import type { CacheState } from '../state/cache-state.js';
import { present } from '../database/clock.js';
import { Select, type Row } from '../database/select.js';
import { ENOVAL, UNKNOWN } from '../base/constants.js';
import { cullSome } from '../item/cull.js';
import type { SqlValue } from '../disk/disk.js';
import { toItem } from '../item/look-up.js';
import { deleteRow, insertRow, isExpired, storedValue, toTerms } from '../item/rows.js';
import { withValue } from '../item/store-item.js';
import { transact } from '../state/transaction.js';

/** Number of the first item. */
const FIRST = 500_000_000_000_000;
/** Digits of a number in a key. */
const DIGITS = 15;
/** The ends of the numbers, both excluded. */
const LOWEST = 0;
const HIGHEST = 10 ** DIGITS - 1;

/** What is needed of an item's row. */
const ITEM = ['rowid', 'key', 'expire_time', 'tag', 'size', 'mode', 'filename', 'value'] as const;

/** From the front or from the back, and how the next key is found in that direction. */
const SIDES = {
  front: { order: 'ASC', beyond: '>', step: -1 },
  back: { order: 'DESC', beyond: '<', step: 1 },
} as const;

/** The keys of queues: a range of integers, or of texts that begin with the queue's prefix and that no other queue's keys meet. */
const KEYS = {
  integers: '? < key AND key < ? AND raw = 1',
  // As bytes, since to SQLite's functions a text ends at a NUL. The queue 'a' has no part in the keys of a queue 'a-5'.
  texts:
    '? < key AND key < ? AND raw = 1 AND length(CAST(key AS BLOB)) = ? ' +
    "AND CAST(substr(CAST(key AS BLOB), -15) AS TEXT) NOT GLOB '*[^0-9]*'",
} as const;

/** What is asked for at an end of a queue, by the kind of its keys and the end. */
const AT_END = { integers: queries(KEYS.integers), texts: queries(KEYS.texts) };

function queries(condition: string) {
  const of = ({ order, beyond }: (typeof SIDES)[Side]) => {
    const first = `ORDER BY key ${order} LIMIT 1`;
    return {
      key: new Select(['key'], `FROM Cache WHERE ${condition} ${first}`),
      item: new Select(ITEM, `FROM Cache WHERE ${condition} ${first}`),
      itemBeyond: new Select(ITEM, `FROM Cache WHERE ${condition} AND key ${beyond} ? ${first}`),
    };
  };
  return { front: of(SIDES.front), back: of(SIDES.back) };
}

/** One queue. */
interface Queue {
  readonly keys: keyof typeof KEYS;
  /** What its condition compares with. */
  readonly values: readonly SqlValue[];
}

export function pushItem(state: CacheState, value: unknown, options: PushOptions): number | string {
  const { prefix } = options;
  const side = checkSide(options.side ?? 'back');
  const { keys, values } = queueOf(prefix);
  const now = present();
  const terms = toTerms(options, now);
  return withValue(state, UNKNOWN, value, options, (stored, frame) => {
    const end = state.connection.select(AT_END[keys][side].key).get(...values);
    const number = end === undefined ? FIRST : numberOf(end.key) + SIDES[side].step;
    if (number <= LOWEST || number >= HIGHEST) {
      throw new InvalidOptionError(`the queue ${prefix ?? ''} in ${state.directory} has no number left at its ${side}`);
    }
    const key = prefix === undefined ? BigInt(number) : `${prefix}-${String(number).padStart(DIGITS, '0')}`;
    insertRow(state, { key: { key, raw: true }, now, terms, stored });
    cullSome(state, frame, now);
    return typeof key === 'bigint' ? number : key;
  });
}

/** Takes an item; with `keep` it only looks. What has expired is removed on the way. */
export function takeItem(
  state: CacheState,
  options: QueueOptions,
  { keep }: { keep: boolean },
): KeyedItem<unknown, number | string> | undefined {
  const side = checkSide(options.side ?? 'front');
  const { keys, values } = queueOf(options.prefix);
  const { item, itemBeyond } = AT_END[keys][side];
  return transact(state, options, (frame) => {
    let last: SqlValue | undefined;
    for (;;) {
      const { connection } = state;
      const row: Pick<Row, (typeof ITEM)[number]> | undefined =
        last === undefined
          ? connection.select(item).get(...values)
          : connection.select(itemBeyond).get(...values, last);
      if (row === undefined) return undefined;
      last = row.key;
      const isOver = isExpired(row, present());
      if (isOver || !keep) deleteRow(state, frame, row);
      if (isOver) continue;
      const value = state.disk.fetch(storedValue(row));
      // An item without its file is passed over, and stays for `check` where nothing is to be taken.
      if (value !== ENOVAL) return { key: keyOf(row.key), ...toItem(row, value) };
    }
  });
}

function checkSide(side: unknown): Side {
  if (side === 'front' || side === 'back') return side;
  throw new InvalidOptionError(`side is ${String(side)}, but must be 'front' or 'back'`);
}

function queueOf(prefix: string | undefined): Queue {
  if (prefix === undefined) return { keys: 'integers', values: [BigInt(LOWEST), BigInt(HIGHEST)] };
  if (typeof prefix !== 'string' || /\p{Surrogate}/u.test(prefix)) {
    throw new InvalidOptionError('the prefix of a queue must be a well-formed string');
  }
  return {
    keys: 'texts',
    values: [
      `${prefix}-${'0'.repeat(DIGITS)}`,
      `${prefix}-${'9'.repeat(DIGITS)}`,
      BigInt(Buffer.byteLength(prefix) + 1 + DIGITS),
    ],
  };
}

function numberOf(key: SqlValue): number {
  return typeof key === 'string' ? Number(key.slice(-DIGITS)) : Math.trunc(Number(key));
}

function keyOf(key: SqlValue): number | string {
  return typeof key === 'string' ? key : Number(key);
}
