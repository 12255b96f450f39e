/** Calls of one cached function: those that ask for the same at once wait for the first. */
import { Computation, drive, type Callee, type UnderWay } from '../../call/computation.js';
import { join, meet } from '../../call/join.js';
import { currentFrame, Frame } from '../../trace/frame.js';
import type { Entry } from '../shelf/shelf.js';
import { FunctionCall, type FunctionCallParts } from './function-call.js';

/** Makes the parts of a call for the frame that it will run in. */
export type MakeParts = (frame: Frame) => Omit<FunctionCallParts, 'refresh'>;

export class InFlight {
  private readonly underWay: UnderWay = new Map();

  /**
   * @returns a computation for the caller to drive, or the promise of a computation that is under way
   * @throws CycleError where the result is needed to compute itself
   */
  ask(entry: Entry, refresh: boolean, callee: Callee, parts: MakeParts): Computation | Promise<unknown> {
    const { identity, place } = entry;
    const key = `${place.alternative}\0${identity.key}`;
    const caller = currentFrame();
    const underWay = this.underWay.get(key);
    if (underWay !== undefined && meet(underWay, caller) === 'join') {
      return this.joined(underWay, caller, () => this.begin(key, entry, false, callee, parts, caller));
    }
    return this.begin(key, entry, refresh, callee, parts, caller);
  }

  private begin(
    key: string,
    { identity }: Entry,
    refresh: boolean,
    callee: Callee,
    parts: MakeParts,
    caller: Frame | undefined,
  ): Computation {
    const frame = new Frame(identity.method, this, caller);
    return new Computation(new FunctionCall({ ...parts(frame), refresh }), callee, this.underWay, key, caller);
  }

  private async joined(underWay: Computation, caller: Frame | undefined, again: () => Computation): Promise<unknown> {
    try {
      const outcome = await join(underWay, caller);
      // What lies on the shelf every caller gets a copy of; what does not has no other.
      if (!outcome.isStored) return outcome.value;
    } finally {
      caller?.noteAllOf(underWay.frame);
    }
    return await drive(again());
  }
}
