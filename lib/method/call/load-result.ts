/** The way from disk: what may be used, and what is said of what may not. */
import { settings } from '../../base/settings.js';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import type { StowageEvent } from '../../base/events.js';
import type { Flow } from '../../base/run/flow.js';
import { findEntry } from '../../store/entry/find.js';
import { loadEntry } from '../../store/entry/load.js';
import type { EntryRecord } from '../../store/record/record.js';
import { tracedArguments } from '../../store/record/traced.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import type { Call } from './call.js';
import type { Outcome } from '../state/outcome.js';
import { reportFault } from '../../store/claim/fault.js';
import { refusalOf, reservations, warnOf } from './refusal.js';
import { ingredientsOf } from '../state/use-name.js';
import { staleness, type Recompute } from './validate.js';

/**
 * A stored result, or why there is none, as the `miss` will say once it is certain that the method runs, and whether what
 * is computed instead may take its place.
 */
export type FromDisk =
  { found: true; outcome: Outcome } | { found: false; mayStore: boolean; miss: Partial<StowageEvent> };

export function* loadFromDisk(call: Call, recompute: Recompute): Flow<FromDisk> {
  const start = stopwatch();
  try {
    const loaded = yield* loadEntry(call.place, call.identity, {
      refuse: (record) => refusal(call, record, recompute),
      writable: !settings.readonly,
    });
    switch (loaded.kind) {
      case 'value': {
        const { record, value, stem, codec } = loaded;
        const doubts = reservations(record, call.info, call.options, call.binding.snapshot);
        for (const doubt of doubts) warnOf(doubt, call.identity);
        tell(call, 'hit', {
          file: `${stem}.${codec.extension ?? 'json'}`,
          seconds: elapsedSince(start),
          bytes: record.bytes,
          reason: doubts.length === 0 ? 'disk' : `disk, although ${doubts.join(' and ')}`,
        });
        const { digest, generation, bytes, computedAt, trace } = record;
        const { tmpdir, scope } = call.binding.root;
        const madeOf = ingredientsOf(trace, tmpdir, scope);
        const encodedArguments = tracedArguments(record.arguments);
        const stored = { codec, digest, generation, bytes, computedAt, encodedArguments, madeOf };
        return { found: true, outcome: { value, isAsync: call.info.isAsync || record.async === true, stored } };
      }
      case 'missing':
        return { found: false, mayStore: true, miss: { reason: 'missing' } };
      case 'pruned':
        return { found: false, mayStore: true, miss: { file: `${loaded.stem}.json`, reason: 'pruned' } };
      case 'refused':
        tell(call, 'stale', { file: `${loaded.stem}.json`, reason: loaded.reason });
        return { found: false, mayStore: true, miss: { reason: loaded.reason } };
      case 'corrupt':
        tell(call, 'corrupt', { file: `${loaded.stem}.json`, reason: loaded.reason });
        return { found: false, mayStore: true, miss: { reason: loaded.reason } };
      case 'unreadable':
        return {
          found: false,
          mayStore: false,
          miss: { file: `${loaded.stem}.json`, reason: 'unreadable here', error: loaded.error },
        };
    }
  } catch (error) {
    reportFault(call, 'read', error);
    return { found: false, mayStore: false, miss: { reason: 'fault' } };
  }
}

/** Notes the generation of what is stored, without asking whether it holds: what is computed instead takes it over. */
export function noteGeneration(call: Call): void {
  try {
    const found = findEntry(call.place, call.identity);
    if (found.kind === 'entry') call.generation = found.record.generation;
  } catch (error) {
    reportFault(call, 'read', error);
  }
}

/** Why a record may not be used, if so: by what it says itself, then by what it was made of. */
function* refusal(call: Call, record: EntryRecord, recompute: Recompute): Flow<string | undefined> {
  const { info, options, binding, frame } = call;
  call.generation = record.generation;
  const reason = refusalOf(record, info, options, binding.snapshot);
  if (reason !== undefined) return reason;
  return yield* staleness(record, { root: binding.root, verdicts: frame.verdicts, recompute });
}
