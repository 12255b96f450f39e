/**
 * A call on its way, driven from its caller's own place on the stack: between the caller and the function that is called
 * there are as few frames as can be, so that a deep recursion finds room and an error's stack shows who called.
 */
import { isPromise } from 'node:util/types';
import { isStackOverflow } from '../base/run/stack-overflow.js';
import type { Flow, Step } from '../base/run/flow.js';
import type { AnyFunction } from '../base/language/decorating.js';
import { abandonClaim } from '../store/claim/claims-of-thread.js';
import { currentFrame, enter, exit, Frame, leave, unfinished } from '../trace/frame.js';
import { answer, computing, type Computed } from './answer.js';
import type { Outcome, Question } from './question.js';

/** Computations under way, by what tells them apart. */
export type UnderWay = Map<string, Computation>;

/** What is called. */
export interface Callee {
  fn: AnyFunction;
  self: unknown;
  args: readonly unknown[];
  /** Does it always return a promise? Then so does the way to it, from its first step. */
  isAsync: boolean;
}

const OUT_OF_STACK = 'a call that it made ran out of stack';

/** Calls that ran out of stack, and may have left a claim: it takes more stack than they had to let go of that. */
const withClaim = new Set<Question>();

/** Lets go of those claims, as far as there is stack now. */
function letGoOfClaims(): void {
  if (withClaim.size === 0) return;
  try {
    for (const question of withClaim) {
      abandonClaim(question);
      withClaim.delete(question);
    }
  } catch {
    // For want of stack again: the next computation that begins or ends tries once more.
  }
}

type Next = IteratorResult<Step<unknown>, Outcome>;

export class Computation {
  readonly frame: Frame;
  /** Is it, or has it turned out to be, asynchronous? Then others can wait for it. */
  isLater: boolean;
  /** What it came to, once it has ended. */
  outcome: Outcome | undefined;
  readonly flow: Flow<Outcome>;
  /** Has it ended, however it did? */
  isOver = false;
  private waiting:
    { promise: Promise<Outcome>; resolve(outcome: Outcome): void; reject(error: unknown): void } | undefined;

  /**
   * @param underWay where it stands, under `key`, while it is under way
   * @param caller the computation that needs it, if any
   */
  constructor(
    readonly question: Question,
    readonly callee: Callee,
    private readonly underWay: UnderWay,
    private readonly key: string,
    private readonly caller: Frame | undefined,
  ) {
    this.frame = question.frame;
    this.isLater = callee.isAsync;
    this.flow = answer(question);
  }

  begin(): void {
    letGoOfClaims();
    rehearse();
    this.caller?.waitsFor.add(this.frame);
    this.underWay.set(this.key, this);
  }

  /** Begins, and goes on to the function, or to the end where the result was found. @returns whether it has ended */
  goOn(): boolean {
    this.begin();
    return this.proceed(() => this.flow.next());
  }

  /** Goes on where the function threw. */
  threw(error: unknown): never {
    exit(this.frame);
    leave(this.frame);
    this.proceed(() => this.flow.throw(error));
    throw error;
  }

  /** Goes on where the function returned. @returns what the caller gets */
  gave(value: unknown): unknown {
    leave(this.frame);
    this.proceed(() => this.flow.next({ value, isAsync: false } satisfies Computed));
    return this.returned;
  }

