/** When a cache that saves itself does so: a table of how many unsaved changes may grow how old. */
import type { TimerClock } from '../../base/clock.js';
import { toSeconds, type Duration } from '../../base/text/duration.js';
import { InvalidOptionError } from '../../base/errors.js';

/** One row of a schedule: save when there are so many unsaved changes of an age below `within`, and not below that of the row before. */
export interface ScheduleRow {
  /** How many changes. */
  changes: number;
  /** Seconds, or a duration object. */
  within: number | Duration;
}

/**
 * When an {@link AutoSyncCache} saves itself, as cacheman does: 10,000 changes within 60 seconds are saved at once; 10
 * changes that are older than that, when the tenth is 60 seconds old; and a single one when it is 300 seconds old. So
 * what a crash loses is never more than 5 minutes old. The last row holds for all that is older, too.
 */
export const DEFAULT_SCHEDULE: readonly ScheduleRow[] = [
  { changes: 10_000, within: 60 },
  { changes: 10, within: 300 },
  { changes: 1, within: 900 },
];

interface CheckedRow {
  changes: number;
  /** Youngest age that counts in it, in seconds. */
  from: number;
  /** Oldest. */
  to: number;
}

/** Sorted by time, each row beginning where the one before ends. @throws InvalidOptionError where a row cannot be one */
function checkSchedule(rows: readonly ScheduleRow[]): CheckedRow[] {
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new InvalidOptionError(
      'schedule must be an array of { changes, within } with at least one row; autosync: false saves nothing by itself',
    );
  }
  const sorted = rows
    .map(({ changes, within }: ScheduleRow) => ({ changes, to: toSeconds(within, 'schedule: within') }))
    .sort((one, other) => one.to - other.to);
  return sorted.map(({ changes, to }, i) => {
    const from = sorted[i - 1]?.to ?? 0;
    if (!Number.isInteger(changes) || changes < 1) {
      throw new InvalidOptionError(`schedule: changes must be a positive integer, not ${String(changes)}`);
    }
    if (to <= from) throw new InvalidOptionError('schedule: each row needs a time of its own, above 0');
    return { changes, from, to: i === sorted.length - 1 ? Infinity : to };
  });
}

/** Changes that are counted together: what they were is no matter, only when. */
interface Bucket {
  /** When the first of them was made, by the clock. */
  at: number;
  count: number;
}

/** Changes within so many of the shortest time of the table are counted together. */
const BUCKETS_IN_FIRST_ROW = 60;

/** The unsaved changes of one cache, by age. */
export class SaveSchedule {
  private readonly rows: readonly CheckedRow[];
  /** The shortest time of the table, in seconds. */
  private readonly shortest: number;
  private buckets: Bucket[] = [];
  private total = 0;
  /** Another bucket is begun although the last is young: it was being saved. */
  private isCut = false;
  private timer: { at: number; cancel: () => void } | undefined;
  private notBefore = -Infinity;

  /**
   * @param save is called, from a timer, when it is time; while it is at work it is not called again
   * @throws InvalidOptionError where the table is none
   */
  constructor(
    table: readonly ScheduleRow[],
    private readonly clock: TimerClock,
    private readonly save: () => void,
  ) {
    this.rows = checkSchedule(table);
    this.shortest = Math.min(...table.map(({ within }) => toSeconds(within, 'schedule: within')));
  }

  /** Notes a change. */
  note(): void {
    const now = this.clock.now();
    const last = this.buckets.at(-1);
    if (last !== undefined && !this.isCut && now - last.at < this.shortest / BUCKETS_IN_FIRST_ROW) last.count++;
    else this.buckets.push({ at: now, count: 1 });
    this.isCut = false;
    this.total++;
    const [first] = this.rows;
    if (first !== undefined && this.total >= first.changes && this.countOf(first, now) >= first.changes)
      this.wakeAt(now, now);
    else if (this.rows.length > 1) this.wakeAt(now, now + this.shortest);
  }

  /** The changes that are unsaved now are going to be saved. The answer stands for them. */
  begin(): readonly Bucket[] {
    this.isCut = true;
    return [...this.buckets];
  }

  /** What `begin` answered has been saved. */
  done(saved: readonly Bucket[]): void {
    const done = new Set(saved);
    this.buckets = this.buckets.filter((bucket) => !done.has(bucket));
    this.total = this.buckets.reduce((total, { count }) => total + count, 0);
    this.notBefore = -Infinity;
    this.rewind();
  }

  /** It could not be saved: the next try comes when the shortest time of the table has passed. */
  failed(): void {
    const now = this.clock.now();
    this.notBefore = now + this.shortest;
    this.rewind();
  }

  /** Forgets all changes: they are not to be saved. */
  clear(): void {
    this.done(this.buckets);
  }

  private rewind(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.wakeForNext(this.clock.now());
  }

  private wake(): void {
    this.timer = undefined;
    const now = this.clock.now();
    if (now >= this.notBefore && this.rows.some((row) => this.countOf(row, now) >= row.changes)) this.save();
    else this.wakeForNext(now);
  }

  private countOf({ from, to }: CheckedRow, now: number): number {
    let count = 0;
    // As the timer is set: a difference of the two moments could come out a little too small for ever.
    for (const { at, count: changes } of this.buckets) if (now >= at + from && now < at + to) count += changes;
    return count;
  }

  /** Between two moments at which a bucket goes from one row to the next, nothing becomes due. */
  private wakeForNext(now: number): void {
    if (this.buckets.length === 0) return;
    let next = Infinity;
    if (this.rows.some((row) => this.countOf(row, now) >= row.changes)) next = now;
    for (const { from } of this.rows.slice(1)) {
      const young = this.buckets.find(({ at }) => now < at + from);
      if (young !== undefined) next = Math.min(next, young.at + from);
    }
    if (next < Infinity) this.wakeAt(now, next);
  }

  private wakeAt(now: number, moment: number): void {
    const at = Math.max(moment, this.notBefore);
    if (this.timer !== undefined && this.timer.at <= at) return;
    this.timer?.cancel();
    const cancel = this.clock.after(Math.max(0, at - now), () => {
      this.wake();
    });
    this.timer = { at, cancel };
  }
}
