/** Results of one method of one analyzer, in memory and under way. */
import { seesTrailing } from '../../key/classes/significant-arguments.js';
import type { UnderWay } from '../../call/computation.js';
import type { Binding } from './binding.js';
import type { MethodInfo } from './method-info.js';
import type { ResultSlot } from './result-slot.js';

/** Step of the search by arguments: one level an argument. */
interface Branch {
  slot?: ResultSlot;
  next?: Map<unknown, Branch>;
}

/** So many arguments are looked for without an array of them. */
const FIXED_ARGUMENTS = 3;

/** What no caller can pass. */
const nothing = Symbol('nothing');

export class MethodMemory {
  /** By call key; `''` for a plain call. */
  readonly slots = new Map<string, ResultSlot>();
  readonly underWay: UnderWay = new Map();
  /** Goes up when all that is here is let go: what was under way then is not kept. */
  epoch = 0;
  /** Set by `DiskCacher.setTag` and its sisters: a place of its own, until the next tagging. */
  binding: Binding | undefined;
  private branches: Branch = {};
  private nextTidying = 1024;
  /** Arguments and result of the last search that found one. */
  private lastA: unknown = nothing;
  private lastB: unknown = undefined;
  private lastC: unknown = undefined;
  private last: ResultSlot | undefined = undefined;

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
    this.branches = {};
    this.lastA = nothing;
    this.last = undefined;
  }

  /**
   * The result for up to three primitive arguments, found without encoding them; what is not given is `undefined`, as
   * it is to a key. The arguments of the last hit are compared first: most calls in a row are the same call, and three
   * comparisons cost less than one look into a Map.
   */
  find(a: unknown, b: unknown, c: unknown): ResultSlot | undefined {
    if (a === this.lastA && b === this.lastB && c === this.lastC) {
      // To === as to a Map, 0 and -0 are the same; to a call they are not. What was found last is never -0.
      return isNegativeZero(a) || isNegativeZero(b) || isNegativeZero(c) ? undefined : this.last;
    }
    return this.search(a, b, c);
  }

  /** The same for more arguments than that. */
  findAny(...args: unknown[]): ResultSlot | undefined {
    let branch: Branch | undefined = this.branches;
    for (const arg of args) {
      branch = isNegativeZero(arg) ? undefined : branch.next?.get(arg);
      if (branch === undefined) return undefined;
    }
    return branch.slot;
  }

  private search(a: unknown, b: unknown, c: unknown): ResultSlot | undefined {
    if (isNegativeZero(a) || isNegativeZero(b) || isNegativeZero(c)) return undefined;
    const slot = this.branches.next?.get(a)?.next?.get(b)?.next?.get(c)?.slot;
    if (slot === undefined) return undefined;
    this.lastA = a;
    this.lastB = b;
    this.lastC = c;
    this.last = slot;
    return slot;
  }

  /** Lets {@link find} and {@link findAny} find a result; arguments that are not all primitive are left to their key. */
  index(args: readonly unknown[], slot: ResultSlot): void {
    if (!args.every((arg) => isPrimitive(arg) && !isNegativeZero(arg))) return;
    // `find` does not tell an argument that is `undefined` from none.
    const mayBeTakenForAnother = args.length < FIXED_ARGUMENTS || args.at(-1) === undefined;
    if (mayBeTakenForAnother && seesTrailing(this.info.original)) return;
    let branch = this.branches;
    for (let i = 0; i < Math.max(args.length, FIXED_ARGUMENTS); i++) {
      const arg = args[i];
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

function isNegativeZero(value: unknown): boolean {
  return typeof value === 'number' && value === 0 && 1 / value < 0;
}
