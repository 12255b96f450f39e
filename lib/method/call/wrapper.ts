/** The function that stands in a cached method's place. */
import { events } from '../../base/events.js';
import { gate } from '../../base/gate.js';
import { currentFrame, inFlight } from '../../trace/frame.js';
import { answering } from '../../call/computation.js';
import { isPlaceKnown } from '../hierarchy/standing.js';
import { reply } from './ask.js';
import { returnsPromise } from '../../base/run/returns-promise.js';
import type { ResultSlot } from '../state/result-slot.js';
import { stateKey, type InstanceState, type WithState } from '../state/instance-state.js';
import type { AnyFunction } from '../../base/language/decorating.js';
import { nextIndex, registerMethod, type MethodInfo } from '../state/method-info.js';
import type { CheckedOptions } from '../state/options.js';

/**
 * Wraps a method; the function for its place is the answer's `wrapper`. A hit in memory costs a few loads and
 * comparisons: nothing is allocated, asked or looked up while the gate stands where it stood. Where a computation is
 * running, it is noted there.
 */
export function wrap(
  original: AnyFunction,
  kind: MethodInfo['kind'],
  label: string,
  options: CheckedOptions,
  file?: string,
): MethodInfo {
  const index = nextIndex();
  // Passed on by `apply` alone, and read by fixed indices, the arguments never become an array on the fast way.
  const wrapper: AnyFunction = function (this: unknown, ...args) {
    const state = (this as WithState | undefined)?.[stateKey];
    if (state !== undefined) {
      const slot =
        args.length === 0
          ? state.plain[index]
          : args.length <= 3
            ? state.memories[index]?.find(args[0], args[1], args[2])
            : state.memories[index]?.findAny(...args);
      if (slot !== undefined && state.owner === this && (slot.freeAt === gate.now || isFree(this, state, slot))) {
        slot.used = true;
        slot.hits++;
        return slot.value;
      }
    }
    return further.apply(this, args);
  };
  const isAsync = returnsPromise(original);
  const info: MethodInfo = { index, label, kind, original, wrapper, options, isAsync, file };
  Object.defineProperty(wrapper, 'name', { value: original.name, configurable: true });
  Object.defineProperty(wrapper, 'length', { value: original.length, configurable: true });
  const further = answering((analyzer, args) => reply(info, analyzer, args), isAsync);
  registerMethod(info);
  return info;
}

/** May a result be handed out? Where nothing is being computed, it may until the gate moves on. */
function isFree(analyzer: object, state: InstanceState, slot: ResultSlot): boolean {
  // The value of a slot that is not kept is undefined; most are kept and something else. One that is gone is not noted.
  const isThere = slot.value !== undefined || slot.kept;
  if (!isThere || state.version !== state.binding?.root.version || events.heard.hit) return false;
  if (inFlight.count > 0) return noteNested(analyzer, state, slot);
  slot.freeAt = gate.now;
  return true;
}

/**
 * Notes a hit in the running computation, if there is one. @returns whether that was all: what else a result of another
 * analyzer stands for is noted on the long way
 */
function noteNested(analyzer: object, { binding }: InstanceState, slot: ResultSlot): boolean {
  const frame = currentFrame();
  if (frame === undefined || slot.notedIn === frame.round) return true;
  if (frame.analyzer !== analyzer && (binding === undefined || !isPlaceKnown(analyzer, binding, frame.analyzer)))
    return false;
  slot.noteIn(frame);
  return true;
}
