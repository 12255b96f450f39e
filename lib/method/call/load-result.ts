/** The way from disk: what may be used, and what is said of what may not. */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { ValidateError } from '../../base/errors.js';
import type { Flow } from '../../base/run/flow.js';
import { settings } from '../../base/settings.js';
import type { Look } from '../../call/question.js';
import { reportFault } from '../../store/entry/disk-errors.js';
import { findEntry } from '../../store/entry/find.js';
import { loadEntry } from '../../store/entry/load.js';
import { missOf } from '../../store/entry/miss.js';
import type { EntryRecord } from '../../store/record/record.js';
import { dependents } from '../../trace/dependents.js';
import type { OneCall } from './one-call.js';
import { codeNow, nearestRefused, ownerOf, refusalOf, refusalOfVersion, reservations, warnOf } from './refusal.js';
import { staleness } from './validate.js';

/**
 * A stored result, or why there is none, as the `miss` will say once it is certain that the method runs, and whether what
 * is computed instead may take its place.
 */
export function* loadFromDisk(call: OneCall): Flow<Look> {
  const start = stopwatch();
  call.changes = dependents.changes;
  try {
    const loaded = yield* loadEntry(call.place, call.identity, {
      refuse: (record) => refusal(call, record),
      versions: {
        refuse: (record) => refusalOfEarlier(call, record),
        own: () => codeNow(ownerOf(call)),
        nearest: (refused) => nearestRefused(refused, ownerOf(call)),
      },
      writable: !settings.readonly,
    });
    if (loaded.kind !== 'value') {
      const miss = missOf(loaded, call.say);
      call.seen = miss.seen;
      return miss;
    }
    const { record, value, stem, codec, insteadOf } = loaded;
    const from = insteadOf === undefined ? call.foundIn : 'disk, an earlier version';
    const doubts = reservations(record, ownerOf(call));
    for (const doubt of doubts) warnOf(doubt, call.identity);
    call.say('hit', {
      file: `${stem}.${codec.extension ?? 'json'}`,
      seconds: elapsedSince(start),
      bytes: record.bytes,
      reason: doubts.length === 0 ? from : `${from}, although ${doubts.map(({ what }) => what).join(' and ')}`,
    });
    const isAsync = call.info.isAsync || record.async === true;
    return { found: true, outcome: { value, isAsync, facts: { ...record, codec }, isStored: true } };
  } catch (error) {
    if (error instanceof ValidateError) throw error;
    reportFault(call, 'read', error);
    return { found: false, mayStore: false, miss: { reason: 'fault' } };
  }
}

/** Notes what is stored, without asking whether it holds. */
export function noteStored(call: OneCall): void {
  try {
    call.seen = findEntry(call.place, call.identity);
  } catch (error) {
    reportFault(call, 'read', error);
  }
}

/** Why a record may not be used, if so: by what it says itself, then by what it was made of. */
export function* refusal(call: OneCall, record: EntryRecord): Flow<string | undefined> {
  return refusalOf(record, ownerOf(call)) ?? (yield* change(call, record));
}

function* refusalOfEarlier(call: OneCall, record: EntryRecord): Flow<string | undefined> {
  return refusalOfVersion(record, ownerOf(call)) ?? (yield* change(call, record));
}

function* change({ binding, frame, recompute }: OneCall, record: EntryRecord): Flow<string | undefined> {
  if (record.trace.length === 0) return undefined;
  return yield* staleness(record, { root: binding.root, verdicts: frame.verdicts, recompute });
}
