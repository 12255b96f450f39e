/** The way from disk: what may be used, and what is said of what may not. */
import { elapsedSince, now, stopwatch } from '../base/clock.js';
import type { StowageEvent } from '../base/events.js';
import type { Flow } from '../base/flow.js';
import { warnOnce } from '../base/warn.js';
import { codecNamed } from '../codec/registry.js';
import { loadEntry } from '../store/load.js';
import type { EntryRecord } from '../store/record.js';
import { tell, type Call, type Outcome } from './call.js';
import { reportFault } from './fault.js';
import { settings } from './options.js';
import { differences } from './snapshot.js';

/**
 * A stored result, or why there is none, as the `miss` will say once it is certain that the method runs, and whether what
 * is computed instead may take its place.
 */
export type FromDisk = { found: true; outcome: Outcome } | { found: false; mayStore: boolean; miss: Partial<StowageEvent> };

export function* loadFromDisk(call: Call): Flow<FromDisk> {
  const start = stopwatch();
  try {
    const loaded = yield* loadEntry(call.place, call.identity, {
      refuse: (record) => refusal(call, record),
      writable: !settings.readonly,
    });
    switch (loaded.kind) {
      case 'value': {
        const { record, value, stem } = loaded;
        const changes = stateChanges(call, record);
        const codec = codecNamed(record.codec);
        if (codec === undefined) return { found: false, mayStore: false, miss: { reason: 'unreadable here' } };
        tell(call, 'hit', {
          file: `${stem}.${codec.extension ?? 'json'}`,
          seconds: elapsedSince(start),
          bytes: record.bytes,
          reason: changes.length === 0 ? 'disk' : `disk, although the analyzer changed: ${changes.join(', ')}`,
        });
        const { digest, bytes, computedAt } = record;
        return { found: true, outcome: { value, isAsync: record.async === true, stored: { codec, digest, bytes, computedAt } } };
      }
      case 'missing':
        return { found: false, mayStore: true, miss: { reason: 'missing' } };
      case 'refused':
        tell(call, 'stale', { file: `${loaded.stem}.json`, reason: loaded.reason });
        return { found: false, mayStore: true, miss: { reason: loaded.reason } };
      case 'corrupt':
        tell(call, 'corrupt', { file: `${loaded.stem}.json`, reason: loaded.reason });
        return { found: false, mayStore: true, miss: { reason: loaded.reason } };
      case 'unreadable':
        return { found: false, mayStore: false, miss: { file: `${loaded.stem}.json`, reason: 'unreadable here', error: loaded.error } };
    }
  } catch (error) {
    reportFault(call, 'read', error);
    return { found: false, mayStore: false, miss: { reason: 'fault' } };
  }
}

/** Why a record may not be used, if so. */
function refusal(call: Call, record: EntryRecord): string | undefined {
  if (record.computedAt + call.options.lifetime < now()) return 'expired';
  if (call.options.onStateChange !== 'recompute') return undefined;
  const changes = stateChanges(call, record);
  return changes.length === 0 ? undefined : `the analyzer changed: ${changes.join(', ')}`;
}

/** How the analyzer's fields differ from when the result was computed, said once a process under `'warn'`. */
function stateChanges(call: Call, record: EntryRecord): string[] {
  const { onStateChange } = call.options;
  if (onStateChange === 'ignore' || record.state === undefined) return [];
  const changes = differences(record.state, call.binding.snapshot);
  if (changes.length > 0 && onStateChange === 'warn') {
    const { tag, instance, method } = call.identity;
    warnOnce(
      'STOWAGE_STATE_CHANGED',
      `${tag} ${instance} ${changes.join(', ')}`,
      `results of ${instance} (${method}, tag '${tag}') are used although the analyzer has changed since: ` +
        `${changes.join(', ')}. Mark what matters with @parameter, or choose onStateChange: 'recompute' or 'ignore'`,
    );
  }
  return changes;
}