  private proceed(first: () => Next): boolean {
    const { flow } = this;
    try {
      let next = first();
      while (next.done !== true) {
        if (next.value === computing) return false;
        let result: unknown;
        try {
          result = next.value.sync();
        } catch (error) {
          next = flow.throw(error);
          continue;
        }
        next = flow.next(result);
      }
      this.end(next.value);
      return true;
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** What the caller gets. */
  get returned(): unknown {
    const { value, isAsync } = this.outcome as Outcome;
    return isAsync ? Promise.resolve(value) : value;
  }

  end(outcome: Outcome): void {
    this.finish();
    this.outcome = outcome;
    if (outcome.use !== undefined) this.caller?.note(outcome.use);
    else this.passOn(this.caller);
    this.waiting?.resolve(outcome);
    letGoOfClaims();
  }

  fail(error: unknown): void {
    if (isStackOverflow(error)) this.cutOff();
    this.finish();
    // A caller that catches the error goes on with what it came from.
    this.passOn(this.caller);
    this.waiting?.reject(error);
    letGoOfClaims();
  }

  /** Hands what it used on to a computation that uses what it came to, where no result stands for it. */
  passOn(caller: Frame | undefined): void {
    if (caller === undefined) return;
    caller.noteAllOf(this.frame);
    this.question.noteIn?.(caller);
  }

  /** Ends what ran out of stack, by little more than calls into V8. */
  cutOff(): void {
    const { frame, caller, question } = this;
    if (caller !== undefined) caller.spoiled ??= OUT_OF_STACK;
    if (question.mayClaim) withClaim.add(question);
    unfinished.delete(frame);
    this.finish();
    try {
      exit(frame);
    } finally {
      leave(frame);
    }
  }

  /**
   * For those who join it. Made for the first of them: a promise with more than one reaction ends the stack trace of an
   * error that comes through it.
   */
  whenDone(): Promise<Outcome> {
    if (this.waiting === undefined) {
      let resolve: ((outcome: Outcome) => void) | undefined;
      let reject: ((error: unknown) => void) | undefined;
      const promise = new Promise<Outcome>((...settle) => {
        [resolve, reject] = settle;
      });
      this.waiting = { promise, resolve: (outcome) => resolve?.(outcome), reject: (error) => reject?.(error) };
    }
    return this.waiting.promise;
  }

  private finish(): void {
    if (this.underWay.get(this.key) === this) this.underWay.delete(this.key);
    this.caller?.waitsFor.delete(this.frame);
    this.isOver = true;
  }
}

/** Sees to it that a call that threw has ended, and that the computation that made it knows where it ran out of stack. */
function cutShort(computation: Computation | undefined, error: unknown): void {
  if (computation !== undefined) {
    if (!computation.isOver) computation.cutOff();
  } else if (isStackOverflow(error)) {
    const frame = currentFrame();
    if (frame !== undefined) frame.spoiled ??= OUT_OF_STACK;
  }
}

const nobody = new Computation(
  { frame: new Frame('nobody', {}), mayClaim: false } as Question,
  { isAsync: false } as Callee,
  new Map(),
  '',
  undefined,
);

/**
 * At the end of the stack V8 compiles nothing, and may have thrown away what was compiled long ago. What ends a computation
 * there is called before that begins, and from a deeper place: so it is compiled, and there is stack for it.
 */
function rehearse(): void {
  nobody.isOver = false;
  cutShort(nobody, undefined);
  cutShort(undefined, undefined);
}

/** How a call is answered: by a computation, which is its caller's to drive, or at once. */
export type Reply = Computation | { value: unknown };

/**
 * A function that is answered by what `reply` says, and drives the computation where that is one. It calls the function of
 * the computation itself: one frame a level of a recursion.
 * @param isAsync does it reject with what `reply` throws?
 */
export function answering(
  reply: (self: unknown, args: readonly unknown[]) => Reply,
  isAsync: boolean,
): (this: unknown, ...args: unknown[]) => unknown {
  return function (this: unknown, ...args) {
    let computation: Reply | undefined;
    try {
      computation = reply(this, args);
      if (!(computation instanceof Computation)) return computation.value;
      if (computation.isLater) return driveLater(computation);
      if (computation.goOn()) return computation.returned;
      let result: unknown;
      try {
        enter(computation.frame);
        result = Reflect.apply(computation.callee.fn, computation.callee.self, computation.callee.args);
      } catch (error) {
        return computation.threw(error);
      }
      exit(computation.frame);
      return isPromise(result) ? driveLater(computation, result) : computation.gave(result);
    } catch (error) {
      cutShort(computation as Computation | undefined, error);
      if (!isAsync || computation !== undefined) throw error;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a function may throw anything
      return Promise.reject(error);
    }
  };
}

const driven = answering((computation) => computation as Computation, false);

/** Runs a computation. @returns what its caller gets: the value, or a promise of it */
export function drive(computation: Computation): unknown {
  return driven.call(computation);
}

/** How many asynchronous computations are on the stack, each begun by the one before it. */
let nested = 0;

/** So many may be; the next goes on from an empty stack, so that no depth of an asynchronous recursion ends it. */
const MOST_NESTED = 50;

/**
 * The same, asynchronously from here on. Each promise is awaited here and nowhere else: so the stack trace of an error goes
 * on, over the function, with the caller that waits for what this returns.
 * @param running the promise that a function returned of which none was expected
 */
async function driveLater(computation: Computation, running?: Promise<unknown>): Promise<unknown> {
  const { flow, frame } = computation;
  let isNested = false;
  try {
    computation.isLater = true;
    if (running === undefined) {
      computation.begin();
      if (nested >= MOST_NESTED) {
        await Promise.resolve();
      } else {
        isNested = true;
        nested++;
      }
    }
    let next = running === undefined ? flow.next() : undefined;
    while (next?.done !== true) {
      let result: unknown;
      try {
        const isStep = next !== undefined && next.value !== computing;
        const pending = isStep ? next?.value.async() : (running ?? call(computation));
        if (isNested) nested--;
        isNested = false;
        const value = await pending;
        result = isStep ? value : ({ value, isAsync: true } satisfies Computed);
      } catch (error) {
        next = flow.throw(error);
        continue;
      } finally {
        leave(frame);
      }
      next = flow.next(result);
    }
    computation.end(next.value);
    return next.value.value;
  } catch (error) {
    computation.fail(error);
    throw error;
  } finally {
    if (isNested) nested--;
    cutShort(computation, undefined);
  }
}

function call({ callee, frame }: Computation): unknown {
  try {
    enter(frame);
    return Reflect.apply(callee.fn, callee.self, callee.args);
  } finally {
    exit(frame);
  }
}
