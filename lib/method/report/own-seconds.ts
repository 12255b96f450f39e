/** What computing a result took by itself: its seconds hold those of what it had computed on the way. */
import type { EntryRecord } from '../../store/record/record.js';

type Times = Pick<EntryRecord, 'computedAt' | 'seconds'>;

/**
 * Seconds of a computation in which none of the results ran that it used, whether one after the other or at a time.
 * What was computed again since is taken for its own: the time is never too short.
 * @param used records of what it used, as they are now
 */
export function ownSeconds({ computedAt, seconds }: Times, used: readonly Times[]): number {
  const end = computedAt + seconds;
  const within = used
    .map((each) => ({
      from: Math.max(each.computedAt, computedAt),
      to: Math.min(each.computedAt + each.seconds, end),
    }))
    .filter(({ from, to }) => from < to)
    .sort((one, other) => one.from - other.from);
  let own = seconds;
  let reached = computedAt;
  for (const { from, to } of within) {
    if (to <= reached) continue;
    own -= to - Math.max(from, reached);
    reached = to;
  }
  return Math.max(own, 0);
}
