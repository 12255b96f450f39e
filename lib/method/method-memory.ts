/** Results of one method of one analyzer, in memory and under way. */
import type { Frame } from '../trace/frame.js';
import { memory, type Slot } from '../store/memory.js';
import type { Binding } from './instance-state.js';
import type { MethodInfo } from './method-info.js';

/** A result in memory. */
export interface ResultSlot extends Slot {
  /** Digest of the value when it was stored. */
  digest: string;
  /** Hand it out as a promise. */
  isAsync: boolean;
  /** Seconds since the epoch. */
  computedAt: number;
}

/** A computation under way. Only an asynchronous one has a promise to join. */
export interface UnderWay {
  frame: Frame;
  promise?: Promise<unknown>;
}

/** Step of the search by arguments: one level an argument. */
interface Branch {
  slot?: ResultSlot;
  next?: Map<unknown, Branch>;
}

export class MethodMemory {
  /** By call key; `''` for a plain call. */
  readonly slots = new Map<string, ResultSlot>();
  readonly underWay = new Map<string, UnderWay>();
  /** Set by `DiskCacher.setTag` and its sisters: a place of its own, until the next tagging. */
  binding: Binding | undefined;
  private branches: Branch = {};

  constructor(readonly info: MethodInfo) {}

  clear(): void {
    for (const slot of this.slots.values()) memory.drop(slot);
    this.slots.clear();
    this.underWay.clear();
    this.branches = {};
  }

  /** The result for primitive arguments, found without encoding them. */
  find(args: ArrayLike<unknown>): ResultSlot | undefined {
    let branch: Branch | undefined = this.branches;
    for (let i = 0; i < args.length; i++) {
      // A Map takes 0 and -0 for one key; a call does not.
      if (Object.is(args[i], -0)) return undefined;
      branch = branch.next?.get(args[i]);
      if (branch === undefined) return undefined;
    }
    return branch.slot;
  }

  /** Lets {@link find} find a result; arguments that are not all primitive are left to their key. */
  index(args: readonly unknown[], slot: ResultSlot): void {
    if (!args.every((arg) => isPrimitive(arg) && !Object.is(arg, -0))) return;
    let branch = this.branches;
    for (const arg of args) {
      const next = (branch.next ??= new Map<unknown, Branch>());
      let step = next.get(arg);
      if (step === undefined) next.set(arg, (step = {}));
      branch = step;
    }
    branch.slot = slot;
  }
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}
