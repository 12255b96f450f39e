/** Results of one method of one analyzer, in memory and under way. */
import { seesTrailing } from '../../key/classes/significant-arguments.js';
import type { UnderWay } from '../../call/computation.js';
import type { Binding } from './binding.js';
import type { MethodInfo } from './method-info.js';
import type { ResultSlot } from './result-slot.js';

/** So many arguments are looked for without an array of them. */
const FIXED_ARGUMENTS = 3;

/** Results for one first argument: most have one second and third, which are compared; the others are looked up. */
interface Branch {
  b: unknown;
  c: unknown;
  slot: ResultSlot;
  others: Map<unknown, Map<unknown, ResultSlot>> | undefined;
}

/** Step of the search by more arguments: one level an argument. */
interface LongBranch {
  slot?: ResultSlot;
  next?: Map<unknown, LongBranch>;
}

export class MethodMemory {
  /** By call key; `''` for a plain call. */
  readonly slots = new Map<string, ResultSlot>();
  readonly underWay: UnderWay = new Map();
  /** Goes up when all that is here is let go: what was under way then is not kept. */
  epoch = 0;
  /** Set by `DiskCacher.setTag` and its sisters: a place of its own, until the next tagging. */
  binding: Binding | undefined;
  private readonly branches = new Map<unknown, Branch>();
  private longBranches: LongBranch = {};
  private nextTidying = 1024;

  constructor(readonly info: MethodInfo) {}

  clear(): void {
    this.epoch++;
    for (const slot of this.slots.values()) slot.drop();
    this.slots.clear();
    this.underWay.clear();
    this.forgetArguments();
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
    this.forgetArguments();
    this.nextTidying = Math.max(1024, 2 * this.slots.size);
  }

  private forgetArguments(): void {
    this.branches.clear();
    this.longBranches = {};
  }

  /**
   * The result for up to three primitive arguments, found without encoding them; what is not given is `undefined`, as
   * it is to a key.
   */
  find(a: unknown, b: unknown, c: unknown): ResultSlot | undefined {
    const branch = this.branches.get(a);
    if (branch === undefined) return undefined;
    const slot = branch.b === b && branch.c === c ? branch.slot : branch.others?.get(b)?.get(c);
    // To === as to a Map, 0 and -0 are the same; to a call they are not. What is found here was never called with -0.
    return slot === undefined || isNegativeZero(a) || isNegativeZero(b) || isNegativeZero(c) ? undefined : slot;
  }

  /** The same for more arguments than that. */
  findAny(...args: unknown[]): ResultSlot | undefined {
    let branch: LongBranch | undefined = this.longBranches;
    for (const arg of args) {
      branch = isNegativeZero(arg) ? undefined : branch.next?.get(arg);
      if (branch === undefined) return undefined;
    }
    return branch.slot;
  }

  /** Lets {@link find} and {@link findAny} find a result; arguments that are not all primitive are left to their key. */
  index(args: readonly unknown[], slot: ResultSlot): void {
    if (!args.every((arg) => isPrimitive(arg) && !isNegativeZero(arg))) return;
    // `find` does not tell an argument that is `undefined` from none.
    const mayBeTakenForAnother = args.length < FIXED_ARGUMENTS || args.at(-1) === undefined;
    if (mayBeTakenForAnother && seesTrailing(this.info.original)) return;
    if (args.length > FIXED_ARGUMENTS) this.indexLong(args, slot);
    else this.indexShort(args[0], args[1], args[2], slot);
  }

  private indexShort(a: unknown, b: unknown, c: unknown, slot: ResultSlot): void {
    let branch = this.branches.get(a);
    if (branch === undefined) this.branches.set(a, (branch = { b, c, slot, others: undefined }));
    if (branch.b === b && branch.c === c) {
      branch.slot = slot;
      return;
    }
    // Another than the first, or a NaN, which no comparison finds.
    const others = (branch.others ??= new Map<unknown, Map<unknown, ResultSlot>>());
    let last = others.get(b);
    if (last === undefined) others.set(b, (last = new Map<unknown, ResultSlot>()));
    last.set(c, slot);
  }

  private indexLong(args: readonly unknown[], slot: ResultSlot): void {
    let branch = this.longBranches;
    for (const arg of args) {
      const next = (branch.next ??= new Map<unknown, LongBranch>());
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

function isNegativeZero(value: unknown): boolean {
  return typeof value === 'number' && value === 0 && 1 / value < 0;
}
