/** From calls, each up to date or not, to lines: one a method and tag. */
import { compareNames } from '../../base/text/order.js';
import { identityText, type Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { ownSeconds } from './own-seconds.js';

/**
 * - `'current'`: a call is a hit, and nothing has changed
 * - `'older'`: a call is a hit although code, or what identifies the analyzer, changed since: `onCodeChange: 'warn'`
 * - `'stale'`: what it was made of changed, its lifetime is over, or it is damaged; a call computes it again
 * - `'missing'`: it is not stored, or its data was removed to make room
 */
export type StatusState = 'current' | 'older' | 'stale' | 'missing';

/** A line of {@link status}: a method of an analyzer under a tag, with all its calls that are known. */
export interface MethodStatus {
  tag: string;
  /** Instance path: how the root reaches the analyzer. */
  instance: string;
  /** `Class.method`. */
  method: string;
  /** Of several calls, that of the one which is furthest from being up to date: stale, missing, older, current. */
  state: StatusState;
  /** Why, in words, of one of the calls that are in this state; empty where nothing is to be said. */
  reason: string;
  /** Calls that are stored, or that could be without arguments. */
  calls: number;
  /** Those that are stale or missing. */
  pending: number;
  /**
   * Seconds that bringing it up to date would take, by the recorded times: its own, and those of each result that it was
   * made of and that is not up to date either. 0 where nothing is to do; absent where no time of it is known.
   */
  seconds?: number;
}

/** What is known of one call. */
export interface CallStatus {
  identity: Identity;
  state: StatusState;
  reason: string;
  record?: EntryRecord | undefined;
}

const WORST_FIRST: readonly StatusState[] = ['stale', 'missing', 'older', 'current'];

/** Is it still to be computed? */
export function isPending({ state }: { state: StatusState }): boolean {
  return state === 'stale' || state === 'missing';
}

/** @returns lines by tag, then instance path, then method */
export function methodStatuses(calls: readonly CallStatus[]): MethodStatus[] {
  const cost = new Costs(calls);
  const groups = new Map<string, CallStatus[]>();
  for (const call of calls) {
    const { tag, instance, method } = call.identity;
    const name = JSON.stringify([tag, instance, method]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [call]);
    else group.push(call);
  }
  return [...groups.values()].map((group) => statusOf(group, cost)).sort(inOrder);
}

/** Seconds that all of it would take; what several need counts once. @returns `undefined` where no time of it is known */
export function secondsOfAll(calls: readonly CallStatus[]): number | undefined {
  return new Costs(calls).of(calls);
}

function inOrder(one: MethodStatus, other: MethodStatus): number {
  return (
    compareNames(one.tag, other.tag) ||
    compareNames(one.instance, other.instance) ||
    compareNames(one.method, other.method)
  );
}

function statusOf(group: readonly CallStatus[], cost: Costs): MethodStatus {
  const state = WORST_FIRST.find((each) => group.some((call) => call.state === each)) ?? 'current';
  const worst = group.find((call) => call.state === state) as CallStatus;
  const { tag, instance, method } = worst.identity;
  const seconds = cost.of(group);
  return {
    tag,
    instance,
    method,
    state,
    reason: worst.reason,
    calls: group.length,
    pending: group.filter(isPending).length,
    ...(seconds !== undefined && { seconds }),
  };
}

/** What computing calls again would take. */
class Costs {
  private readonly byName = new Map<string, CallStatus>();

  constructor(calls: readonly CallStatus[]) {
    for (const call of calls) this.byName.set(identityText(call.identity), call);
  }

  of(calls: readonly CallStatus[]): number | undefined {
    const pending = new Set<CallStatus>();
    const open = calls.filter(isPending);
    if (open.length === 0) return 0;
    for (let call = open.pop(); call !== undefined; call = open.pop()) {
      if (pending.has(call)) continue;
      pending.add(call);
      open.push(...this.upstreamOf(call).filter(isPending));
    }
    const known = [...pending].filter(({ record }) => record !== undefined);
    if (known.length === 0) return undefined;
    return known.reduce((sum, call) => sum + this.ownOf(call), 0);
  }

  private ownOf(call: CallStatus): number {
    const used = this.upstreamOf(call).flatMap(({ record }) => record ?? []);
    return call.record === undefined ? 0 : ownSeconds(call.record, used);
  }

  private upstreamOf({ record }: CallStatus): CallStatus[] {
    return (record?.trace ?? []).flatMap((item) =>
      'call' in item ? (this.byName.get(identityText(item.call)) ?? []) : [],
    );
  }
}
