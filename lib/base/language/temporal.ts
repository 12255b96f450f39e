/** Values of Temporal, where the runtime has it: what they are made of, exactly, and how they are made of it again. */

type TemporalClass = new (...parts: unknown[]) => object;

interface Kind {
  /** All that tells a value from others of its class, in one text. */
  textOf(value: object, prototype: object): string;
  make(Class: TemporalClass, text: string): object;
}

const UNITS_OF_TIME = ['hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'];
const UNITS_OF_DURATION = [
  'years',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
];

/** Made of what its getters answer. */
function ofFields(names: readonly string[], parse: (text: string) => unknown): Kind {
  return {
    textOf: (value, prototype) => names.map((name) => String(Reflect.get(prototype, name, value))).join(' '),
    make: (Class, text) =>
      new Class(...text.split(' ').map((part, index) => (index === 0 ? parse(part) : parseRest(part, parse)))),
  };
}

/** After nanoseconds since the epoch, which are a bigint, come names. */
function parseRest(part: string, parse: (text: string) => unknown): unknown {
  return parse === BigInt ? part : parse(part);
}

/** Made of its ISO form, which names the calendar and says the day and year that a month, or a day of a year, refers to. */
function ofIso(
  make: (Class: TemporalClass, date: readonly number[], time: readonly number[], calendar: string) => object,
): Kind {
  return {
    textOf: (value, prototype) =>
      String(Reflect.apply(Reflect.get(prototype, 'toString') as () => string, value, [{ calendarName: 'always' }])),
    make(Class, text) {
      const [, date = '', time = '', fraction = '', calendar = ''] = ISO_PATTERN.exec(text) ?? [];
      const [, year, month, day] = DATE_PATTERN.exec(date) ?? [];
      const fractions = fraction.padEnd(9, '0').match(/\d{3}/g) ?? [];
      return make(Class, [year, month, day].map(Number), [...time.split(':'), ...fractions].map(Number), calendar);
    },
  };
}

const ISO_PATTERN = /^([^T[]+)(?:T([\d:]+)(?:\.(\d+))?)?\[u-ca=([^\]]+)\]$/;
const DATE_PATTERN = /^([+-]?\d+)-(\d\d)-(\d\d)$/;

const KINDS: Readonly<Record<string, Kind>> = {
  Instant: ofFields(['epochNanoseconds'], BigInt),
  ZonedDateTime: ofFields(['epochNanoseconds', 'timeZoneId', 'calendarId'], BigInt),
  PlainTime: ofFields(UNITS_OF_TIME, Number),
  Duration: ofFields(UNITS_OF_DURATION, Number),
  PlainDate: ofIso((Class, date, _, calendar) => new Class(...date, calendar)),
  PlainDateTime: ofIso((Class, date, time, calendar) => new Class(...date, ...time, calendar)),
  PlainYearMonth: ofIso((Class, [year, month, day], _, calendar) => new Class(year, month, calendar, day)),
  PlainMonthDay: ofIso((Class, [year, month, day], _, calendar) => new Class(month, day, calendar, year)),
};

function classNamed(name: string): TemporalClass | undefined {
  const { Temporal } = globalThis as { Temporal?: Record<string, TemporalClass | undefined> };
  return Object.hasOwn(KINDS, name) ? Temporal?.[name] : undefined;
}

/** Names of the classes. */
export const TEMPORAL_CLASSES: readonly string[] = Object.keys(KINDS);

/** The text of a value of a class of Temporal, of the runtime or of a package; `undefined` where it only inherits from it. */
export function temporalText(name: string, value: object, prototype: object): string | undefined {
  try {
    return KINDS[name]?.textOf(value, prototype);
  } catch {
    return undefined;
  }
}

/** The value of a class again. @throws RangeError where the text is none of the class */
export function temporalMade(name: string, Class: unknown, text: string): object {
  return (KINDS[name] as Kind).make(Class as TemporalClass, text);
}

/** The class of a value of Temporal, and its text, which holds all of it; `undefined` for any other value. */
export function temporalParts(value: object): { name: string; text: string } | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || !('Temporal' in globalThis)) return undefined;
  const name = TEMPORAL_CLASSES.find((each) => classNamed(each)?.prototype === prototype);
  const text = name === undefined ? undefined : temporalText(name, value, prototype);
  return name === undefined || text === undefined ? undefined : { name, text };
}

/** The value again; `undefined` where this runtime has no Temporal. @throws RangeError where the text is none of the class */
export function temporalOf(name: string, text: string): object | undefined {
  const Class = classNamed(name);
  return Class && temporalMade(name, Class, text);
}
