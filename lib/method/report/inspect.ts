/** Looking at what is stored, without computing anything. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { runNow, type Flow } from '../../base/run/flow.js';
import { findEntry } from '../../store/entry/find.js';
import type { StoredEntry } from '../../store/record/stored-entry.js';
import { checkFolder } from '../../store/disk/folder.js';
import type { Refused } from '../../store/entry/nearest.js';
import { loadEntry, type Loaded } from '../../store/entry/load.js';
import { isVersionStem, versionsOf } from '../../store/entry/versions.js';
import type { EntryRecord } from '../../store/record/record.js';
import { throwDiskErrors } from '../../store/entry/disk-errors.js';
import { Verdicts } from '../../trace/frame.js';
import type { Outcome } from '../../call/question.js';
import { stateOf } from '../state/instance-state.js';
import type { AboutCall, Answer, Plain } from './about-call.js';
import { cachedMethod, locate, type LocatedCall, type MethodName } from '../call/locate.js';
import { effectiveOptions } from '../state/options.js';
import { codeNow, isRefused, nearestRefused, refusalOf, refusalOfVersion } from '../call/refusal.js';
import { slotOfResult, type ResultSlot } from '../state/result-slot.js';
import { staleness } from '../call/validate.js';
import { codecNamed } from '../../codec/registry.js';

/** The result in memory of a call, if one is kept. */
export function slotOf({ analyzer, info, identity }: LocatedCall): ResultSlot | undefined {
  const slot = stateOf(analyzer)?.memories[info.index]?.slots.get(identity.key ?? '');
  return slot === undefined || slot.isGone() || isRefused(slot, info, analyzer) ? undefined : slot;
}

/**
 * Loads a call's entry as a call would, save that nothing is computed to find out whether it still holds.
 * @param verdicts what was found out about other entries; shared by those who look at many
 */
export function loadWithoutComputing(call: LocatedCall, verdicts = new Verdicts()): Loaded {
  const refuse = (record: EntryRecord): Flow<string | undefined> => refusal(call, record, verdicts);
  const versions = {
    refuse: (record: EntryRecord) => refusal(call, record, verdicts, refusalOfVersion),
    own: () => codeNow(call),
    nearest: (refused: readonly Refused[]) => nearestRefused(refused, call),
  };
  return runNow(loadEntry(call.place, call.identity, { refuse, versions, writable: false }));
}

/** Why a stored result would not be used, as far as can be told without computing. */
export function* refusal(
  call: LocatedCall,
  record: EntryRecord,
  verdicts = new Verdicts(),
  judge = refusalOf,
): Flow<string | undefined> {
  return judge(record, call) ?? (yield* staleness(record, { root: call.binding.root, verdicts }));
}

/**
 * The entry of a call, if there is one.
 * @throws UnsafeFolderError where its folder is not to be trusted
 * @throws StowageError `STOWAGE_DISK` where it cannot be read
 */
export function storedAt({ place, identity }: LocatedCall): StoredEntry | undefined {
  return throwDiskErrors(place.folder, 'read', () => {
    if (!checkFolder(place.folder)) return undefined;
    const found = findEntry(place, identity);
    return found.kind === 'entry' ? found : undefined;
  });
}

/**
 * The same, but the earlier version where that would be used.
 * @throws what {@link storedAt} throws
 */
export function usedAt(call: LocatedCall, verdicts = new Verdicts()): StoredEntry | undefined {
  const present = storedAt(call);
  if (present?.record.versions === undefined || runNow(refusal(call, present.record, verdicts)) === undefined)
    return present;
  const { place, identity } = call;
  return throwDiskErrors(place.folder, 'read', () => {
    for (const version of versionsOf(place, identity, present.record, codeNow(call))) {
      const isThere =
        version.record.file === undefined || fs.existsSync(join(dirname(version.stem), version.record.file));
      if (isThere && runNow(refusal(call, version.record, verdicts, refusalOfVersion)) === undefined) return version;
    }
    return present;
  });
}

/** A call's result as a trace notes it, from memory or disk. What the disk does not let us look at is not there. */
export function knownResult(call: LocatedCall): Outcome['use'] {
  try {
    return findResult(call);
  } catch {
    return undefined;
  }
}

function findResult(call: LocatedCall): Outcome['use'] {
  const slot = slotOf(call);
  if (slot !== undefined) return slot;
  const found = usedAt(call);
  const codec = found && codecNamed(found.record.codec);
  const judge = isVersionStem(found?.stem ?? '') ? refusalOfVersion : refusalOf;
  if (found === undefined || codec === undefined) return undefined;
  if (runNow(refusal(call, found.record, undefined, judge)) !== undefined) return undefined;
  return slotOfResult(call, { ...found.record, codec }, found.record.async === true);
}

/**
 * The record of a stored result: what it is, of what call, when and where it was computed, at what cost, and from what;
 * of the earlier version where that would be used.
 * Computes nothing.
 *
 * @returns a copy; `undefined` where nothing is stored, or the analyzer has no tag
 * @throws NotCachedError where the method is not cached
 * @throws UnsafeFolderError where the folder of the tag is a link or another user's, in a place that all share
 * @throws StowageError `STOWAGE_DISK` where the folder cannot be read
 */
export const record = ((instance: object, method: MethodName, ...args: unknown[]): EntryRecord | undefined => {
  const call = locate(cachedMethod(instance, method, 'record'), instance, args);
  if (call === undefined) return undefined;
  return usedAt(call)?.record;
}) as AboutCall<Plain<EntryRecord | undefined>>;

/** Of {@link peek}. */
interface StoredValue extends Answer {
  readonly is: this['value'] | undefined;
}

/**
 * The stored value of a call, from memory or disk, if it would be used; of an asynchronous method the value itself, not a
 * promise of it. Computes nothing, keeps nothing in memory, and never throws for the disk's sake.
 *
 * @returns `undefined` where there is none; `explain` tells that from a stored `undefined`
 * @throws NotCachedError where the method is not cached
 */
export const peek = ((instance: object, method: MethodName, ...args: unknown[]): unknown => {
  const call = locate(cachedMethod(instance, method, 'peek'), instance, args);
  if (call === undefined) return undefined;
  const options = effectiveOptions(call.info.options, call.binding.byIndex);
  const taken = slotOf(call)?.take(options);
  if (taken !== undefined) return taken.value;
  try {
    const loaded = loadWithoutComputing(call);
    return loaded.kind === 'value' ? loaded.value : undefined;
  } catch {
    // What cannot be read is not there to be looked at; explain says why.
    return undefined;
  }
}) as AboutCall<StoredValue>;
