/** Stores values of Temporal and takes them as arguments; run by a Node.js that has them. */
import assert from 'node:assert/strict';
import { cacheOnDisk, forget, setTag, setTmpdir } from 'stowage';

type Value = object & Record<string, unknown>;
type Maker = new (...parts: unknown[]) => Value;

const { Temporal } = globalThis as unknown as { Temporal: Record<string, Maker> };
const make = (name: string, ...parts: unknown[]): Value => new (Temporal[name] as Maker)(...parts);

const values = [
  make('Instant', 1700000000123456789n),
  make('Instant', -1n),
  // Its offset is no whole number of minutes then, and its text rounds it.
  make('ZonedDateTime', 123456789123456789n, 'Africa/Monrovia', 'hebrew'),
  make('ZonedDateTime', 0n, '+05:30'),
  make('PlainTime', 1, 2, 3, 4, 5, 6),
  // One second, said otherwise.
  make('Duration', 0, 0, 0, 0, 0, 0, 0, 1000),
  make('Duration', 0, 0, 0, 0, 0, 0, 1),
  make('Duration', -1, -2),
  make('PlainDate', 2024, 2, 29, 'japanese'),
  make('PlainDate', 2024, 2, 29),
  make('PlainDate', -271821, 4, 19),
  make('PlainDateTime', 2024, 2, 29, 1, 2, 3, 4, 5, 6, 'chinese'),
  make('PlainDateTime', 2024, 2, 29),
  // The day, and the year, that they refer to.
  make('PlainYearMonth', 2024, 5, 'iso8601', 15),
  make('PlainYearMonth', 2024, 5),
  make('PlainYearMonth', 2024, 5, 'hebrew', 9),
  make('PlainMonthDay', 2, 29, 'iso8601', 1968),
  make('PlainMonthDay', 2, 29),
  make('PlainMonthDay', 2, 28, 'hebrew', 1999),
];

const fields = [
  'epochNanoseconds',
  'timeZoneId',
  'calendarId',
  'hour',
  'nanosecond',
  'years',
  'months',
  'seconds',
  'milliseconds',
];

function shown(value: Value): string {
  const text = (value.toString as (options: object) => string).call(value, { calendarName: 'always' });
  return [value.constructor.name, text, ...fields.map((name) => String(value[name]))].join(' ');
}

let ran = 0;

class Night {
  at(index: number): Value[] {
    ran++;
    return [values[index] as Value, Object.freeze(values[index] as Value)];
  }

  show(value: Value): string {
    ran++;
    return shown(value);
  }

  static {
    cacheOnDisk(this.prototype, 'at');
    cacheOnDisk(this.prototype, 'show');
  }
}

const night = new Night();
setTmpdir(night, process.argv[2] as string);
setTag(night, 'temporal');
for (const index of values.keys()) night.at(index);
forget(night);
ran = 0;
for (const [index, value] of values.entries()) {
  const [back, again] = night.at(index) as [Value, Value];
  assert.notEqual(back, value);
  assert.equal(back, again);
  assert.equal(Object.getPrototypeOf(back), Object.getPrototypeOf(value));
  assert.equal(shown(back), shown(value));
}
assert.equal(ran, 0);
for (let round = 0; round < 2; round++) {
  assert.deepEqual(
    values.map((value) => night.show(value)),
    values.map(shown),
  );
  assert.equal(ran, values.length);
}
console.log('exact');
