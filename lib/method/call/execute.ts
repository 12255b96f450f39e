/** From a call of the decorated method to its value: memory first, then whoever computes it already, then disk. */
import { isPromise } from 'node:util/types';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { events } from '../../base/events.js';
import { perform, run, runAsync, type Flow } from '../../base/run/flow.js';
import { hasIdentity } from '../../base/language/brand.js';
import { currentFrame, Frame, withoutNoting } from '../../trace/frame.js';
import { join as waitFor, meet } from '../../trace/join.js';
import { appoint } from '../../trace/trace-checker.js';
import type { EntryRecord } from '../../store/record/record.js';
import { callKeyOf } from './key-of-call.js';
import { isAbort } from './abort.js';
import { tell } from '../../store/entry/emit-entry-event.js';
import { identityOf, placeUnder, stillHolds, type Call } from './call.js';
import type { Outcome } from '../state/outcome.js';
import type { Claimant } from '../../store/claim/claim-request.js';
import { abandonClaim, claimAtOnce, loadOrClaim, type Turn } from '../../store/claim/wait-for-claim.js';
import { methodIdOf } from '../state/class-name.js';
import { computeAndStore } from './compute.js';
import { loadFromDisk, noteGeneration, type FromDisk } from './load-result.js';
import { bindingOf, stateFor, stateOf } from '../state/instance-state.js';
import { keep } from './remember.js';
import type { MethodInfo } from '../state/method-info.js';
import type { MethodMemory, UnderWay } from '../state/method-memory.js';
import { effectiveOptions, settings, type EffectiveOptions } from '../state/options.js';
import { hasOwnKey, ownKeyOf } from '../state/parameters.js';
import { RecordedUse } from './recorded-use.js';
import { forgetStale, stalenessWithoutRoot, type Verdict } from './validate.js';
import { noteAnalyzer, noteHidden } from '../hierarchy/parameter-watch.js';
import { lookAtParameters } from '../hierarchy/unwatched.js';
import { lookFor, noteUncached } from '../hierarchy/tagging.js';

/** How a call is answered: at once, later, or without the cache. */
type Answer = { outcome: Outcome } | { promise: Promise<Outcome> } | { uncached: unknown };

appoint<EntryRecord>({
  staleness: stalenessWithoutRoot,
  uses: (record, tmpdir) => record.trace.map((item) => new RecordedUse(item, tmpdir)),
});

/**
 * Runs a cached method on an analyzer. What it throws, an asynchronous method rejects with.
 * @throws UnkeyableArgumentError where an argument hides its state
 * @throws CycleError where the result is needed to compute itself
 */
export function execute(info: MethodInfo, analyzer: unknown, args: readonly unknown[]): unknown {
  if (!info.isAsync) return executeNow(info, analyzer, args);
  try {
    return executeNow(info, analyzer, args);
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a method may throw anything
    return Promise.reject(error);
  }
}

function executeNow(info: MethodInfo, analyzer: unknown, args: readonly unknown[]): unknown {
  if (settings.off || !hasIdentity(analyzer)) return info.original.apply(analyzer, [...args]);
  const answer = ask(info, analyzer, args, currentFrame());
  if ('uncached' in answer) return answer.uncached;
  if ('promise' in answer) return answer.promise.then(({ value }) => value);
  const { value, isAsync } = answer.outcome;
  return isAsync ? Promise.resolve(value) : value;
}

