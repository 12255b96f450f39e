/**
 * Values in memory, under a budget of bytes. A hit sets a flag and nothing else; when the budget is full, a clock hand
 * goes round and gives every value that was used since its last visit a second chance.
 */
import * as os from 'node:os';
import { InvalidOptionError } from '../../base/errors.js';
import { moveGate } from '../../base/gate.js';

/** One result in memory. Its owner (an analyzer) holds it; the memory itself only knows it weakly. */
export interface Slot {
  /** Is `value` there? False once it was evicted or dropped. */
  kept: boolean;
  value: unknown;
  /** After an eviction: the value, for as long as the program holds it. */
  weak?: WeakRef<object>;
  /** Set by every hit, cleared by the clock hand. */
  used: boolean;
  /** Where the clock hand finds it while it is kept. */
  seat?: Seat;
  /** Called when the budget takes the value away. */
  evicted(): void;
}

/** A place in the clock's round. One whose bytes are 0 was given up. */
interface Seat {
  slot: WeakRef<Slot>;
  bytes: number;
}

/** What a value costs beside its own bytes. */
const OVERHEAD = 128;

/** The values of a process, or of a test. */
export class Memory {
  private seats: Seat[] = [];
  private hand = 0;
  private total = 0;
  private nextTidying = 1024;

  constructor(private budget: number = defaultBudget()) {}

  /** Bytes that the values here take, as far as is known. */
  get bytes(): number {
    return this.total;
  }

  /**
   * Sets the budget and evicts down to it.
   * @throws InvalidOptionError where it is no number of bytes
   */
  setBudget(bytes: number): void {
    if (typeof bytes !== 'number' || !(bytes >= 0)) {
      throw new InvalidOptionError(
        `the memory budget must be a number of bytes that is not negative, not ${String(bytes)}`,
      );
    }
    this.budget = bytes;
    this.evictTo(bytes);
  }

  /** Keeps a value in its slot. One larger than the whole budget is not kept; nothing is evicted for it. */
  keep(slot: Slot, value: unknown, bytes: number): void {
    this.drop(slot);
    const cost = bytes + OVERHEAD;
    if (cost > this.budget) {
      remember(slot, value);
      return;
    }
    this.evictTo(this.budget - cost);
    // Who was told of an eviction may have asked for this very value, and so kept it.
    this.drop(slot);
    const seat: Seat = { slot: new WeakRef(slot), bytes: cost };
    slot.kept = true;
    slot.value = value;
    slot.used = true;
    slot.seat = seat;
    this.total += cost;
    this.seats.push(seat);
    if (this.seats.length >= this.nextTidying) this.tidy();
  }

  /** Takes a value away for good. */
  drop(slot: Slot): void {
    delete slot.weak;
    if (slot.seat === undefined) return;
    this.total -= slot.seat.bytes;
    slot.seat.bytes = 0;
    delete slot.seat;
    slot.kept = false;
    slot.value = undefined;
    moveGate();
  }

  /** The hand goes round, each value at most twice, until the rest fits. */
  private evictTo(limit: number): void {
    for (let visits = 2 * this.seats.length; visits > 0 && this.total > limit; visits--) {
      if (this.hand >= this.seats.length) this.hand = 0;
      const seat = this.seats[this.hand];
      if (seat === undefined) return;
      const slot = this.occupant(seat);
      if (slot?.used === true) {
        slot.used = false;
        this.hand++;
        continue;
      }
      this.leaveSeat();
      if (slot === undefined) continue;
      const { value } = slot;
      this.drop(slot);
      remember(slot, value);
      slot.evicted();
    }
  }

  /** Who sits there; an analyzer that was collected has left, and its bytes with it. */
  private occupant(seat: Seat): Slot | undefined {
    const slot = seat.slot.deref();
    if (slot === undefined) {
      this.total -= seat.bytes;
      seat.bytes = 0;
    }
    return seat.bytes === 0 ? undefined : slot;
  }

  /** The last seat takes the place of the one that is given up: order matters little to a clock. */
  private leaveSeat(): void {
    const last = this.seats.pop();
    if (last !== undefined && this.hand < this.seats.length) this.seats[this.hand] = last;
  }

  /** Removes the seats that were given up, each time there are twice as many seats as after the last time. */
  private tidy(): void {
    this.seats = this.seats.filter((seat) => this.occupant(seat) !== undefined);
    this.nextTidying = Math.max(1024, 2 * this.seats.length);
  }
}

function remember(slot: Slot, value: unknown): void {
  if (typeof value === 'object' && value !== null) slot.weak = new WeakRef(value);
}

/**
 * A quarter of the memory that this process may use.
 * @param limit what the system allows; 0, `undefined` or an enormous number where it sets no limit, by platform and Node
 */
export function defaultBudget(total = os.totalmem(), limit = process.constrainedMemory()): number {
  return (limit > 0 ? Math.min(total, limit) : total) / 4;
}

/** The memory that all analyzers of the process share. */
export const memory = new Memory();
