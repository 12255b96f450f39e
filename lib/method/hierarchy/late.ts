/** Looking for what was attached to a root after its tagging, as long as that is worth what it costs. */
import { elapsedSince, startWork } from '../../base/clock.js';
import type { Frame } from '../../trace/frame.js';
import type { Binding } from '../state/binding.js';
import { currentBinding, stateFor, type InstanceState } from '../state/instance-state.js';
import { walksSoFar } from '../state/reach.js';
import { rootOf, taggedRoots, type Root } from '../state/root.js';
import { attachReached, prototypeOf } from './attach.js';
import { noteBeginning } from './beginning.js';

/** A first look that is likely to take longer than this waits until it has been worth it. */
const LONG_LOOK = 0.05;

/** What the failed looks for analyzers of one class have cost, and what their uncached calls have. */
interface Account {
  looks: number;
  calls: number;
}

const accounts = new WeakMap<object, Account>();

function accountOf(object: object): Account {
  const prototype = prototypeOf(object) ?? Object.prototype;
  let account = accounts.get(prototype);
  if (account === undefined) accounts.set(prototype, (account = { looks: 0, calls: 0 }));
  return account;
}

/**
 * Looks for an untagged analyzer in the live roots: at its first call, and again when its uncached calls have cost
 * more than looking did. Objects of a class that keeps not being found are looked for only as long as that costs
 * less than their calls.
 */
export function look(object: object, isNowhere?: () => void): Binding | undefined {
  const tagged = taggedRoots();
  if (tagged.length === 0) return undefined;
  const state = stateFor(object);
  if (state.leftOut) return undefined;
  const expected = tagged.reduce((total, root) => total + root.reach.walkSeconds, 0);
  const account = accountOf(object);
  const cost = state.costSinceLook;
  const due = cost === undefined ? expected <= LONG_LOOK : cost > expected;
  state.costSinceLook ??= 0;
  if (!due || account.looks > LONG_LOOK + account.calls) return undefined;
  const looking = startWork();
  for (const root of tagged) {
    lookThrough(root);
    const binding = currentBinding(state);
    if (binding !== undefined) return binding;
  }
  account.looks += looking();
  state.costSinceLook = 0;
  isNowhere?.();
  return undefined;
}

/** Looks for all that was attached to a root since it was tagged. */
export function lookThrough({ object: ref }: Root): void {
  const object = ref.deref();
  // The settings of a single method are no root that anything is attached to.
  const root = object && rootOf(object);
  if (object === undefined || root?.tag === undefined) return;
  attachReached(root, object, { isLate: true });
}

/** The part of the time since a tagging that looking again may take. */
const SHARE_OF_LOOKS = 0.05;

/**
 * Looks for what was attached to a root since it was last looked through, before a stored result is compared with what is
 * there, and before something is computed from that.
 * @returns whether it did: where walks have taken too much of the time, it does not
 */
export function lookAgain(root: Root): boolean {
  const allowed = LONG_LOOK + SHARE_OF_LOOKS * elapsedSince(root.reach.since);
  if (root.reach.lookSeconds + root.reach.walkSeconds > allowed) return false;
  lookThrough(root);
  root.reach.lookSeconds += root.reach.walkSeconds;
  return true;
}

/** Looks for what was attached before a computation begins. */
export function lookBefore(frame: Frame, root: Root): void {
  const isComplete = lookAgain(root);
  noteBeginning(frame, { root, walk: walksSoFar(), isComplete });
}

/** Notes what an uncached call cost, so that looking again can be worth it. */
export function noteUncached(state: InstanceState | undefined, object: object, seconds: number): void {
  if (state?.costSinceLook === undefined) return;
  state.costSinceLook += seconds;
  accountOf(object).calls += seconds;
}
