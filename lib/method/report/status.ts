/** What is up to date, what is not, why, and what curing it would take. */
import { reservations } from '../call/refusal.js';
import { explainedSubjects, type ExplainedSubject } from './explain-all.js';
import { methodStatuses, type CallStatus, type MethodStatus, type StatusState } from './method-status.js';
import type { EntryState } from './explain.js';

/**
 * Says of each cached method of an object and everything below it whether it is up to date, older than the code, stale or
 * missing, the reason in words, and the seconds that bringing it up to date would take: one line a method, of all its
 * calls. `console.table(await status(root), ['instance', 'method', 'state', 'reason', 'seconds'])`.
 *
 * Computes nothing. The stored data is read and verified as a call would; other work of the process goes on between one
 * entry and the next.
 *
 * @param object a root, an analyzer below one, or an array, Map or object that holds analyzers, of whatever tags
 * @returns lines by tag, then instance path, then method; none where no tag reaches the object
 * @throws InvalidOptionError where `object` is no object
 * @throws UnsafeFolderError where the folder of the tag is not to be trusted
 * @throws StowageError `STOWAGE_DISK` where it cannot be read
 */
export async function status(object: object): Promise<MethodStatus[]> {
  return methodStatuses(await callStatuses(object, 'status'));
}

/** The same of each call. @param caller whose name a fault is told under */
export async function callStatuses(object: object, caller: string): Promise<CallStatus[]> {
  const calls: CallStatus[] = [];
  for await (const subject of explainedSubjects(object, caller)) calls.push(callStatusOf(subject));
  return calls;
}

const STATE_OF: Readonly<Record<EntryState, StatusState>> = {
  memory: 'current',
  disk: 'current',
  missing: 'missing',
  pruned: 'missing',
  untagged: 'missing',
  stale: 'stale',
  corrupt: 'stale',
  expired: 'stale',
};

function callStatusOf({ subject: { identity, call, stored }, explanation }: ExplainedSubject): CallStatus {
  const { record = stored?.record, reasons } = explanation;
  const state = STATE_OF[explanation.state];
  if (state !== 'current') return { identity, state, reason: reasons[0] ?? '', record };
  // What a result in use is used in spite of.
  const [reservation] = call === undefined || record === undefined ? [] : reservations(record, call);
  if (reservation === undefined) return { identity, state, reason: '', record };
  return { identity, state: 'older', reason: reservation.what, record };
}
