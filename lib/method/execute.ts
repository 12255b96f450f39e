/** From a call of the decorated method to its value: memory first, then whoever computes it already, then disk. */
import { elapsedSince, stopwatch } from '../base/clock.js';
import { CycleError } from '../base/errors.js';
import { events } from '../base/events.js';
import { run, runAsync, type Flow } from '../base/flow.js';
import { callKeyDigest } from '../key/canonical.js';
import { hasIdentity } from '../base/brand.js';
import { currentFrame, Frame, wayOfWaiting } from '../trace/frame.js';
import { isAbort } from './abort.js';
import { identityOf, placeUnder, tell, type Call, type Outcome } from './call.js';
import { claimAtOnce, loadOrClaim, type Turn } from './claiming.js';
import { methodIdOf } from './class-name.js';
import { computeAndStore } from './compute.js';
import { bindingOf, stateFor, stateOf } from './instance-state.js';
import { keep } from './keep.js';
import type { MethodInfo } from './method-info.js';
import type { MethodMemory, UnderWay } from './method-memory.js';
import { effectiveOptions, settings, type EffectiveOptions } from './options.js';
import { ownKeyOf } from './parameter.js';
import { lookFor, noteUncached } from './tagging.js';

/**
 * Runs a cached method on an analyzer.
 * @throws UnkeyableArgumentError where an argument hides its state
 * @throws CycleError where the result is needed to compute itself
 */
export function execute(info: MethodInfo, analyzer: unknown, args: readonly unknown[]): unknown {
  if (settings.off || !hasIdentity(analyzer)) return info.original.apply(analyzer, [...args]);
  const found = bindingOf(analyzer) ?? lookFor(analyzer);
  const binding = stateOf(analyzer)?.memories[info.index]?.binding ?? found;
  if (binding?.root.tag === undefined) return runUncached(info, analyzer, args);

  const ownKey = ownKeyOf(analyzer);
  const key = callKeyOf(info, analyzer, args, ownKey);
  const options = effectiveOptions(info.options, binding.byIndex);
  const memory = stateFor(analyzer).memoryOf(info);
  const refresh = info.options.refresh?.apply(analyzer, [...args]) === true;
  const caller = currentFrame();

  const slot = memory.slots.get(key ?? '');
  const taken = refresh ? undefined : slot?.take(options);
  if (slot !== undefined && taken !== undefined) {
    caller?.note(slot);
    tell(slot.facts, 'hit', { reason: 'memory' });
    if (ownKey === undefined) letBeFound(info, analyzer, args, memory, options, key);
    return slot.facts.isAsync ? Promise.resolve(taken.value) : taken.value;
  }
  const underWay = memory.underWay.get(key ?? '');
  if (underWay !== undefined) return join(underWay, caller, () => execute(info, analyzer, args));

  const identity = identityOf(info, analyzer, binding, key);
  const call: Call = {
    info,
    options,
    analyzer,
    args,
    binding,
    version: binding.root.version,
    identity,
    place: placeUnder(binding, identity),
    frame: new Frame(`${identity.instance}.${identity.method}`),
    refresh,
  };
  const value = start(call, memory, caller);
  if (ownKey === undefined) letBeFound(info, analyzer, args, memory, options, key);
  return value;
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

/** The key of a call; `undefined` for a plain one. */
export function callKeyOf(
  info: MethodInfo,
  analyzer: object,
  args: readonly unknown[],
  ownKey: unknown = ownKeyOf(analyzer),
): string | undefined {
  const { options } = info;
  const said = options.key === undefined ? args : [options.key.apply(analyzer, [...args])];
  const subject = options.args === 'ignore' && options.key === undefined ? [] : said;
  if (subject.length === 0 && ownKey === undefined) return undefined;
  return callKeyDigest(subject, { ownKey, identify: identityOfAnalyzer });
}

/** A tagged analyzer as an argument is known by its place. */
function identityOfAnalyzer(object: object): string | undefined {
  const binding = bindingOf(object);
  if (binding === undefined) return undefined;
  const { root, path, concrete } = binding;
  return JSON.stringify([root.prefix, root.tag, path, root.className, root.nameOf(concrete)]);
}

/**
 * Joins a computation that is under way, unless it waits, itself or through others, for the one that asks. One that is
 * called off does not fail those who joined it: they call `again`.
 */
function join(underWay: UnderWay, caller: Frame | undefined, again: () => unknown): unknown {
  const way = caller === undefined ? undefined : wayOfWaiting(underWay.frame, caller);
  if (way !== undefined || underWay.promise === undefined) {
    const names = [...(way ?? [underWay.frame]), underWay.frame].map((frame) => frame.name);
    throw new CycleError(
      `${underWay.frame.name} is needed to compute itself: ${names.join(' → ')}. ` +
        'Break the circle, or tell the calls apart by an argument',
    );
  }
  caller?.waitsFor.add(underWay.frame);
  return underWay.promise.then(
    (outcome) => {
      caller?.waitsFor.delete(underWay.frame);
      noteIn(caller, outcome, underWay.frame);
      return outcome.value;
    },
    (error: unknown) => {
      caller?.waitsFor.delete(underWay.frame);
      if (isAbort(error, underWay.args)) return again();
      throw error;
    },
  );
}

/** Goes to disk, and computes if need be; whoever asks for the same meanwhile joins. */
function start(call: Call, memory: MethodMemory, caller: Frame | undefined): unknown {
  const key = call.identity.key ?? '';
  const underWay: UnderWay = { frame: call.frame, args: call.args };
  memory.underWay.set(key, underWay);
  caller?.waitsFor.add(call.frame);
  const finish = (): void => {
    caller?.waitsFor.delete(call.frame);
    if (memory.underWay.get(key) === underWay) memory.underWay.delete(key);
  };
  const flow = wholeWay(call, memory);
  let result: Outcome | Promise<Outcome>;
  try {
    result = call.info.isAsync ? runAsync(flow) : run(flow);
  } catch (error) {
    finish();
    throw error;
  }
  if (!(result instanceof Promise)) {
    finish();
    noteIn(caller, result, call.frame);
    return result.isAsync ? Promise.resolve(result.value) : result.value;
  }
  underWay.promise = result.finally(finish);
  return underWay.promise.then((outcome) => {
    noteIn(caller, outcome, call.frame);
    return outcome.value;
  });
}

function* wholeWay(call: Call, memory: MethodMemory): Flow<Outcome> {
  let mayStore = true;
  let turn: Turn;
  if (!call.refresh) {
    const fromDisk = yield* loadOrClaim(call);
    if (fromDisk.found) return withSlot(fromDisk.outcome);
    ({ mayStore, turn } = fromDisk);
    tell(call, 'miss', fromDisk.miss);
  } else {
    turn = claimAtOnce(call);
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

  function withSlot(outcome: Outcome): Outcome {
    const slot = keep(call, memory, outcome);
    return slot === undefined ? outcome : { ...outcome, slot };
  }
}

/** Notes in the caller's frame what it used: the result, or, where that could not be stored, what the result used. */
function noteIn(caller: Frame | undefined, outcome: Outcome, frame: Frame): void {
  if (caller === undefined) return;
  if (outcome.slot !== undefined) caller.note(outcome.slot);
  else for (const use of frame.uses.values()) caller.note(use);
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
  if (args.length === 0 && key === undefined) stateFor(analyzer).plain[info.index] = slot;
  else if (key !== undefined && info.options.key === undefined) memory.index(args, slot);
}
