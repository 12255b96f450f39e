/** What is told of precomputing, on the way and at its end. */
import type { PartReport } from './part.js';
import type { CallState } from './precompute-messages.js';

/** What {@link PrecomputeOptions.onProgress} is told after each call. */
export interface PrecomputeProgress {
  tag: string;
  /** As it was named: `slopes.rms`; absent where the analyzer of the tag could not be made. */
  method?: string;
  /** `'computed'` now, `'found'` on disk, or `'failed'`. */
  state: CallState;
  error?: Error;
  /** Calls that are done, failed ones included, and calls in all. */
  done: number;
  total: number;
  /** Since the beginning. */
  seconds: number;
  /** How much longer it is likely to take, by what calls of the same names took lately; absent before one is done. */
  secondsLeft?: number;
}

/** A call that was not stored. */
export interface PrecomputeFailure {
  tag: string;
  /** Absent where the analyzer of the tag could not be made: then none of its calls was. */
  method?: string;
  error: Error;
}

/** What a run came to. */
export interface PrecomputeReport {
  /** Calls whose results were computed and stored. */
  computed: number;
  /** Calls whose results were stored already. */
  found: number;
  failures: PrecomputeFailure[];
  seconds: number;
  /**
   * Methods that were computed with other code than they had when computing was asked for, which had been changed by then or
   * is not the same on all hosts, and where. Absent where there are none; on threads of this process there are none.
   */
  otherCode?: { method: string; where: string[] }[];
  /** Which part of the tags it was, where only a part was asked for. */
  part?: PartReport;
}
