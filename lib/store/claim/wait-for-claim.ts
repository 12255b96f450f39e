/**
 * One computation of one entry at a time: a call that misses claims its entry, or waits for the call that has it and loads
 * the result. Nothing here decides what is right; it only saves work, so every doubt ends in computing.
 */
import { settings } from '../../base/settings.js';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { perform, type Flow, type Step } from '../../base/run/flow.js';
import { pause } from '../../base/run/pause.js';
import { wayOfWaiting } from '../../base/run/waiting.js';
import { claims, type Attempt, type Claim } from './claim.js';
import type { ClaimContent } from './claim-file.js';
import { announceWait, enlist, forgetWait, holderHere, isCircle, letGo, type Claimant } from './claims-of-thread.js';
import type { Miss } from '../entry/miss.js';
import { recordStamp, stampOf } from '../entry/record-stamp.js';
import { tell } from '../entry/emit-entry-event.js';

/** What a look at the disk came to, whether what is computed instead may be stored, and what is there instead. */
export type Look = { found: true } | Pick<Miss, 'found' | 'mayStore' | 'seen'>;

/** The right, or the mere permission, to compute. */
export interface Turn {
  /** To be called when the computation has ended, however it ended. */
  end(): void;
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
  let fromDisk = yield* look();
  if (fromDisk.found) return fromDisk as Found;
  if (!mayClaim(claimant) || !fromDisk.mayStore) return withTurn(fromDisk, noTurn);
  let seen = fromDisk.seen && stampOf(fromDisk.seen.records);

  const claim = claimOf(claimant);
  const wait = new Wait(claimant, claim.file);
  let isHandedOver = false;
  try {
    for (;;) {
      const attempt = attemptOn(claim);
      const stamp = recordStamp(claimant.place);
      if (stamp !== seen) {
        seen = stamp;
        wait.startAfresh();
        again?.();
        fromDisk = yield* look();
        if (fromDisk.found) return fromDisk as Found;
        if (!fromDisk.mayStore) return withTurn(fromDisk, noTurn);
      }
      if (attempt.kind === 'held' && (yield* wait.aLittle(attempt.by))) continue;
      isHandedOver = true;
      return withTurn(fromDisk, turnWith(claim));
    }
  } finally {
    wait.end();
    // What is on disk, or cannot be stored, is not waited for.
    if (!isHandedOver) letGo(claim);
  }
}

/** The turn of a call that computes whatever is stored: it claims what no call holds, and waits for none. */
export function claimAtOnce(claimant: Claimant): Turn {
  if (!mayClaim(claimant)) return noTurn;
  const claim = claimOf(claimant);
  attemptOn(claim);
  return turnWith(claim);
}

function mayClaim(claimant: Claimant): boolean {
  return claimant.mayClaim && !settings.readonly;
}

function claimOf(call: Claimant): Claim {
  const claim = claims.draft(call.place, call.identity);
  enlist(claim, call);
  return claim;
}

/** A disk that refuses is no reason to wait, nor to fail. */
function attemptOn(claim: Claim): Attempt {
  try {
    return claims.attempt(claim);
  } catch {
    return { kind: 'free' };
  }
}

function turnWith(claim: Claim): Turn {
  return {
    end() {
      letGo(claim);
    },
  };
}

/** Seconds between two looks: short at first, for what takes little; and never so long that a death goes unseen. */
const SHORTEST_PAUSE = 0.005;
const LONGEST_PAUSE = 0.1;

/** Seconds after which a wait is told. */
const WORTH_TELLING = 1;

/** The waiting of one call. */
class Wait {
  private readonly start = stopwatch();
  /** The claim that it waited for last. */
  private last: string | undefined;
  private isTold = false;
  /** The call of this thread that has that claim. */
  private holder: Claimant | undefined;

  constructor(
    private readonly call: Claimant,
    private readonly file: string,
  ) {}

  /** Waits a little. `false`: it must not wait, or not any longer. */
  *aLittle(by: ClaimContent | undefined): Flow<boolean> {
    const waited = elapsedSince(this.start);
    const left = settings.claimWait - waited;
    if (left <= 0 || this.hasGivenUp(by) || !this.mayWaitFor(by)) return false;
    if (waited >= WORTH_TELLING && !this.isTold) {
      this.isTold = true;
      tell(this.call, 'wait', { file: this.file, seconds: waited, reason: reasonOf(by) });
    }
    const seconds = Math.min(Math.max(waited / 2, SHORTEST_PAUSE), LONGEST_PAUSE, left);
    return yield* perform(this.sleep(seconds, by, waited));
  }

  end(): void {
    this.holdOn(undefined);
    if (elapsedSince(this.start) >= LONGEST_PAUSE) forgetWait(this.call.frame);
  }

  /** Something was stored: the claim that it waited for was not released without a result. */
  startAfresh(): void {
    this.last = undefined;
  }

  /**
   * Is this another claim than the one it waited for? That was released without a result then, and all who waited compute at
   * once. One that took the place of a dead one is waited for in its place.
   */
  private hasGivenUp(by: ClaimContent | undefined): boolean {
    if (by === undefined) return false;
    const { last } = this;
    this.last = by.nonce;
    return last !== undefined && last !== by.nonce && by.insteadOf !== last;
  }

  /** Not for itself, through however many others; and not for one whose result will not be stored. */
  private mayWaitFor(by: ClaimContent | undefined): boolean {
    const holder = by && holderHere(by);
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

  private sleep(seconds: number, by: ClaimContent | undefined, waited: number): Step<boolean> {
    const { sync, async } = pause(seconds);
    // Most waits are over before it is worth saying, and looking, whether others wait for this one.
    const isInCircle = (isAsleep: boolean): boolean => {
      if (by === undefined || this.holder !== undefined || waited < LONGEST_PAUSE) return false;
      const { frame } = this.call;
      announceWait(frame, { nonce: by.nonce, file: this.file }, isAsleep);
      return isCircle(frame, by, isAsleep);
    };
    return {
      sync: () => {
        // A thread that sleeps never gets to the end of what it waits for itself.
        if (this.holder !== undefined || isInCircle(true)) return false;
        sync();
        return true;
      },
      async: async () => {
        if (isInCircle(false)) return false;
        await async();
        return true;
      },
    };
  }
}

function reasonOf(by: ClaimContent | undefined): string {
  if (by === undefined) return 'something that is no claim of ours lies where the claim would be';
  const since = new Date(by.since * 1000).toISOString();
  return `held by ${by.host}, process ${String(by.pid)}, since ${since}`;
}
