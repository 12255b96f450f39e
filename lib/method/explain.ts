/** "Tell me why it missed": what a call would find, and what stands against it. */
import { dirname, join } from 'node:path';
import { codecNamed } from '../codec/registry.js';
import { storedEntries } from '../store/clear.js';
import { findEntry } from '../store/find.js';
import type { LoadOutcome } from '../store/load.js';
import type { EntryRecord } from '../store/record.js';
import { nearestCall } from './nearest-call.js';
import { loadWithoutComputing, slotOf } from './inspect.js';
import { cachedMethod, locate, type LocatedCall, type MethodName } from './locate.js';
import { effectiveOptions, settings } from './options.js';
import { reservations } from './refusal.js';
import { now } from '../base/clock.js';

/** What a call would find. */
export type EntryState = 'memory' | 'disk' | 'missing' | 'stale' | 'corrupt' | 'expired' | 'untagged';

/** An answer of {@link explain}. */
export interface Explanation {
  /**
   * `'memory'`, `'disk'`: the stored result would be returned. `'missing'`: there is none. `'stale'`: what it was made
   * of has changed. `'corrupt'`: it is damaged. `'expired'`: its lifetime is over. `'untagged'`: the method runs uncached.
   */
  state: EntryState;
  /** Why, in words; for a result that would be used, what it is used in spite of. */
  reasons: string[];
  /** The file that holds the result, or its record where that is all there is. */
  file?: string;
  record?: EntryRecord;
}

/**
 * Says what a call of a cached method would find, and why, without computing anything. For a call with arguments that is
 * missing it names the nearest stored call of the same method and which argument differs: `argument 2: threshold 3 → 4`.
 * The stored data is read and verified as a call would.
 *
 * @param method the method itself, `analyzer.strehl`, or its name
 * @throws NotCachedError where the method is not cached
 * @throws UnkeyableArgumentError where an argument hides its state
 */
export function explain(instance: object, method: MethodName, ...args: unknown[]): Explanation {
  const info = cachedMethod(instance, method, 'explain');
  if (settings.off) return { state: 'untagged', reasons: ['STOWAGE=off: everything runs uncached'] };
  const call = locate(info, instance, args);
  return call === undefined
    ? { state: 'untagged', reasons: ['no tag reaches the analyzer: call setTag on the top object'] }
    : explainCall(call, args);
}

/** The same for a call that has been located. `args` are only needed to compare a missing call with stored ones. */
export function explainCall(call: LocatedCall, args: readonly unknown[]): Explanation {
  const options = effectiveOptions(call.info.options, call.binding.byIndex);
  const found = findEntry(call.place, call.identity);
  const stored = found.kind === 'entry' ? { record: found.record, file: fileOf(found.stem, found.record) } : {};
  const slot = slotOf(call);
  if (slot !== undefined && slot.facts.computedAt + options.lifetime > now()) {
    return { state: 'memory', reasons: reservationsOf(call, stored.record), ...stored };
  }
  try {
    return { ...judge(call, args, loadWithoutComputing(call)), ...stored };
  } catch (error) {
    return { state: 'missing', reasons: [`the disk cannot be read: ${String(error)}`], ...stored };
  }
}

function judge(call: LocatedCall, args: readonly unknown[], loaded: LoadOutcome): Explanation {
  switch (loaded.kind) {
    case 'value':
      return { state: 'disk', reasons: reservationsOf(call, loaded.record) };
    case 'refused':
      return { state: loaded.reason === 'expired' ? 'expired' : 'stale', reasons: [loaded.reason] };
    case 'corrupt':
      return { state: 'corrupt', reasons: [loaded.reason], file: `${loaded.stem}.json` };
    case 'unreadable':
      return { state: 'corrupt', reasons: [`unreadable here: ${loaded.error.message}`], file: `${loaded.stem}.json` };
    case 'missing':
      return { state: 'missing', reasons: whyMissing(call, args) };
  }
}

function reservationsOf({ info, binding }: LocatedCall, record: EntryRecord | undefined): string[] {
  if (record === undefined) return [];
  return reservations(record, info, effectiveOptions(info.options, binding.byIndex), binding.snapshot);
}

function fileOf(stem: string, { file, codec }: EntryRecord): string {
  return file === undefined || codecNamed(codec)?.extension === undefined ? `${stem}.json` : join(dirname(stem), file);
}

/** Compares with the other stored calls of the method; where it would have to look is told by the record's identity. */
function whyMissing(call: LocatedCall, args: readonly unknown[]): string[] {
  const siblings: EntryRecord[] = [];
  const { instance, method, rootClass } = call.identity;
  for (const { record } of storedEntries(call.place.folder)) {
    const other = record.identity;
    if (other.instance === instance && other.method === method && other.rootClass === rootClass) siblings.push(record);
  }
  if (siblings.length === 0) return ['no call of this method is stored'];
  return nearestCall(call, args, siblings);
}
