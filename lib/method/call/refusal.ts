/** What a record alone says against its own use, before its trace is looked at. */
import { warnOnce } from '../../base/warn.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { changesOfCode } from '../../store/record/code-seen.js';
import type { Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { isUpstreamCode, namedOf, upstreamCode } from '../../store/entry/code-cause.js';
import { nearest, type Refused } from '../../store/entry/nearest.js';
import { differences } from '../hierarchy/state-fields.js';
import type { Binding } from '../state/binding.js';
import { isExpired } from '../state/is-expired.js';
import { codeOfMethod } from '../state/method-code.js';
import type { MethodInfo } from '../state/method-info.js';
import type { ResultSlot } from '../state/result-slot.js';
import { refusalByUser } from '../../call/validate-result.js';
import { effectiveOptions } from '../state/options.js';

/** Whose result a record is. */
export interface Owner {
  info: MethodInfo;
  analyzer: object;
  binding: Binding;
}

/** Whose the result of a call is. */
export function ownerOf({
  info,
  parts: { analyzer },
  binding,
}: {
  info: MethodInfo;
  parts: { analyzer: object };
  binding: Binding;
}): Owner {
  return { info, analyzer, binding };
}

/** Why a record may not be used, if so. */
export function refusalOf(record: EntryRecord, owner: Owner): string | undefined {
  const options = effectiveOptions(owner.info.options, owner.binding.byIndex);
  if (record.invalidated === true) return 'invalidated';
  if (isExpired(record, options)) return 'expired';
  const code = options.onCodeChange === 'recompute' ? changeOfCode(record, owner) : undefined;
  const state = options.onStateChange === 'recompute' ? changeOfState(record, owner) : undefined;
  return code ?? state ?? refusalByUser(owner.info.options.validate, record, owner.analyzer, record.identity.method);
}

/** Does the user's `validate` say so of a result in memory? */
export function isRefused({ facts }: ResultSlot, { options: { validate } }: MethodInfo, analyzer: object): boolean {
  return refusalByUser(validate, facts, analyzer, facts.identity.method) !== undefined;
}

/** In words; `undefined` where the code is the same. */
function changeOfCode(record: EntryRecord, owner: Owner): string | undefined {
  const changes = changesOf(record, owner);
  return changes.length === 0 ? undefined : inWords(changes);
}

/** Empty for what another program computed, whose code is not known. */
function changesOf({ code, codeSeen }: EntryRecord, { info, analyzer, binding }: Owner): string[] {
  if (code === '') return [];
  // Before it was looked into, the text was all that was known.
  if (codeSeen === undefined) return code === codeDigestOf(info.original) ? [] : ['its own code changed'];
  return changesOfCode(codeSeen, codeOfMethod(info, analyzer, binding.root, codeSeen.depth));
}

/** Results that are refused, each with its reason: the one that comes nearest to what would be computed now. */
export function nearestRefused(refused: readonly Refused[], owner: Owner): Refused | undefined {
  return nearest(refused, (record) => changesOf(record, owner).length);
}

/** The same for an earlier version: it is used by the code that it comes from alone, whatever the policy. */
export function refusalOfVersion(record: EntryRecord, owner: Owner): string | undefined {
  return changeOfCode(record, owner) ?? refusalOf(record, owner);
}

/** What versions of the code that is here now say of it. */
export function codeNow({ info, analyzer, binding }: Owner): string {
  return codeOfMethod(info, analyzer, binding.root).digest;
}

const OTHER_CODE = "the method's code changed";

function inWords(changes: readonly string[]): string {
  // That it is its own says no more than the beginning.
  if (changes.length === 1 && changes[0] === 'its own code changed') return OTHER_CODE;
  return `${OTHER_CODE}: ${namedOf(changes).join(', ')}`;
}

/** What is said of a result that is refused for a reason to those which it was made into: where code is at fault, that is named. */
export function causeOf(reason: string, method: string): string | undefined {
  if (isUpstreamCode(reason)) return reason;
  return reason.startsWith(OTHER_CODE) ? upstreamCode(method) + reason.slice(OTHER_CODE.length) : undefined;
}

function changeOfState({ state }: EntryRecord, { binding }: Owner): string | undefined {
  const changes = state === undefined ? [] : differences(state, binding.snapshot);
  return changes.length === 0 ? undefined : `the analyzer changed: ${changes.join(', ')}`;
}

/** Something that has changed since a result was computed that is used all the same. */
export interface Reservation {
  of: 'code' | 'state';
  /** In words. */
  what: string;
}

/** Empty where nothing has changed. */
export function reservations(record: EntryRecord, owner: Owner): Reservation[] {
  const { onCodeChange, onStateChange } = effectiveOptions(owner.info.options, owner.binding.byIndex);
  const code = onCodeChange === 'warn' ? changeOfCode(record, owner) : undefined;
  const state = onStateChange === 'warn' ? changeOfState(record, owner) : undefined;
  return [
    ...(code === undefined ? [] : [{ of: 'code' as const, what: code }]),
    ...(state === undefined ? [] : [{ of: 'state' as const, what: state }]),
  ];
}

/** Says them, once a process each. */
export function warnOf({ of, what }: Reservation, { tag, instance, method }: Identity): void {
  const isCode = of === 'code';
  warnOnce(
    isCode ? 'STOWAGE_CODE_CHANGED' : 'STOWAGE_STATE_CHANGED',
    isCode ? method : `${tag} ${instance} ${what}`,
    `stored results of ${method} (${instance}, tag '${tag}') are used although ${what} since. ` +
      'If they are still right, accept(root) says so; if not, clearCache, or choose ' +
      (isCode ? "onCodeChange: 'recompute'" : "onStateChange: 'recompute', or mark what matters with @parameter"),
  );
}
