/** What a record alone says against its own use, before its trace is looked at. */
import { warnOnce } from '../../base/warn.js';
import type { Identity } from '../../store/record/identity.js';
import type { EntryRecord } from '../../store/record/record.js';
import { codeDigestOf } from '../../key/classes/code-digest.js';
import { isExpired } from '../state/is-expired.js';
import type { MethodInfo } from '../state/method-info.js';
import type { EffectiveOptions } from '../state/options.js';
import { differences } from '../hierarchy/state-fields.js';

/** Why a record may not be used, if so. */
export function refusalOf(
  record: EntryRecord,
  info: MethodInfo,
  options: EffectiveOptions,
  snapshot: Record<string, unknown>,
): string | undefined {
  if (record.invalidated === true) return 'invalidated';
  if (isExpired(record, options)) return 'expired';
  if (options.onCodeChange === 'recompute' && hasOtherCode(record, info)) return otherCode;
  if (options.onStateChange !== 'recompute') return undefined;
  const changes = stateChanges(record, snapshot);
  return changes.length === 0 ? undefined : `the analyzer changed: ${changes.join(', ')}`;
}

const otherCode = "the method's code changed";

function hasOtherCode(record: EntryRecord, info: MethodInfo): boolean {
  // The code of what another program computed is not known.
  return record.code !== '' && record.code !== codeDigestOf(info.original);
}

function stateChanges(record: EntryRecord, snapshot: Record<string, unknown>): string[] {
  return record.state === undefined ? [] : differences(record.state, snapshot);
}

/** What has changed since a result that is used all the same was computed; empty where nothing has. */
export function reservations(
  record: EntryRecord,
  info: MethodInfo,
  options: EffectiveOptions,
  snapshot: Record<string, unknown>,
): string[] {
  const code = options.onCodeChange === 'warn' && hasOtherCode(record, info) ? [otherCode] : [];
  const changes = options.onStateChange === 'warn' ? stateChanges(record, snapshot) : [];
  return changes.length === 0 ? code : [...code, `the analyzer changed: ${changes.join(', ')}`];
}

/** Says them, once a process each. */
export function warnOf(reservation: string, { tag, instance, method }: Identity): void {
  const isCode = reservation === otherCode;
  warnOnce(
    isCode ? 'STOWAGE_CODE_CHANGED' : 'STOWAGE_STATE_CHANGED',
    isCode ? method : `${tag} ${instance} ${reservation}`,
    `stored results of ${method} (${instance}, tag '${tag}') are used although ${reservation} since. ` +
      'If they are still right, accept(root) says so; if not, clearCache, or choose ' +
      (isCode ? "onCodeChange: 'recompute'" : "onStateChange: 'recompute', or mark what matters with @parameter"),
  );
}
