/** In which order results go where room is to be made. */

/** What is known of a result that may go. */
export interface Holding {
  /** That removing it frees. */
  bytes: number;
  /** What computing it cost. */
  seconds: number;
  /** Seconds since the epoch. */
  lastUse: number;
  /** It is an earlier version of another. */
  isVersion: boolean;
}

/** Earlier versions first, then by what a byte of each cost; of equal ones, the least recently used. */
function compare(one: Holding, other: Holding): number {
  return (
    Number(other.isVersion) - Number(one.isVersion) ||
    one.seconds / one.bytes - other.seconds / other.bytes ||
    one.lastUse - other.lastUse
  );
}

/** As many as free so many bytes and are so many items. */
export function dispensable<H extends Holding>(
  candidates: readonly H[],
  excess: { bytes: number; items: number },
): H[] {
  const chosen: H[] = [];
  let { bytes } = excess;
  for (const holding of [...candidates].sort(compare)) {
    if (bytes <= 0 && chosen.length >= excess.items) break;
    chosen.push(holding);
    bytes -= holding.bytes;
  }
  return chosen;
}
