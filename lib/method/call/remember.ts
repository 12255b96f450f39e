/** Into memory: under the budget, as a copy where that is wanted, and never two results on the same bytes. */
import type { Encoded } from '../../codec/shared/codec.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import type { Outcome } from '../../call/question.js';
import { bindingOf, stateFor } from '../state/instance-state.js';
import type { MethodCallParts, OneCall } from './one-call.js';
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import { dependents } from '../../trace/dependents.js';
import { holdsPerishing, regionsOf, RegionRegister } from './shared-buffers.js';
import { slotOfResult, type ResultSlot } from '../state/result-slot.js';
import { ingredientsOf } from '../state/use-name.js';
import { showResult } from './show-results.js';

const register = new RegionRegister<ResultSlot>();

/**
 * Keeps a result for the next call. The answer is its slot even where the value is not kept, so that a computation that uses the
 * result can note what it was.
 */
export function keep(call: OneCall, outcome: Outcome, isFound: boolean): ResultSlot | undefined {
  const { value, facts, encoded, isAsync } = outcome;
  showResult(value);
  if (facts === undefined) return undefined;
  const { memory } = call.parts;
  const { root } = call.binding;
  const madeOf = facts.trace.length === 0 ? [] : ingredientsOf(facts.trace, root.tmpdir, root.scope);
  if (isFound && dependents.haveChangedSince(call.changes, () => madeOf)) {
    call.frame.spoil('something that a stored result was made of changed while it was loaded');
    return undefined;
  }
  const slot = slotOfResult(call, facts, isAsync);
  // Those who used another value of it are out of date.
  dependents.drop(slot.name, slot.digest);
  dependents.enter(madeOf, slot);
  if (!call.stillHolds()) return slot;
  if (call.options.mutation === 'copy' || holdsPerishing(value)) {
    const copy = frozen(slot, value, encoded);
    if (copy === undefined) return slot;
    slot.keep(copy);
  } else {
    slot.watch(value);
    const regions = regionsOf(value);
    const key = call.identity.key ?? '';
    if (!mayLiveIn(regions, slot, memory.slots.get(key))) {
      memory.leave(key);
      return slot;
    }
    slot.keep(value);
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

/** Lets the next such call be answered without asking for its key, where nothing else has to be asked. */
export function letBeFound({ info, analyzer, args, memory, options, key, ownKey }: MethodCallParts): void {
  if (ownKey !== undefined) return;
  const { refresh = false, validate } = info.options;
  const isFree = refresh === false && validate === undefined;
  const simple = options.mutation === 'share' && options.lifetime === Infinity && isFree;
  const slot = memory.slots.get(key ?? '');
  if (
    !simple ||
    slot === undefined ||
    slot.value instanceof FrozenCopy ||
    slot.facts.isAsync ||
    memory.binding !== undefined
  )
    return;
  // Then parameters are to be looked at first.
  if (slot.facts.usesOthers && bindingOf(analyzer)?.root.reach.hasParameters === true) return;
  if (args.length === 0 && key === undefined) stateFor(analyzer).plain[info.index] = slot;
  else if (key !== undefined && info.options.key === undefined) memory.index(args, slot);
}
