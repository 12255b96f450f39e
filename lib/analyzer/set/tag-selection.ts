/** Which tags are meant: a list, a pattern, a range of dates. */
import { isDate } from 'node:util/types';
import { kindOf } from '../../base/language/brand.js';
import { InvalidOptionError } from '../../base/errors.js';
import { wildcards } from '../../base/text/wildcards.js';
import { dateOfTag, momentOfTag } from '../single/date-of-tag.js';

/** Tags whose names hold a date in a range; both ends belong to it. */
export interface DateRange {
  /** A moment, or a tag or date as a tag has it: `'20240410'`, `'2024-04-10T11:22:33'`. @defaultValue the first */
  from?: Date | string;
  /** The same; a day that is named without a time belongs to the range to its end. @defaultValue the last */
  to?: Date | string;
  /** Only tags that match this pattern. @defaultValue `'*'` */
  like?: string;
}

/**
 * Which tags: a list of them; a pattern in which `*` stands for any characters and `?` for one, `'LBTISX2024*'`; or a
 * range of dates. A pattern or a range picks from what exists; a list, and a pattern without `*` or `?`, is taken at its word.
 */
export type TagSelection = readonly string[] | string | DateRange;

/**
 * The tags that a selection means, each once: those of a list in its order, those of a pattern in the order of `existing`,
 * those of a range by date.
 * @param existing the tags to pick from, asked for only where they matter
 * @throws InvalidOptionError where the selection is none, or an end of the range is no date
 */
export function selectTags(selection: TagSelection, existing: () => readonly string[]): string[] {
  if (Array.isArray(selection)) return [...new Set(selection.map(checkedTag))];
  if (typeof selection === 'string')
    return /[*?]/.test(selection) ? existing().filter(matcher(selection)) : [selection];
  if (typeof selection !== 'object' || (selection as unknown) === null) {
    throw new InvalidOptionError(
      `a selection of tags is a list of them, a pattern such as 'LBTISX2024*', or a range { from, to }, not ${kindOf(selection)}`,
    );
  }
  const { from, to, like = '*' } = selection as DateRange;
  const first = from === undefined ? -Infinity : edge(from, 'from').start;
  const last = to === undefined ? Infinity : edge(to, 'to').end;
  if (first >= last) {
    throw new InvalidOptionError(
      `the range from ${String(from)} to ${String(to)} holds no moment: its beginning is after its end`,
    );
  }
  return existing()
    .filter(matcher(like))
    .map((tag) => ({ tag, time: dateOfTag(tag)?.getTime() ?? NaN }))
    .filter(({ time }) => time >= first && time < last)
    .sort((one, other) => one.time - other.time)
    .map(({ tag }) => tag);
}

function checkedTag(tag: unknown): string {
  if (typeof tag === 'string') return tag;
  throw new InvalidOptionError(`a list of tags holds ${String(tag)}, which is no string`);
}

function matcher(pattern: string): (tag: string) => boolean {
  const expression = wildcards(pattern);
  return (tag) => expression.test(tag);
}

/** Milliseconds since the epoch; the end no longer belongs to it. */
function edge(date: Date | string, name: string): { start: number; end: number } {
  if (isDate(date) && !Number.isNaN(date.getTime())) return { start: date.getTime(), end: date.getTime() + 1 };
  const moment = typeof date === 'string' ? momentOfTag(date) : undefined;
  if (moment === undefined) {
    throw new InvalidOptionError(
      `${name} is ${String(date)}, which is no date: give a Date, or a text such as '20240410' or '2024-04-10T11:22:33'`,
    );
  }
  const start = moment.start.getTime();
  return { start, end: start + moment.seconds * 1000 };
}
