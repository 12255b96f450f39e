/** Clocks that run ahead: hosts that share a folder need not agree on the time. */

/** Clocks of hosts that share a folder differ by less than this, in seconds. */
const CLOCKS_DIFFER = 60;

/**
 * Was something made by a clock that ran ahead? Its lifetime would then be over a year late, for example; it counts as
 * over. What has no lifetime is as good as ever.
 * @param madeAt seconds since the epoch
 * @param lifetime in seconds
 * @param at the time that it is now
 */
export function isFromTheFuture(madeAt: number, lifetime: number, at: number): boolean {
  return lifetime !== Infinity && madeAt - at > Math.min(lifetime, CLOCKS_DIFFER);
}