/** Memory first, then whoever computes it already, then the way to disk. */
function ask(info: MethodInfo, analyzer: object, args: readonly unknown[], caller: Frame | undefined): Answer {
  const bound = bindingOf(analyzer);
  const binding = stateOf(analyzer)?.memories[info.index]?.binding ?? bound ?? lookFor(analyzer);
  if (binding?.root.tag === undefined) {
    if (caller !== undefined && caller.analyzer !== analyzer && hasOwnKey(analyzer)) noteHidden(analyzer, caller);
    return { uncached: runUncached(info, analyzer, args) };
  }
  if (caller === undefined && binding.root.hasParameters) lookAtParameters(binding.root);

  const ownKey = withoutNoting(() => ownKeyOf(analyzer));
  if (caller !== undefined) noteAnalyzer(analyzer, caller, ownKey, bound ?? binding);
  const key = callKeyOf(info, analyzer, args, ownKey);
  const options = effectiveOptions(info.options, binding.byIndex);
  const memory = stateFor(analyzer).memoryOf(info);
  const refresh = info.options.refresh?.apply(analyzer, [...args]) === true;

  const slot = memory.slots.get(key ?? '');
  const taken = refresh ? undefined : slot?.take(options);
  if (slot !== undefined && taken !== undefined) {
    slot.hits++;
    caller?.note(slot);
    tell(slot.facts, 'hit', { reason: 'memory' });
    if (ownKey === undefined) letBeFound(info, analyzer, args, memory, options, key);
    return { outcome: { value: taken.value, isAsync: slot.facts.isAsync, slot } };
  }
  const underWay = memory.underWay.get(key ?? '');
  const isBeside = underWay !== undefined && meet(underWay, caller) === 'compute';
  if (underWay !== undefined && !isBeside) {
    return { promise: join(underWay, caller, () => askAgain(info, analyzer, args, caller)) };
  }

  const identity = identityOf(info, analyzer, binding, key);
  const call: Call = {
    info,
    options,
    analyzer,
    args,
    binding,
    memory,
    version: binding.root.version,
    epoch: memory.epoch,
    identity,
    place: placeUnder(binding, identity),
    frame: new Frame(`${identity.instance}.${identity.method}`, analyzer, caller),
    refresh: refresh || isBeside,
    generation: 0,
  };
  const answer = start(call, memory, caller);
  if (ownKey === undefined) letBeFound(info, analyzer, args, memory, options, key);
  return answer;
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

/** The same question once more, from a call that is asynchronous already. */
async function askAgain(
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  caller: Frame | undefined,
): Promise<Outcome> {
  const answer = ask(info, analyzer, args, caller);
  if ('promise' in answer) return answer.promise;
  return 'outcome' in answer ? answer.outcome : { value: await answer.uncached, isAsync: true };
}

/**
 * Joins a computation that is under way, unless it waits, itself or through others, for the one that asks. One that is
 * called off does not fail those who joined it: they ask `again`.
 */
function join(underWay: UnderWay, caller: Frame | undefined, again: () => Promise<Outcome>): Promise<Outcome> {
  return waitFor(underWay, caller).then(
    (outcome) => {
      noteIn(caller, outcome, underWay.frame);
      return outcome;
    },
    (error: unknown) => {
      if (isAbort(error, underWay.args)) return again();
      caller?.noteAllOf(underWay.frame);
      throw error;
    },
  );
}

/** Goes to disk, and computes if need be; whoever asks for the same meanwhile joins. */
function start(call: Call, memory: MethodMemory, caller: Frame | undefined): Answer {
  const key = call.identity.key ?? '';
  const underWay: UnderWay = { frame: call.frame, args: call.args };
  const finish = (): void => {
    if (memory.underWay.get(key) === underWay) memory.underWay.delete(key);
    call.frame.abandon = undefined;
    caller?.waitsFor.delete(call.frame);
  };
  call.frame.abandon = () => {
    abandonClaim(call);
    finish();
  };
  const flow = wholeWay(call, memory);
  let result: Outcome | Promise<Outcome>;
  // First, so that the caller can end it whatever happens.
  caller?.waitsFor.add(call.frame);
  try {
    memory.underWay.set(key, underWay);
    result = call.info.isAsync ? runAsync(flow) : run(flow);
  } catch (error) {
    call.frame.abandonBelow();
    if (isStackOverflow(error)) {
      abandonClaim(call);
      caller?.spoil('a call that it made ran out of stack');
    }
    finish();
    // A caller that catches the error goes on with what it came from.
    caller?.noteAllOf(call.frame);
    throw error;
  }
  if (!isPromise(result)) {
    finish();
    noteIn(caller, result, call.frame);
    return { outcome: result };
  }
  call.frame.abandon = undefined;
  underWay.promise = result.finally(finish);
  const promise = underWay.promise.then(
    (outcome) => {
      noteIn(caller, outcome, call.frame);
      return outcome;
    },
    (error: unknown) => {
      caller?.noteAllOf(call.frame);
      throw error;
    },
  );
  return { promise };
}

function* wholeWay(call: Call, memory: MethodMemory): Flow<Outcome> {
  let mayStore = true;
  let turn: Turn;
  const claimant: Claimant = {
    identity: call.identity,
    place: call.place,
    frame: call.frame,
    mayClaim: call.options.claim,
    stillHolds: () => stillHolds(call),
  };
  if (!call.refresh) {
    const look = (): Flow<FromDisk> => loadFromDisk(call, (...upstream) => recompute(call.frame, ...upstream));
    const fromDisk = yield* loadOrClaim(claimant, look, () => {
      forgetStale(call.frame.verdicts);
    });
    if (fromDisk.found) return withSlot(fromDisk.outcome, 1);
    ({ mayStore, turn } = fromDisk);
    tell(call, 'miss', fromDisk.miss);
  } else {
    noteGeneration(call);
    turn = claimAtOnce(claimant);
    tell(call, 'miss', { reason: 'refresh' });
  }
  let isOnDisk = false;
  try {
    const outcome = yield* computeAndStore(call, mayStore);
    isOnDisk = outcome.isOnDisk === true;
    return withSlot(outcome);
  } finally {
    turn.end(isOnDisk);
  }

  function withSlot(outcome: Outcome, hits = 0): Outcome {
    const slot = keep(call, memory, outcome);
    if (slot === undefined) return outcome;
    slot.hits = hits;
    const { name, digest, generation } = slot;
    call.frame.verdicts.set(name, { digest, generation } satisfies Verdict);
    return { ...outcome, slot };
  }
}

/** Computes an upstream result again, on the way of a call that wants to know whether it is still what it was. */
function* recompute(
  frame: Frame,
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  isAsync: boolean,
): Flow<Verdict> {
  const mayWait = { stale: 'it is asynchronous, and cannot be computed again on the way of a synchronous call' };
  // Who looks at a result does not need it: a circle through here is none, and is left.
  const look = new Frame(frame.name, frame.analyzer, frame);
  const asked = (): Answer => {
    frame.waitsFor.add(look);
    return ask(info, analyzer, args, look);
  };
  const verdict = (outcome: Outcome | undefined): Verdict => outcome?.slot ?? { stale: 'it cannot be stored' };
  return yield* perform<Verdict>({
    sync() {
      if (isAsync || info.isAsync) return mayWait;
      look.look = {};
      try {
        const answer = asked();
        if ('outcome' in answer) return verdict(answer.outcome);
        if ('promise' in answer) answer.promise.catch(() => undefined);
        return mayWait;
      } catch (error) {
        return { stale: `computing it again failed: ${String(error)}` };
      } finally {
        frame.waitsFor.delete(look);
      }
    },
    async async() {
      const left = new Promise<Verdict>((resolve) => {
        look.look = {
          leave() {
            frame.waitsFor.delete(look);
            resolve({ stale: 'it is being computed by what waits for this result' });
          },
        };
      });
      try {
        const answer = asked();
        if ('promise' in answer) return await Promise.race([answer.promise.then(verdict), left]);
        return verdict('outcome' in answer ? answer.outcome : undefined);
      } catch (error) {
        return { stale: `computing it again failed: ${String(error)}` };
      } finally {
        frame.waitsFor.delete(look);
      }
    },
  });
}

/** Notes in the caller's frame what it used: the result, or, where that could not be stored, what the result used. */
function noteIn(caller: Frame | undefined, outcome: Outcome, frame: Frame): void {
  if (caller === undefined) return;
  if (outcome.slot !== undefined) caller.note(outcome.slot);
  else caller.noteAllOf(frame);
}

/** Lets the next such call be answered without asking for its key, where nothing else has to be asked. */
function letBeFound(
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  memory: MethodMemory,
  options: EffectiveOptions,
  key: string | undefined,
): void {
  const simple = options.mutation === 'share' && options.lifetime === Infinity && info.options.refresh === undefined;
  const slot = memory.slots.get(key ?? '');
  if (!simple || slot === undefined || slot.facts.isAsync || memory.binding !== undefined) return;
  // Then parameters are to be looked at first.
  if (slot.facts.usesOthers && bindingOf(analyzer)?.root.hasParameters === true) return;
  if (args.length === 0 && key === undefined) stateFor(analyzer).plain[info.index] = slot;
  else if (key !== undefined && info.options.key === undefined) memory.index(args, slot);
}
