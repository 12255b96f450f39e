/** Calls of one cached function: those that ask for the same at once wait for the first. */
import { isPromise } from 'node:util/types';
import { isStackOverflow } from '../../base/run/stack-overflow.js';
import { run, runAsync } from '../../base/run/flow.js';
import { abandonClaim } from '../../store/claim/wait-for-claim.js';
import { currentFrame, Frame } from '../../trace/frame.js';
import { join, meet, type UnderWay } from '../../trace/join.js';
import { answer, type Outcome, type Question } from './answer.js';
import type { Entry } from '../shelf/shelf.js';

/** How a call is answered: at once or later. */
type Answer = Outcome | Promise<Outcome>;

export class InFlight {
  private readonly underWay = new Map<string, UnderWay<Outcome>>();

  /** @param isAsync the function always returns a promise: the way to it is asynchronous from the start */
  constructor(private readonly isAsync: boolean) {}

  /**
   * @param ask makes the question of the frame that it will be answered in
   * @returns the value, or a promise of it where the function returns promises
   * @throws CycleError where the result is needed to compute itself
   */
  call(entry: Entry, refresh: boolean, ask: (frame: Frame) => Question): unknown {
    const outcome = this.answer(entry, refresh, ask, currentFrame());
    if (isPromise(outcome)) return outcome.then(({ value }) => value);
    return outcome.isAsync || this.isAsync ? Promise.resolve(outcome.value) : outcome.value;
  }

  private answer(entry: Entry, refresh: boolean, ask: (frame: Frame) => Question, caller: Frame | undefined): Answer {
    const { identity, place } = entry;
    const { method } = identity;
    const key = `${place.alternative}\0${identity.key}`;
    const underWay = this.underWay.get(key);
    if (underWay !== undefined && meet(underWay, caller) === 'join') {
      return join(underWay, caller).then(
        (outcome) => {
          // What lies on the shelf everybody gets a copy of; what does not has no other.
          if (outcome.isStored) return this.answer(entry, false, ask, caller);
          caller?.noteAllOf(underWay.frame);
          return outcome;
        },
        (error: unknown) => {
          caller?.noteAllOf(underWay.frame);
          throw error;
        },
      );
    }
    const frame = new Frame(method, this, caller);
    const mine: UnderWay<Outcome> = { frame };
    const finish = (): void => {
      if (this.underWay.get(key) === mine) this.underWay.delete(key);
      frame.abandon = undefined;
      caller?.waitsFor.delete(frame);
    };
    frame.abandon = () => {
      abandonClaim({ place, frame });
      finish();
    };
    const flow = answer({ ...ask(frame), refresh });
    let outcome: Answer;
    caller?.waitsFor.add(frame);
    try {
      this.underWay.set(key, mine);
      outcome = this.isAsync ? runAsync(flow) : run(flow);
    } catch (error) {
      frame.abandonBelow();
      if (isStackOverflow(error)) {
        abandonClaim({ place, frame });
        caller?.spoil('a call that it made ran out of stack');
      }
      finish();
      // A caller that catches the error goes on with what it came from.
      caller?.noteAllOf(frame);
      throw error;
    }
    if (!isPromise(outcome)) {
      finish();
      caller?.noteAllOf(frame);
      return outcome;
    }
    frame.abandon = undefined;
    mine.promise = outcome.finally(finish);
    return mine.promise.finally(() => caller?.noteAllOf(frame));
  }
}
