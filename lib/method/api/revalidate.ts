import { runNow } from '../../base/run/flow.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { checkObject } from '../hierarchy/check-object.js';
import { dependents } from '../../trace/dependents.js';
import { refusal, usedAt } from '../report/inspect.js';
import type { EntryRecord } from '../../store/record/record.js';
import { bindingOf, stateOf } from '../state/instance-state.js';
import type { ResultSlot } from '../state/result-slot.js';
import { everyCachedMethodOf } from '../state/method-info.js';
import { isPathAtOrUnder } from '../state/path-under.js';
import { findBinding } from '../hierarchy/tagging.js';
import { placeUnder } from '../call/identity-of-call.js';

/**
 * Checks again what memory holds for an object and everything below it: a result that is stale by what it used, or no
 * longer what is stored, leaves memory, and with it what was computed from it. Computes nothing, and touches no disk.
 *
 * @returns how many results left memory
 * @throws InvalidOptionError where `object` is none
 * @throws StowageError `STOWAGE_DISK` where what is stored cannot be looked at; memory then holds what it held, save what is
 * known to be stale
 */
export function revalidate(object: object): number {
  checkObject(object, 'revalidate');
  const top = findBinding(object);
  if (top === undefined) return 0;
  let count = 0;
  for (const [path, analyzer] of top.root.reach.analyzers()) {
    const binding = bindingOf(analyzer);
    if (binding?.root !== top.root || !isPathAtOrUnder(path, top.path)) continue;
    for (const info of everyCachedMethodOf(analyzer)) {
      const memory = stateOf(analyzer)?.memories[info.index];
      for (const [key, slot] of [...(memory?.slots ?? [])]) {
        if (slot.isGone()) continue;
        const { identity } = slot.facts;
        const call = { info, analyzer, binding, identity, place: placeUnder(binding, identity) };
        const found = usedAt(call);
        const reason =
          found === undefined
            ? reasonWithoutRecord(slot)
            : (changeOf(slot, found.record) ?? runNow(refusal(call, found.record)));
        if (reason === undefined) continue;
        memory?.leave(key);
        count += 1 + dependents.drop(slot.name);
        tell(slot.facts, 'stale', { reason });
      }
    }
  }
  return count;
}

function changeOf({ digest, generation }: ResultSlot, record: EntryRecord): string | undefined {
  const isSame = record.digest === digest && record.generation === generation;
  return isSame ? undefined : 'another result was stored since';
}

/** What was made of nothing else is as good as when it was computed, stored or not; of the rest the record would tell. */
function reasonWithoutRecord({ name }: ResultSlot): string | undefined {
  return dependents.names().has(name) ? 'it is not stored, so that what it was made of cannot be looked at' : undefined;
}
