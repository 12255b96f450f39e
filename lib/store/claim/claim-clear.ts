/** Clearing takes the claims along that no process holds any more; one that is held stays with its owner. */
import { stopwatch } from '../../base/clock.js';
import { removeFile } from '../../base/files/files.js';
import { claims } from './claim.js';
import { readClaim, removeDeadClaim } from './claim-file.js';
import type { Identity } from '../record/identity.js';

/** Removes the claim at `path`, if there is one on an entry that `matches` picks, dead or released. */
export function removeClaimIfOver(path: string, matches: (identity: Identity) => boolean): boolean {
  const isRight = path.endsWith('.dead');
  if (!isRight && !path.endsWith('.claim')) return false;
  const found = readClaim(path);
  if (found?.content === undefined || !matches(found.content.entry)) return false;
  if (found.content.released !== true && !claims.isDead(path, found)) return false;
  // The right to remove a claim outlives one who died using it; it is a second name of that claim.
  return isRight ? removeFile(path) : removeDeadClaim(path, found, stopwatch());
}

/** Is it a claim that no process holds? One that a living owner has released is still its to remove, once all who wait have seen it. */
export function isClaimAbandoned(path: string): boolean {
  if (!path.endsWith('.claim') && !path.endsWith('.dead')) return false;
  const found = readClaim(path);
  if (found?.content === undefined) return false;
  return claims.isDead(path, found) || (found.content.released === true && !claims.isSeenAlive(found.content));
}
