import { now } from '../../base/clock.js';
import { isFromTheFuture } from '../../base/from-the-future.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { EffectiveOptions } from './options.js';

/** Is the lifetime of a result over, in memory or on disk? */
export function isExpired(
  { computedAt }: Pick<EntryRecord, 'computedAt'>,
  { lifetime }: Pick<EffectiveOptions, 'lifetime'>,
): boolean {
  if (lifetime === Infinity) return false;
  const at = now();
  return computedAt + lifetime <= at || isFromTheFuture(computedAt, lifetime, at);
}
