/** Is the owner of a claim alive, whom only its signs tell of? The clocks of hosts differ: only one's own is looked at. */
import { stopwatch } from '../../base/clock.js';

/** Seconds without a sign after which an owner is given up: three of them were missed. */
const LONGEST_SILENCE = 65;

export class OwnerWatch {
  private last: string | undefined;
  private since = 0;

  constructor(private readonly clock: () => number = stopwatch) {}

  /** @param sign its latest */
  isDead(sign: string): boolean {
    if (sign !== this.last) {
      this.last = sign;
      this.since = this.clock();
    }
    return this.clock() - this.since > LONGEST_SILENCE;
  }
}
