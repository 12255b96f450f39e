/**
 * The calls of this thread that have claims or want them, and whom they wait for. A circle of waiting within a thread is seen
 * in its frames; one that goes through other processes, in what their claims say.
 */
import { wayOfWaiting, type Waiting } from '../../base/run/waiting.js';
import type { Claim } from './claim.js';
import { readClaim, type ClaimContent, type WaitedFor } from './claim-file.js';
import type { Identity } from '../record/identity.js';
import type { Place } from '../disk/place.js';

/** A call as its claim needs to know it. */
export interface Claimant {
  identity: Identity;
  place: Place;
  /** Stands for it among those who wait for each other. */
  frame: Waiting;
  /** Does it make use of claims at all? */
  mayClaim: boolean;
  /** Will its result be wanted, as far as is known? No call waits for one whose result will not be stored. */
  stillHolds(): boolean;
}

interface Ours {
  claim: Claim;
  call: Claimant;
  /** What the calls that it waits for wait for, in other threads or processes. */
  waits: Map<Waiting, WaitedFor>;
}

/** By the nonces of their claims. */
const ours = new Map<string, Ours>();
const claimsOfCalls = new WeakMap<Waiting, Claim>();

/** Notes whose claim it is, before it is held: a call that is cut off by the end of the stack does not know how far it came. */
export function enlist(claim: Claim, call: Claimant): void {
  ours.set(claim.content.nonce, { claim, call, waits: new Map() });
  claimsOfCalls.set(call.frame, claim);
}

export function letGo(claim: Claim): void {
  claim.release();
  ours.delete(claim.content.nonce);
}

/** Lets go of what a call has claimed that was cut off by the end of the stack. */
export function abandonClaim({ frame }: Pick<Claimant, 'frame'>): void {
  const claim = claimsOfCalls.get(frame);
  if (claim !== undefined) letGo(claim);
}

/** The call of this thread that holds a claim, if it is one. */
export function holderHere({ nonce }: Pick<ClaimContent, 'nonce'>): Claimant | undefined {
  return ours.get(nonce)?.call;
}

/**
 * A call begins to wait for a claim of another thread or process: what cannot go on without it says so.
 * @param isAsleep the whole thread waits, and so does everything that it holds
 */
export function announceWait(frame: Waiting, target: WaitedFor, isAsleep: boolean): void {
  for (const each of ours.values()) {
    if (!each.claim.isHeld || each.waits.get(frame)?.nonce === target.nonce || !isHeldUp(each, frame, isAsleep))
      continue;
    each.waits.set(frame, target);
    each.claim.announce([...each.waits.values()]);
  }
}

/** The call waits no longer. The files still say so until they say something else: then a call computes that need not. */
export function forgetWait(frame: Waiting): void {
  for (const each of ours.values()) each.waits.delete(frame);
}

/** How many claims are looked at in search of a circle: more than any honest chain of computations has. */
const LONGEST_CHAIN = 100;

/** Does the owner of a claim wait, through however many others, for what the call holds up by waiting? */
export function isCircle(frame: Waiting, by: ClaimContent, isAsleep: boolean): boolean {
  const chain = new Map((by.waitsFor ?? []).map((next) => [next.nonce, next.file]));
  for (const [nonce, file] of chain) {
    const own = ours.get(nonce);
    if (own !== undefined && isHeldUp(own, frame, isAsleep)) return true;
    if (own !== undefined || chain.size > LONGEST_CHAIN) continue;
    const content = contentOf(file);
    if (content?.nonce !== nonce) continue;
    for (const next of content.waitsFor ?? []) chain.set(next.nonce, next.file);
  }
  return false;
}

function isHeldUp(each: Ours, frame: Waiting, isAsleep: boolean): boolean {
  return isAsleep || wayOfWaiting(each.call.frame, frame) !== undefined;
}

function contentOf(file: string): ClaimContent | undefined {
  try {
    return readClaim(file)?.content;
  } catch {
    return undefined;
  }
}
