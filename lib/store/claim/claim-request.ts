import type { Waiting } from '../../base/run/waiting.js';
import type { Identity } from '../record/identity.js';
import type { Place } from '../entry/place.js';

/** A call as its claim needs to know it. */
export interface Claimant {
  identity: Identity;
  place: Place;
  /** Stands for it among those who wait for each other. */
  frame: Waiting;
  /** Does it make use of claims at all? */
  mayClaim: boolean;
  /** Will its result be wanted, as far as is known? No call waits for one whose result will not be stored. */
  stillHolds(): boolean;
}
