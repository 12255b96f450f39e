/** "Tell me why it missed": what a call would find, and what stands against it. */
import { resultFileOf } from '../../store/entry/result-file.js';
import { storedEntries } from '../../store/maintain/clear.js';
import type { Verdicts } from '../../trace/frame.js';
import type { Loaded } from '../../store/entry/load.js';
import { isSameOwner } from '../../store/record/same-owner.js';
import type { EntryRecord } from '../../store/record/record.js';
import { nearestCall } from './nearest-call.js';
import type { AboutCall, Plain } from './about-call.js';
import { loadWithoutComputing, slotOf, usedAt } from './inspect.js';
import { cachedMethod, locate, type LocatedCall, type MethodName } from '../call/locate.js';
import { codeOfMethod } from '../state/method-code.js';
import { effectiveOptions, settings } from '../state/options.js';
import { reservations } from '../call/refusal.js';
import { isExpired } from '../state/is-expired.js';

/** Why nothing is looked for. */
export const IS_OFF = 'STOWAGE=off: everything runs uncached';

/** What a call would find. */
export type EntryState = 'memory' | 'disk' | 'missing' | 'pruned' | 'stale' | 'corrupt' | 'expired' | 'untagged';

/** An answer of {@link explain}. */
export interface Explanation {
  /**
   * `'memory'`, `'disk'`: the stored result would be returned. `'missing'`: there is none. `'pruned'`: its data was
   * removed to make room, and it is computed again when it is asked for. `'stale'`: what it was made of has changed. `'corrupt'`: it is damaged. `'expired'`: its lifetime is over. `'untagged'`: the method runs uncached.
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
export const explain = ((instance: object, method: MethodName, ...args: unknown[]): Explanation => {
  const info = cachedMethod(instance, method, 'explain');
  const call = settings.off ? undefined : locate(info, instance, args);
  return call === undefined
    ? {
        state: 'untagged',
        reasons: [settings.off ? IS_OFF : 'no tag reaches the analyzer: call setTag on the top object'],
      }
    : explainCall(call, args);
}) as AboutCall<Plain<Explanation>>;

/** What is known already where many calls are asked about. */
export interface Known {
  /** What was found out about entries that results were made of. */
  verdicts: Verdicts;
  /** Records of the stored calls of a method of an analyzer. */
  siblingsOf(call: LocatedCall): readonly EntryRecord[];
  /** Has it been said that helpers are not looked into? */
  saidWhy?: boolean;
}

/** The same for a call that has been located. `args` are only needed to compare a missing call with stored ones. */
export function explainCall(call: LocatedCall, args: readonly unknown[], known?: Known): Explanation {
  if (settings.off) return { state: 'untagged', reasons: [IS_OFF] };
  const options = effectiveOptions(call.info.options, call.binding.byIndex);
  let stored: Pick<Explanation, 'record' | 'file'> = {};
  const slot = slotOf(call);
  const isInMemory = slot !== undefined && !isExpired(slot.facts, options);
  try {
    const found = usedAt(call, known?.verdicts);
    if (found !== undefined) stored = { file: resultFileOf(found.stem, found.record), record: found.record };
    if (!isInMemory) {
      const loaded = loadWithoutComputing(call, known?.verdicts);
      // Of several that are stale, what is said concerns one.
      if (loaded.kind === 'refused') stored = { file: resultFileOf(loaded.stem, loaded.record), record: loaded.record };
      const judged = judge(call, loaded, () => nearestOf(call, args, (known?.siblingsOf ?? siblingsOf)(call)));
      return { ...judged, reasons: [...judged.reasons, ...blindnessOf(call, known)], ...stored };
    }
  } catch (error) {
    if (!isInMemory) return { state: 'missing', reasons: [`the disk cannot be read: ${String(error)}`], ...stored };
  }
  return { state: 'memory', reasons: [...reservationsOf(call, stored.record), ...blindnessOf(call, known)], ...stored };
}

function judge(call: LocatedCall, loaded: Loaded, whyMissing: () => string[]): Explanation {
  switch (loaded.kind) {
    case 'value':
      return {
        state: 'disk',
        reasons: [
          ...(loaded.insteadOf === undefined ? [] : [`an earlier version; of the latest result, ${loaded.insteadOf}`]),
          ...reservationsOf(call, loaded.record),
        ],
      };
    case 'refused':
      return { state: loaded.reason === 'expired' ? 'expired' : 'stale', reasons: [loaded.reason] };
    case 'corrupt':
      return { state: 'corrupt', reasons: [loaded.reason], file: `${loaded.stem}.json` };
    case 'unreadable':
      return { state: 'corrupt', reasons: [`unreadable here: ${loaded.error.message}`], file: `${loaded.stem}.json` };
    case 'missing':
      return { state: 'missing', reasons: whyMissing() };
    case 'pruned':
      return { state: 'pruned', reasons: [whyPruned(loaded.record)] };
  }
}

/** Of an entry whose record alone is left. */
export function whyPruned({ pruned = 0 }: EntryRecord): string {
  return `its data was removed on ${new Date(pruned * 1000).toISOString()}; what was computed from it holds`;
}

function reservationsOf(call: LocatedCall, record: EntryRecord | undefined): string[] {
  return record === undefined ? [] : reservations(record, call).map(({ what }) => what);
}

/** Why a change of the code of helpers would not be seen, if so: the same for all methods of a process, and said once. */
function blindnessOf({ info, analyzer, binding }: LocatedCall, known?: Known): string[] {
  const { why } = codeOfMethod(info, analyzer, binding.root);
  if (why === undefined || known?.saidWhy === true) return [];
  if (known !== undefined) known.saidWhy = true;
  return [`of its code, the text of the method alone is compared: ${why}`];
}

/** Where a missing call would have to look for others of its method is told by the identity of their records. */
function siblingsOf(call: LocatedCall): EntryRecord[] {
  const { instance, method, rootClass } = call.identity;
  return [...storedEntries(call.place.folder)]
    .map(({ record }) => record)
    .filter(
      ({ identity }) =>
        identity.instance === instance && identity.method === method && identity.rootClass === rootClass,
    );
}

function nearestOf(call: LocatedCall, args: readonly unknown[], siblings: readonly EntryRecord[]): string[] {
  const own = siblings.filter((record) => isSameOwner(record.package, call.place.owner));
  const others = new Set(siblings.filter((record) => !own.includes(record)).map((record) => record.package));
  return [
    ...(own.length === 0 ? ['no call of this method is stored'] : nearestCall(call, args, own)),
    ...[...others].map((owner) => `what is stored of the project ${String(owner)} is another class's`),
  ];
}
