/** Of Python's datetimes, those become Dates that say a moment, and are not finer than milliseconds. */
import { Deferred } from './deferred.js';
import { PickleError } from '../errors.js';

/** A `timedelta` or a `timezone` on the stack: a number of milliseconds. */
class Offset extends Deferred {
  constructor(
    readonly what: string,
    readonly milliseconds: number,
  ) {
    super();
  }

  override value(): never {
    throw new PickleError(`a ${this.what} is not read: in Python, store it as a number of seconds`);
  }
}

/** `timedelta(days, seconds, microseconds)` */
function timedelta(args: readonly unknown[]): Offset {
  const [days, seconds, microseconds] = args;
  if (args.length !== 3 || ![days, seconds, microseconds].every(Number.isSafeInteger)) throw notPythons('timedelta');
  return new Offset(
    'timedelta',
    ((days as number) * 86_400 + (seconds as number)) * 1000 + (microseconds as number) / 1000,
  );
}

/** `timezone(offset)`, with or without a name. */
function timezone([offset]: readonly unknown[]): Offset {
  if (!(offset instanceof Offset)) throw notPythons('timezone');
  return new Offset('timezone', offset.milliseconds);
}

/** `datetime(ten bytes, timezone)` */
function datetime([bytes, zone]: readonly unknown[]): Date {
  if (!Buffer.isBuffer(bytes) || bytes.length !== 10) throw notPythons('datetime');
  if (!(zone instanceof Offset)) {
    throw new PickleError(
      'a datetime without a timezone says no moment: in Python, store one with it, datetime.now(timezone.utc) for example',
    );
  }
  const microseconds = bytes.readUIntBE(7, 3);
  if (microseconds % 1000 !== 0 || !Number.isInteger(zone.milliseconds)) {
    throw new PickleError(
      `a datetime of ${microseconds} microseconds is finer than a Date: in Python, store value.timestamp(), or round it to milliseconds`,
    );
  }
  const date = new Date(0);
  // The highest bit of the month tells which of two equal times at a change of clocks is meant: with an offset, it says nothing.
  date.setUTCFullYear(bytes.readUInt16BE(0), ((bytes[2] as number) & 0x7f) - 1, bytes[3]);
  date.setUTCHours(bytes[4] as number, bytes[5], bytes[6], microseconds / 1000);
  return new Date(date.getTime() - zone.milliseconds);
}

/** Calls of the module, by name. */
export const DATETIME_CALLS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  'datetime.datetime': datetime,
  'datetime.timezone': timezone,
  'datetime.timedelta': timedelta,
};

function notPythons(what: string): PickleError {
  return new PickleError(`a ${what} is made in a way that Python does not write`);
}
