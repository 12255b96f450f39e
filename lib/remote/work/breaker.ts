/** A remote that does not answer is left alone for a while, so that it costs one wait and not one a call. */
import { stopwatch } from '../../base/clock.js';

/** Seconds after the first failure; twice as long after each that follows. */
const FIRST_REST = 10;
const LONGEST_REST = 300;

export class Breaker {
  private until = 0;
  private rest = FIRST_REST;

  /** @param clock seconds, on a clock that never goes back */
  constructor(private readonly clock: () => number = stopwatch) {}

  /** Is the remote to be left alone now? */
  get isOpen(): boolean {
    return this.clock() < this.until;
  }

  worked(): void {
    this.until = 0;
    this.rest = FIRST_REST;
  }

  /** @returns whether that is news: several that were under way may fail one after the other */
  failed(): boolean {
    if (this.isOpen) return false;
    this.until = this.clock() + this.rest;
    this.rest = Math.min(this.rest * 2, LONGEST_REST);
    return true;
  }
}
