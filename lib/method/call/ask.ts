/** How a call of a cached method is answered: from memory, by the computation under way, or by one that begins. */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { events } from '../../base/events.js';
import { hasIdentity } from '../../base/language/brand.js';
import { settings } from '../../base/settings.js';
import { isAbort } from '../../call/abort.js';
import { Computation, drive, type Reply } from '../../call/computation.js';
import { join, meet } from '../../call/join.js';
import type { Outcome } from '../../call/question.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import type { EntryRecord } from '../../store/record/record.js';
import { currentFrame, withoutNoting, type Frame } from '../../trace/frame.js';
import { appoint } from '../../trace/trace-checker.js';
import { noteAnalyzer, noteHidden } from '../hierarchy/parameter-watch.js';
import { noteUncached } from '../hierarchy/late.js';
import { lookFor } from '../hierarchy/tagging.js';
import { lookAtParameters } from '../hierarchy/unwatched.js';
import { methodIdOf } from '../state/class-name.js';
import { bindingOf, stateFor, stateOf } from '../state/instance-state.js';
import type { MethodInfo } from '../state/method-info.js';
import { effectiveOptions } from '../state/options.js';
import { hasOwnKey, ownKeyOf } from '../state/parameters.js';
import { MethodCall } from './call.js';
import { codeUseOfUncached } from './code-use.js';
import { callKeyOf } from './key-of-call.js';
import { FrozenCopy } from '../../codec/shared/frozen-copy.js';
import type { MethodCallParts } from './one-call.js';
import { isRefused } from './refusal.js';
import { letBeFound } from './remember.js';
import { recompute, type Answer } from './recompute.js';
import { RecordedUse } from './recorded-use.js';
import { stalenessWithoutRoot } from './validate.js';

appoint<EntryRecord>({
  staleness: stalenessWithoutRoot,
  uses: (record, tmpdir) => record.trace.map((item) => new RecordedUse(item, tmpdir)),
});

/**
 * Asks for the value of a call, on behalf of the running computation. What it throws, an asynchronous method rejects with.
 * @throws UnkeyableArgumentError where an argument hides its state
 * @throws CycleError where the result is needed to compute itself
 */
export function reply(info: MethodInfo, analyzer: unknown, args: readonly unknown[]): Reply {
  if (settings.off || !hasIdentity(analyzer)) return { value: info.original.apply(analyzer, [...args]) };
  const answer = ask(info, analyzer, args, currentFrame());
  if (answer instanceof Computation) return answer;
  if ('uncached' in answer) return { value: answer.uncached };
  if ('joined' in answer) return { value: valueOf(answer.joined) };
  const { value, isAsync } = answer.outcome;
  return { value: isAsync ? Promise.resolve(value) : value };
}

function isRefreshed({ options: { refresh } }: MethodInfo, analyzer: object, args: readonly unknown[]): boolean {
  return typeof refresh === 'function' ? refresh.apply(analyzer, [...args]) : refresh === true;
}

async function valueOf(joined: Promise<Outcome>): Promise<unknown> {
  return (await joined).value;
}

function ask(info: MethodInfo, analyzer: object, args: readonly unknown[], caller: Frame | undefined): Answer {
  const bound = bindingOf(analyzer);
  const binding = stateOf(analyzer)?.memories[info.index]?.binding ?? bound ?? lookFor(analyzer);
  if (binding?.root.tag === undefined) {
    if (caller !== undefined && caller.analyzer !== analyzer && hasOwnKey(analyzer)) noteHidden(analyzer, caller);
    caller?.note(codeUseOfUncached(info));
    return { uncached: runUncached(info, analyzer, args) };
  }
  if (caller === undefined && binding.root.reach.hasParameters) lookAtParameters(binding.root);

  const ownKey = withoutNoting(() => ownKeyOf(analyzer));
  if (caller !== undefined) noteAnalyzer(analyzer, caller, ownKey, bound ?? binding);
  const key = callKeyOf(info, analyzer, args, ownKey);
  const options = effectiveOptions(info.options, binding.byIndex);
  const memory = stateFor(analyzer).memoryOf(info);
  const refresh = isRefreshed(info, analyzer, args);
  const parts: MethodCallParts = { info, options, analyzer, args, binding, memory, key, ownKey, caller, refresh };

  const slot = memory.slots.get(key ?? '');
  const taken = refresh || (slot !== undefined && isRefused(slot, info, analyzer)) ? undefined : slot?.take(options);
  if (slot !== undefined && taken !== undefined) {
    slot.hits++;
    if (caller !== undefined) slot.noteIn(caller);
    tell(slot.facts, 'hit', { reason: 'memory' });
    letBeFound(parts);
    return { outcome: { value: taken.value, isAsync: slot.facts.isAsync, isStored: true, use: slot } };
  }
  const underWay = memory.underWay.get(key ?? '');
  if (underWay !== undefined) {
    if (meet(underWay, caller) === 'join') return { joined: joined(underWay, parts) };
    parts.refresh = true;
  }
  const call: MethodCall = new MethodCall(parts, (...upstream) => recompute(ask, call.frame, ...upstream));
  const callee = { fn: info.original, self: analyzer, args, isAsync: info.isAsync };
  return new Computation(call, callee, memory.underWay, key ?? '', caller);
}

function runUncached(info: MethodInfo, analyzer: object, args: readonly unknown[]): unknown {
  if (events.heard.untagged) {
    events.tell({ type: 'untagged', tag: '', instance: '', method: methodIdOf(info, analyzer) });
  }
  const state = stateOf(analyzer);
  if (state?.costSinceLook === undefined) return info.original.apply(analyzer, [...args]);
  const begin = stopwatch();
  try {
    return info.original.apply(analyzer, [...args]);
  } finally {
    noteUncached(state, analyzer, elapsedSince(begin));
  }
}

/** What a computation under way comes to. One that is called off does not fail those who joined it: they ask again. */
async function joined(underWay: Computation, parts: MethodCallParts): Promise<Outcome> {
  const { info, options, analyzer, args, memory, key, caller } = parts;
  try {
    const outcome = await join(underWay, caller);
    if (outcome.use !== undefined) caller?.note(outcome.use);
    else underWay.passOn(caller);
    const slot = memory.slots.get(key ?? '');
    const isCopied = options.mutation === 'copy' || slot?.value instanceof FrozenCopy;
    const copy = isCopied ? slot?.take(options) : undefined;
    return { ...outcome, ...copy };
  } catch (error) {
    if (!isAbort(error, underWay.callee.args)) {
      underWay.passOn(caller);
      throw error;
    }
  }
  const answer = ask(info, analyzer, args, caller);
  if (answer instanceof Computation) {
    const value = await drive(answer);
    return answer.outcome ?? { value, isAsync: true, isStored: false };
  }
  if ('joined' in answer) return answer.joined;
  return 'outcome' in answer ? answer.outcome : { value: await answer.uncached, isAsync: true, isStored: false };
}
