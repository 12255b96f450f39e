/** What hangs on an analyzer: where it belongs, and its results in memory. */
import type { Binding } from './binding.js';
import { MethodMemory } from './method-memory.js';
import type { MethodInfo } from './method-info.js';
import type { ResultSlot } from './result-slot.js';

/** What hangs on one analyzer. */
export class InstanceState {
  binding: Binding | undefined;
  /** The root's version at which the memory here was right. */
  version = -1;
  /** Results of plain calls that may be handed out without further questions, by the method's number. */
  plain: (ResultSlot | undefined)[] = [];
  /** Everything in memory, by the method's number. */
  memories: (MethodMemory | undefined)[] = [];
  /** Untagged by hand: not to be found again before the next tagging. */
  leftOut = false;
  /** What its uncached calls have cost since it was last looked for; absent before the first look. */
  costSinceLook: number | undefined;

  /** @param owner the analyzer: an object that merely inherits from it must not take its state for its own */
  constructor(readonly owner: object) {}

  memoryOf(info: MethodInfo): MethodMemory {
    return (this.memories[info.index] ??= new MethodMemory(info));
  }

  dropMemoryOf(info: MethodInfo): void {
    this.plain[info.index] = undefined;
    this.memories[info.index]?.clear();
  }

  dropCall(info: MethodInfo, key: string | undefined): void {
    this.memories[info.index]?.leave(key ?? '');
  }

  bind(binding: Binding | undefined): void {
    this.dropMemory();
    this.memories = [];
    this.binding = binding;
    this.version = binding?.root.version ?? -1;
  }

  dropMemory(): void {
    this.plain = [];
    for (const memory of this.memories) memory?.clear();
  }
}

/** The key of the state on an analyzer: a symbol, not enumerable, so that no loop and no serializer meets it. */
export const stateKey: unique symbol = Symbol('stowage.state');

/** An object as the fast way sees it. */
export interface WithState {
  [stateKey]?: InstanceState;
}

/** Objects that cannot take another property. */
const ofFrozen = new WeakMap<object, InstanceState>();

/** The state of an object, if it has one of its own. */
export function stateOf(object: object): InstanceState | undefined {
  const state = (object as WithState)[stateKey];
  return state?.owner === object ? state : ofFrozen.get(object);
}

/** The state of an object, made if need be. */
export function stateFor(object: object): InstanceState {
  const known = stateOf(object);
  if (known !== undefined) return known;
  const state = new InstanceState(object);
  const attached =
    Object.isExtensible(object) &&
    Reflect.defineProperty(object, stateKey, { value: state, configurable: true, enumerable: false, writable: true });
  if (!attached || stateOf(object) !== state) ofFrozen.set(object, state);
  return state;
}

/**
 * Brings a state up to date with its root: what was cleared is dropped from memory, and an analyzer that the last
 * tagging did not reach is let go. The answer is the binding, if one is left.
 */
export function currentBinding(state: InstanceState): Binding | undefined {
  const { binding } = state;
  if (binding === undefined) return undefined;
  const { root } = binding;
  if (state.version !== root.version) {
    if (root.tag === undefined || binding.tagging !== root.tagging) {
      state.bind(undefined);
      return undefined;
    }
    if (root.affects(binding.path, state.version)) state.dropMemory();
    state.version = root.version;
  }
  return binding;
}

/** Where an object stands now, if a root has it. */
export function bindingOf(object: object): Binding | undefined {
  const state = stateOf(object);
  return state === undefined ? undefined : currentBinding(state);
}
