/** What reports say of a stored result, from its record. */
import type { EntryRecord } from '../../store/record/record.js';

/** Facts of a stored result; absent where it is not stored, or has none of that kind. */
export interface StoredFacts {
  /** Exact JavaScript type. */
  type?: string;
  dtype?: string;
  shape?: readonly number[];
  /** Size of the stored data. */
  bytes?: number;
  /** What computing it took, with what it computed on the way, in seconds. */
  seconds?: number;
  /** Seconds since the epoch. */
  computedAt?: number;
}

export function factsOf({ type, dtype, shape, bytes, seconds, computedAt }: EntryRecord): StoredFacts {
  return {
    ...(type !== '' && { type }),
    ...(dtype !== undefined && { dtype }),
    ...(shape !== undefined && { shape }),
    bytes,
    seconds,
    computedAt,
  };
}
