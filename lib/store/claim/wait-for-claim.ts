/**
 * One computation of one entry at a time: a call that misses claims its entry, or waits for the call that has it and loads
 * the result. Nothing here decides what is right; it only saves work, so every doubt ends in computing.
 */
import { readFileSync } from 'node:fs';
import { settings } from '../../base/settings.js';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { perform, type Flow, type Step } from '../../base/run/flow.js';
import { removeFile } from '../../base/files/files.js';
import { pause } from '../../base/run/pause.js';
import { wayOfWaiting } from '../../base/run/waiting.js';
import { claims, type Attempt, type Claim } from './claim.js';
import type { Claimant } from './claim-request.js';
import { claimFileOf, type ClaimContent } from './claim-file.js';
import { isSameOwner, thisOwner } from './claim-owner.js';
import { removeMarker } from './claim-markers.js';
import { announceWait, forgetWait, hold, holderHere, isCircle, letGo } from './claims-of-thread.js';
import { checkPlace } from '../entry/folder.js';
import type { Place } from '../entry/place.js';
import { recordStamp } from '../entry/record-stamp.js';
import { tell } from '../entry/emit-entry-event.js';

/**
 * What a look at the disk came to, whether what is computed instead may be stored, and the stamp of the records that were
 * read, as `recordStamp` gives it.
 */
export type Look = { found: true } | { found: false; mayStore: boolean; stamp?: string };

/** The right, or the mere permission, to compute. */
export interface Turn {
  /** To be called when the computation has ended, however it ended. */
  end(isOnDisk: boolean): void;
}

/** A stored result, or the turn to compute one. */
export type LoadedOrTurn<L extends Look> =
  Extract<L, { found: true }> | (Extract<L, { found: false }> & { turn: Turn });

const noTurn: Turn = {
  end() {
    // No call waits for it.
  },
};

/**
 * Looks on disk; where there is nothing, claims the entry, and looks again if something has come meanwhile.
 * @param again called before another look: what was found out about others may have changed as well
 */
export function* loadOrClaim<L extends Look>(
  claimant: Claimant,
  look: () => Flow<L>,
  again?: () => void,
): Flow<LoadedOrTurn<L>> {
  type Found = Extract<L, { found: true }>;
  const withTurn = (fromDisk: L, turn: Turn): LoadedOrTurn<L> => ({
    ...(fromDisk as Extract<L, { found: false }>),
    turn,
  });
  const mayClaim = claimant.mayClaim && !settings.readonly;
  let fromDisk = yield* look();
  if (fromDisk.found) return fromDisk as Found;
  if (!mayClaim || !fromDisk.mayStore) return withTurn(fromDisk, noTurn);
  let seen = fromDisk.stamp;

  const wait = new Wait(claimant);
  let attempt: Attempt | undefined;
  let isHandedOver = false;
  try {
    for (;;) {
      attempt = tryToClaim(claimant, wait.waitedFor);
      const stamp = recordStamp(claimant.place);
      if (stamp !== seen) {
        seen = stamp;
        again?.();
        fromDisk = yield* look();
        if (fromDisk.found) return fromDisk as Found;
        if (!fromDisk.mayStore) return withTurn(fromDisk, noTurn);
      }
      if (attempt.kind === 'mine') {
        isHandedOver = true;
        return withTurn(fromDisk, turnWith(attempt.claim, claimant));
      }
      if (attempt.kind === 'free' || !(yield* wait.aLittle(attempt.by)))
        return withTurn(fromDisk, turnWithout(claimant));
    }
  } finally {
    wait.end();
    // What is on disk, or cannot be stored, is not waited for.
    if (attempt?.kind === 'mine' && !isHandedOver) attempt.claim.release(true);
  }
}

/** The turn of a call that computes whatever is stored: it claims what no call holds, and waits for none. */
export function claimAtOnce(claimant: Claimant): Turn {
  if (!claimant.mayClaim || settings.readonly) return noTurn;
  // No look has found it to be trusted.
  if (!isTrusted(claimant.place)) return turnWithout(claimant);
  const attempt = tryToClaim(claimant, new Set());
  return attempt.kind === 'mine' ? turnWith(attempt.claim, claimant) : turnWithout(claimant);
}

/**
 * Lets go of what a call has claimed that was cut off, by the end of the stack: it may not even know that it has a claim.
 * A disk that refuses keeps it until the thread has ended.
 */
