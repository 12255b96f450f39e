/** Results that are to be computed again after a time. */
import { isFromTheFuture } from '../../base/from-the-future.js';
import type { EntryRecord } from '../../store/record/record.js';

/** Why a record may not be used any more, if so: by the lifetime with which it was stored, or by the present one, whichever is shorter. */
export function refusalByAge(record: EntryRecord, lifetime: number | undefined, at: number): string | undefined {
  const byLifetime = record.computedAt + record.seconds + (lifetime ?? Infinity);
  const until = Math.min(record.expiresAt ?? Infinity, byLifetime);
  return until <= at || isFromTheFuture(record.computedAt, until - record.computedAt, at) ? 'expired' : undefined;
}

/** What a record says of the lifetime. @param at seconds since the epoch */
export function expiryOf(lifetime: number | undefined, at: number): { expiresAt?: number } {
  return lifetime === undefined ? {} : { expiresAt: at + lifetime };
}
