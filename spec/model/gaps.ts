/**
 * What is known to be wrong in the library: sequences that would run into it are not made, or what it computes too much is
 * conceded. Whoever cures one takes its line away; `STOWAGE_GAPS=none` makes such sequences all the same, and
 * `STOWAGE_GAPS=failsTwice` those of one.
 */
const known = {
  /** What fails while a stored result is looked at is computed again by the method that is then computed. */
  failsTwice: true,
  /** A parameter is read of an object that no call has found yet, or that none can find: a field is not watched before. */
  readBeforeFound: true,
  /** A collection was filled after the tagging; now it has one member more or less. */
  lateMembers: true,
  /** So has one whose members have shorter names elsewhere. */
  sharedMembers: true,
  /** A result used a call that fails or cannot be stored; now an object of another class stands in that place. */
  classOfUnstored: true,
  /** Another root gets another tag: the results that were made of its other dataset are still used. */
  tagOfAnotherRoot: true,
};

export function isGap(gap: keyof typeof known): boolean {
  const { STOWAGE_GAPS } = process.env;
  return known[gap] && STOWAGE_GAPS !== 'none' && STOWAGE_GAPS !== gap;
}
