/**
 * A date, alone or with a time of day to the second, in digits with or without the usual marks between them. A run
 * number or a telescope's name may stand around it, but no further digit.
 */
const pattern =
  /(?<!\d)((?:19|20|21)\d{2})(-?)(\d{2})\2(\d{2})(?:[T_ -]?(\d{2})([:-]?)(\d{2})\6(\d{2})(?:\.(\d{1,9}))?([+-]\d{2}:\d{2})?)?(?!\d)/g;

/**
 * The moment that a tag names: `20240410_112233`, `LBTISX20240410_112233`, `2024-04-10T11:22:33`, and `20240410`, which is
 * midnight. It is taken for UTC, unless it says otherwise (`2024-04-10T11:22:33+02:00`). The first date in the tag counts.
 *
 * @returns `undefined` where the tag names none, or one that the calendar does not have
 */
export function dateOfTag(tag: string): Date | undefined {
  for (const match of tag.matchAll(pattern)) {
    const [year, , month, day, hour = '00', , minute = '00', second = '00', fraction = '0', offset = 'Z'] = match.slice(1) as string[];
    const text = `${String(year)}-${String(month)}-${String(day)}T${hour}:${minute}:${second}`;
    // Date takes 30 February for 1 March.
    const known = new Date(`${text}Z`);
    if (Number.isNaN(known.getTime()) || !known.toISOString().startsWith(text)) continue;
    const date = new Date(`${text}.${fraction.slice(0, 3)}${offset}`);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return undefined;
}
