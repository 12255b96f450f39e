/** Results of one method of one analyzer, in memory and under way. */
import type { Frame } from '../trace/frame.js';
import type { Outcome } from './call.js';
import type { Binding } from './binding.js';
import type { MethodInfo } from './method-info.js';
import type { ResultSlot } from './result-slot.js';

/** A computation under way. Only an asynchronous one has a promise to join. */
export interface UnderWay {
  frame: Frame;
  args: readonly unknown[];
  promise?: Promise<Outcome>;
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
  private nextTidying = 1024;

  constructor(readonly info: MethodInfo) {}

  clear(): void {
    for (const slot of this.slots.values()) slot.drop();
    this.slots.clear();
    this.underWay.clear();
    this.branches = {};
  }

  /** Another result under a key; the one before it leaves memory. */
  enter(key: string, slot: ResultSlot): void {
    this.leave(key);
    this.slots.set(key, slot);
    if (this.slots.size >= this.nextTidying) this.tidy();
  }

  /** The result under a key, if any, leaves memory. */
  leave(key: string): void {
    this.slots.get(key)?.drop();
    this.slots.delete(key);
  }

  /** Forgets calls whose values are gone, each time there are twice as many as after the last time. */
  private tidy(): void {
    for (const [key, slot] of this.slots) if (slot.isGone()) this.slots.delete(key);
    this.branches = {};
    this.nextTidying = Math.max(1024, 2 * this.slots.size);
  }

  /** The result for primitive arguments, found without encoding them. */
  find(args: readonly unknown[]): ResultSlot | undefined {
    let branch: Branch | undefined = this.branches;
    for (const arg of args) {
      // A Map takes 0 and -0 for one key; a call does not.
      if (Object.is(arg, -0)) return undefined;
      branch = branch.next?.get(arg);
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
