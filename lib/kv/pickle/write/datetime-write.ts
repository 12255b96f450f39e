/** A Date is a moment: to Python, a `datetime` in UTC. */
import { isDate } from 'node:util/types';
import { GlobalName, Reduced, Tuple } from '../python-value.js';

const MODULE = 'datetime';
const DATETIME = new GlobalName(MODULE, 'datetime');
const NO_OFFSET = new Reduced(new GlobalName(MODULE, 'timedelta'), new Tuple([0, 0, 0]));
/** Python has one object for it. */
const UTC = new Reduced(new GlobalName(MODULE, 'timezone'), new Tuple([NO_OFFSET]));

/** Python's calendar ends with the year 9999, and begins with 1. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Has a Date a counterpart in Python? */
export function isDatetime(value: object): value is Date {
  if (!isDate(value) || Object.getPrototypeOf(value) !== Date.prototype || Reflect.ownKeys(value).length > 0)
    return false;
  const time = value.getTime();
  return time >= FIRST && time <= LAST;
}

/** A Date as Python makes it. */
export function datetimeOf(date: Date): Reduced {
  const bytes = Buffer.alloc(10);
  bytes.writeUInt16BE(date.getUTCFullYear());
  const parts = [
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  bytes.set(parts, 2);
  bytes.writeUIntBE(date.getUTCMilliseconds() * 1000, 7, 3);
  return new Reduced(DATETIME, new Tuple([bytes, UTC]));
}
