/**
 * The claims that calls of this thread hold, and whom they wait for. A circle of waiting within a thread is seen in its
 * frames; one that goes through other processes, in what their claims say.
 */
import { wayOfWaiting, type Waiting } from '../../base/run/waiting.js';
import type { Claim } from './claim.js';
import { readClaim, type ClaimContent } from './claim-file.js';
import type { Claimant } from './claim-request.js';

/** A claim that is waited for. */
export type WaitedFor = Pick<ClaimContent, 'nonce'> & { file: string };

interface Held {
  claim: Claim;
  call: Claimant;
  /** What the calls that it waits for wait for, in other threads or processes. */
  waits: Map<Waiting, WaitedFor>;
}

const held = new Map<string, Held>();

export function hold(claim: Claim, call: Claimant): void {
  held.set(claim.content.nonce, { claim, call, waits: new Map() });
}

export function letGo({ nonce }: Pick<ClaimContent, 'nonce'>): void {
  held.delete(nonce);
}

/** The call of this thread that holds a claim, if it is one. */
export function holderHere(nonce: string): Claimant | undefined {
  return held.get(nonce)?.call;
}

/** How many claims are looked at in search of a circle: more than any honest chain of computations has. */
const longestChain = 100;

/**
 * A call begins to wait for a claim of another thread or process: what cannot go on without it says so.
 * @param isAsleep the whole thread waits, and so does everything that it holds
 */
export function announceWait(frame: Waiting, target: WaitedFor, isAsleep: boolean): void {
  for (const each of held.values()) {
    if (each.waits.get(frame)?.nonce === target.nonce || !isHeldUp(each, frame, isAsleep)) continue;
    each.waits.set(frame, target);
    each.claim.announce([...each.waits.values()]);
  }
}

/** The call waits no longer. The files still say so until they say something else: then a call computes that need not. */
export function forgetWait(frame: Waiting): void {
  for (const each of held.values()) each.waits.delete(frame);
}

/** Does the owner of a claim wait, through however many others, for what the call holds up by waiting? */
export function isCircle(frame: Waiting, by: ClaimContent, isAsleep: boolean): boolean {
  const chain = new Map((by.waitsFor ?? []).map((next) => [next.nonce, next.file]));
  for (const [nonce, file] of chain) {
    const own = held.get(nonce);
    if (own !== undefined && isHeldUp(own, frame, isAsleep)) return true;
    if (own !== undefined || chain.size > longestChain) continue;
    const content = contentOf(file);
    if (content?.nonce !== nonce) continue;
    for (const next of content.waitsFor ?? []) chain.set(next.nonce, next.file);
  }
  return false;
}

function isHeldUp(each: Held, frame: Waiting, isAsleep: boolean): boolean {
  return isAsleep || wayOfWaiting(each.call.frame, frame) !== undefined;
}

function contentOf(file: string): ClaimContent | undefined {
  try {
    return readClaim(file)?.content;
  } catch {
    return undefined;
  }
}
