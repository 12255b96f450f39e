/** Tags that name a time: the date in them is read, and checked against the calendar. */

/**
 * A date, alone or with a time of day to the minute or the second, in digits with or without the usual marks between them. A run
 * number or a telescope's name may stand around it, but no further digit.
 */
const PATTERN =
  /(?<!\d)((?:19|20|21)\d{2})(-?)(\d{2})\2(\d{2})(?:[T_ -]?(\d{2})([:-]?)(\d{2})(?:\6(\d{2})(?:\.(\d{1,9}))?)?([+-]\d{2}:\d{2})?)?(?!\d)/g;

/** Four digits behind a date are a time of day, or else the number of a run. */
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** What a tag says of time. */
export interface Moment {
  start: Date;
  /** How long it lasts, in seconds: a day, or, where a time of day is named, a minute or a second. */
  seconds: number;
}

/**
 * The moment that a tag names: `20240410_112233`, `20240410_1122`, `LBTISX20240410_112233`, `2024-04-10T11:22:33`, and `20240410`, which is
 * midnight. It is taken for UTC, unless it says otherwise (`2024-04-10T11:22:33+02:00`). The first date in the tag counts.
 *
 * @returns `undefined` where the tag names no date, or a date that the calendar does not have
 */
export function dateOfTag(tag: string): Date | undefined {
  return momentOfTag(tag)?.start;
}

/** The same, with how long it lasts. */
export function momentOfTag(tag: string): Moment | undefined {
  for (const match of tag.matchAll(PATTERN)) {
    const [year, , month, day, hour, , minute, second, fraction = '0', offset = 'Z'] = match.slice(1) as (
      string | undefined
    )[];
    const isTimed = second !== undefined || TIME_OF_DAY.test(`${String(hour)}:${String(minute)}`);
    const time = isTimed ? `${String(hour)}:${String(minute)}:${second ?? '00'}` : '00:00:00';
    const text = `${String(year)}-${String(month)}-${String(day)}T${time}`;
    // Date takes 30 February for 1 March.
    const known = new Date(`${text}Z`);
    if (Number.isNaN(known.getTime()) || !known.toISOString().startsWith(text)) continue;
    const start = new Date(`${text}.${fraction.slice(0, 3)}${isTimed ? offset : 'Z'}`);
    if (!Number.isNaN(start.getTime())) return { start, seconds: !isTimed ? 86_400 : second === undefined ? 60 : 1 };
  }
  return undefined;
}
