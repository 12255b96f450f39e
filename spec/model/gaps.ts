/**
 * What is known to be wrong in the library: sequences that would run into it are not made, or what it computes too much is
 * conceded. Whoever cures one takes its line away; `STOWAGE_GAPS=none` makes such sequences all the same, and
 * `STOWAGE_GAPS=failsTwice` those of one.
 */
const known = {
  /** What fails while a stored result is looked at is computed again by the method that is then computed. */
  failsTwice: true,
};

export function isGap(gap: keyof typeof known): boolean {
  const { STOWAGE_GAPS } = process.env;
  return known[gap] && STOWAGE_GAPS !== 'none' && STOWAGE_GAPS !== gap;
}