export function abandonClaim({ place, frame }: Pick<Claimant, 'place' | 'frame'>): void {
  try {
    const file = claimFileOf(place);
    // Not read as a claim that may be anything: what fails for want of stack must not pass for damage.
    const content = JSON.parse(readFileSync(file, 'utf8')) as ClaimContent;
    if (content.released === true || !isSameOwner(content, thisOwner())) return;
    const holder = holderHere(content.nonce);
    if (holder !== undefined && holder.frame !== frame) return;
    letGo(content);
    removeFile(file);
  } catch (error) {
    // For want of stack again: a caller further up tries once more.
    if (isStackOverflow(error)) throw error;
  }
}

function isTrusted(place: Place): boolean {
  try {
    checkPlace(place);
    return true;
  } catch {
    // Said by the attempt to store there.
    return false;
  }
}

/** A disk that refuses is no reason to wait, nor to fail. */
function tryToClaim(call: Claimant, waitedFor: ReadonlySet<string>): Attempt {
  try {
    return claims.attempt(call.place, call.identity, { waitedFor });
  } catch {
    return { kind: 'free' };
  }
}

function turnWith(claim: Claim, call: Claimant): Turn {
  hold(claim, call);
  return {
    end(isOnDisk) {
      letGo(claim.content);
      claim.release(isOnDisk);
    },
  };
}

/** A call that stores without a claim makes an end of what an owner left that had nothing to store. */
function turnWithout(call: Claimant): Turn {
  return {
    end(isOnDisk) {
      if (isOnDisk) removeMarker(claimFileOf(call.place));
    },
  };
}

/** Seconds between two looks: short at first, for what takes little; and never so long that a death goes unseen. */
const firstPause = 0.005;
const longestPause = 0.1;

/** Seconds after which a wait is told. */
const worthTelling = 1;

/** Seconds after which those who wait for this call are told whom it waits for. */
const worthAnnouncing = 0.1;

/** The waiting of one call. */
class Wait {
  /** Nonces of the claims that it has waited for. */
  readonly waitedFor = new Set<string>();
  private readonly start = stopwatch();
  private next = firstPause;
  private isTold = false;
  private holder: Claimant | undefined;

  constructor(private readonly call: Claimant) {}

  /** Waits a little. `false`: it must not wait, or not any longer. */
  *aLittle(by: ClaimContent | undefined): Flow<boolean> {
    const waited = elapsedSince(this.start);
    const left = settings.claimWait - waited;
    if (left <= 0) return false;
    if (by !== undefined) this.waitedFor.add(by.nonce);
    if (!this.mayWaitFor(by)) return false;
    if (waited >= worthTelling && !this.isTold) {
      this.isTold = true;
      tell(this.call, 'wait', { file: claimFileOf(this.call.place), seconds: waited, reason: reasonOf(by) });
    }
    const seconds = Math.min(this.next, left);
    this.next = Math.min(this.next * 1.5, longestPause);
    return yield* perform(this.sleep(seconds, by));
  }

  end(): void {
    this.holdOn(undefined);
    if (this.waitedFor.size > 0) forgetWait(this.call.frame);
  }

  /** Not for itself, through however many others; and not for one whose result will not be stored. */
  private mayWaitFor(by: ClaimContent | undefined): boolean {
    const holder = by === undefined ? undefined : holderHere(by.nonce);
    if (holder !== undefined && (!holder.stillHolds() || wayOfWaiting(holder.frame, this.call.frame) !== undefined)) {
      return false;
    }
    this.holdOn(holder);
    return true;
  }

  private holdOn(holder: Claimant | undefined): void {
    if (holder === this.holder) return;
    if (this.holder !== undefined) this.call.frame.waitsFor.delete(this.holder.frame);
    if (holder !== undefined) this.call.frame.waitsFor.add(holder.frame);
    this.holder = holder;
  }

  private sleep(seconds: number, by: ClaimContent | undefined): Step<boolean> {
    const { sync, async } = pause(seconds);
    return {
      sync: () => {
        // A thread that sleeps never gets to the end of what it waits for itself.
        if (this.holder !== undefined || this.isInCircle(by, true)) return false;
        sync();
        return true;
      },
      async: async () => {
        if (this.isInCircle(by, false)) return false;
        await async();
        return true;
      },
    };
  }

  /** Most waits are over before it is worth saying, and looking, whether others wait for this one. */
  private isInCircle(by: ClaimContent | undefined, isAsleep: boolean): boolean {
    if (by === undefined || this.holder !== undefined || elapsedSince(this.start) < worthAnnouncing) return false;
    const { frame, place } = this.call;
    announceWait(frame, { nonce: by.nonce, file: claimFileOf(place) }, isAsleep);
    return isCircle(frame, by, isAsleep);
  }
}

function reasonOf(by: ClaimContent | undefined): string {
  if (by === undefined) return 'something that is no claim of ours lies where the claim would be';
  const since = new Date(by.since * 1000).toISOString();
  return `held by ${by.host}, process ${String(by.pid)}, since ${since}`;
}
