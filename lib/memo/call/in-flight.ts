/** Calls of one cached function: those that ask for the same at once wait for the first. */
import { isAbort } from '../../call/abort.js';
import { Computation, drive, type Callee, type Reply, type UnderWay } from '../../call/computation.js';
import { join, meet } from '../../call/join.js';
import { currentFrame, Frame } from '../../trace/frame.js';
import type { Entry } from '../shelf/shelf.js';
import { FunctionCall, type FunctionCallParts } from './function-call.js';

/** Makes the parts of a call for the frame that it will run in. */
export type MakeParts = (frame: Frame) => Omit<FunctionCallParts, 'refresh'>;

export class InFlight {
  private readonly underWay: UnderWay = new Map();

  /** @throws CycleError where the result is needed to compute itself */
  ask(entry: Entry, refresh: boolean, callee: Callee, parts: MakeParts, caller = currentFrame()): Reply {
    const { identity, place } = entry;
    const key = `${place.alternative}\0${identity.key}`;
    const underWay = this.underWay.get(key);
    if (underWay !== undefined && meet(underWay, caller) === 'join') {
      return {
        value: this.joined(underWay, caller, {
          load: () => this.begin(key, entry, false, callee, parts, caller),
          ask: () => this.ask(entry, refresh, callee, parts, caller),
        }),
      };
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

  /** What a computation under way comes to. One that is called off does not fail those who joined it: they ask again. */
  private async joined(
    underWay: Computation,
    caller: Frame | undefined,
    again: { load(): Computation; ask(): Reply },
  ): Promise<unknown> {
    let reply: Reply;
    try {
      const outcome = await join(underWay, caller);
      underWay.passOn(caller);
      // What lies on the shelf every caller gets a copy of; what does not has no other.
      if (!outcome.isStored) return outcome.value;
      reply = again.load();
    } catch (error) {
      if (!isAbort(error, underWay.callee.args)) {
        underWay.passOn(caller);
        throw error;
      }
      reply = again.ask();
    }
    return await (reply instanceof Computation ? drive(reply) : reply.value);
  }
}
