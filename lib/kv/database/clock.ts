/** The clock of items. */

const MICROSECOND = 1e-6;
const MILLISECOND = 1e-3;

let last = 0;

/**
 * Seconds since the epoch. Each answer within a millisecond is a microsecond later than the one before, so that the
 * item stored or looked up first is older.
 */
function systemMoment(): number {
  const now = Date.now() / 1000;
  const isSameMoment = now <= last && last - now < MILLISECOND;
  last = isSameMoment ? last + MICROSECOND : now;
  return last;
}

/** Where the time comes from: a spec puts a clock of its own here. */
export const timeSource = { present: systemMoment };

/** Seconds since the epoch, for storing, looking up and expiring now. */
export function present(): number {
  return timeSource.present();
}
