/** Into memory: under the budget, as a copy where that is wanted, and never two results on the same bytes. */
import type { Encoded } from '../../codec/shared/codec.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { stillHolds, type Call } from './call.js';
import type { Outcome } from '../state/outcome.js';
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import { dependents } from '../../trace/dependents.js';
import type { MethodMemory } from '../state/method-memory.js';
import { regionsOf, RegionRegister } from './shared-buffers.js';
import { ResultSlot } from '../state/result-slot.js';
import { showResult } from './show-results.js';

const register = new RegionRegister<ResultSlot>();

/**
 * Keeps a result for the next call. The answer is its slot even where the value is not kept, so that whoever uses the
 * result can note what it was.
 */
export function keep(call: Call, memory: MethodMemory, outcome: Outcome): ResultSlot | undefined {
  showResult(outcome.value);
  if (outcome.stored === undefined) return undefined;
  const { encoded, madeOf, ...facts } = outcome.stored;
  const { tmpdir } = call.binding.root;
  const usesOthers = madeOf.some(({ name }) => !name.startsWith('file '));
  const slot = new ResultSlot({
    tmpdir,
    identity: call.identity,
    isAsync: outcome.isAsync,
    usesOthers,
    attached: !call.binding.isLate,
    ...facts,
  });
  // Those who used another value of it are out of date.
  dependents.drop(slot.name, slot.digest);
  dependents.enter(madeOf, slot);
  if (!stillHolds(call)) return slot;
  if (call.options.mutation === 'copy') {
    const copy = frozen(slot, outcome.value, encoded);
    if (copy === undefined) return slot;
    slot.keep(copy);
  } else {
    slot.watch(outcome.value);
    const regions = regionsOf(outcome.value);
    const key = call.identity.key ?? '';
    if (!mayLiveIn(regions, slot, memory.slots.get(key))) {
      memory.leave(key);
      return slot;
    }
    slot.keep(outcome.value);
    register.enter(regions, slot);
  }
  memory.enter(call.identity.key ?? '', slot);
  return slot;
}

function frozen(slot: ResultSlot, value: unknown, encoded: Encoded | undefined): FrozenCopy | undefined {
  const { codec } = slot.facts;
  try {
    return new FrozenCopy(codec, encoded ?? codec.encode(value));
  } catch {
    // A codec of the user's own does not take what it gave: there is no copy to keep.
    return undefined;
  }
}

/** A result on bytes that another result in memory has is not kept; and the other goes, if it has been written over. */
function mayLiveIn(regions: ReturnType<typeof regionsOf>, slot: ResultSlot, before: ResultSlot | undefined): boolean {
  const others = register.sharing(regions, slot).filter((other) => other.isFindable && other !== before);
  for (const other of others) {
    if (!other.hasChanged()) continue;
    other.drop();
    tell(other.facts, 'mutated', { reason: 'another result was written over its array; it is loaded again' });
  }
  return others.length === 0;
}
