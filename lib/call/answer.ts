/** The one way of a call: looked up, or claimed and looked up again, computed, encoded, stored. */
import { elapsedSince, stopwatch } from '../base/clock.js';
import { events, type StowageEvent } from '../base/events.js';
import { errorOf } from '../base/thrown.js';
import { perform, type Flow, type Step } from '../base/run/flow.js';
import { settings } from '../base/settings.js';
import { warnOnce } from '../base/warn.js';
import { reportFault } from '../store/entry/disk-errors.js';
import { claimAtOnce, loadOrClaim, type Turn } from '../store/claim/wait-for-claim.js';
import { isStill } from '../store/entry/digest.js';
import type { Draft } from '../store/entry/stage.js';
import { circumstances } from '../store/record/provenance.js';
import type { Traced } from '../store/record/traced.js';
import { unfinished } from '../trace/frame.js';
import type { Form, Outcome, Question } from './question.js';
import { storeBy } from './store.js';

/** What the function returned, and whether as a promise. */
export interface Computed {
  value: unknown;
  isAsync: boolean;
}

/** The step at which the driver of the flow calls the function, from its own place on the stack. */
export const computing: Step<Computed> = {
  sync() {
    throw new TypeError('a computation is driven by its caller');
  },
  async() {
    return Promise.reject(new TypeError('a computation is driven by its caller'));
  },
};

/** The flow of a call to its outcome. It stops at {@link computing}, once at most. */
export function* answer(question: Question): Flow<Outcome> {
  let mayStore = true;
  let turn: Turn;
  let miss: Partial<StowageEvent> = { reason: 'refresh' };
  let bringing: Flow<boolean> | undefined;
  if (question.refresh) {
    question.skipLook();
    turn = claimAtOnce(question);
  } else {
    const look = yield* loadOrClaim(
      question,
      () => question.look(),
      () => {
        question.forget();
      },
    );
    if (look.found) {
      question.keep(look.outcome, true);
      return look.outcome;
    }
    ({ mayStore, turn, miss } = look);
    if (mayStore && !settings.readonly) bringing = question.bring?.();
  }
  try {
    if (bringing !== undefined && (yield* bringing)) {
      question.forget();
      const look = yield* question.look();
      if (look.found) {
        question.keep(look.outcome, true);
        return look.outcome;
      }
      ({ mayStore, miss } = look);
    }
    question.say('miss', miss);
    const outcome = yield* compute(question, mayStore && !settings.readonly);
    question.keep(outcome, false);
    return outcome;
  } finally {
    turn.end();
    question.end?.();
  }
}

/** Computes, and stores if it may. What goes wrong on the way to disk never reaches the caller. */
function* compute(question: Question, mayStore: boolean): Flow<Outcome> {
  const { frame } = question;
  // What the way here looked at is not what the function uses.
  frame.startAfresh();
  question.begin();
  unfinished.add(frame);
  try {
    const computedAt = question.now();
    const start = stopwatch();
    const { value, isAsync } = yield* perform(computing);
    const seconds = elapsedSince(start);
    const bare: Outcome = { value, isAsync, isStored: false };
    if (!isStillMeant(question)) return bare;
    const change = question.changeOf(isAsync);
    if (change !== undefined) {
      spoil(question, change);
      return bare;
    }
    if (!mayStore && !question.isKept) return bare;
    const form = formOf(question, value);
    if (form === undefined) return bare;
    const draft = draftOf(question, form, { isAsync, computedAt, seconds });
    let isSound: boolean | undefined;
    const look = (): boolean => (isSound = isStillSound(question, form, isAsync));
    const isStored = mayStore && (yield* store(question, form, draft, look));
    if (!(isSound ?? look())) return bare;
    const { codec, encoded } = form;
    const { plainBytes } = encoded;
    const facts = { ...draft, codec, bytes: bytesOf(form), ...(plainBytes !== undefined && { plainBytes }) };
    return { ...bare, facts, encoded, isStored };
  } finally {
    unfinished.delete(frame);
  }
}

function bytesOf({ encoded }: Form): number {
  return encoded.chunks.reduce((total, chunk) => total + chunk.length, 0);
}

/** Does the call still hold? If not, nothing may be built on its result but what the caller makes of it now. */
function isStillMeant(question: Question): boolean {
  if (question.stillHolds()) return true;
  question.frame.spoil('its analyzer was tagged anew or cleared before it was done');
  return false;
}

function spoil({ frame, identity: { method }, say }: Question, reason: string): void {
  frame.spoil(reason);
  say('mutated', { reason });
  warnOnce('STOWAGE_ARGUMENT_CHANGED', method, `${method}: ${reason}. Change a copy instead`);
}

/** The value as it will be stored; `undefined`, and an event, where that cannot be exact. */
function formOf(question: Question, value: unknown): Form | undefined {
  try {
    return question.formOf(value);
  } catch (cause) {
    const error = errorOf(cause);
    const { method } = question.identity;
    question.say('uncacheable', { error, reason: error.message });
    warnOnce('STOWAGE_UNCACHEABLE_VALUE', method, `results of ${method} are computed at every call: ${error.message}`);
    return undefined;
  }
}

function draftOf(
  question: Question,
  { digest }: Form,
  { isAsync, computedAt, seconds }: { isAsync: boolean; computedAt: number; seconds: number },
): Draft {
  const { frame, place, scope } = question;
  const trace = [...frame.uses.values()].map((use) => use.traced(place.tmpdir, scope) as Traced);
  return {
    type: '',
    ...(isAsync && { async: true as const }),
    digest,
    generation: 0,
    computedAt,
    seconds,
    trace,
    ...circumstances(),
    ...question.draft(trace),
  };
}

/** @param isSound asked when all is written: may it be committed? */
function* store(question: Question, form: Form, draft: Draft, isSound: () => boolean): Flow<boolean> {
  try {
    const staged = yield* storeBy(() => question.stage(form, draft), isSound);
    if (staged === undefined) return false;
    question.say('store', { file: staged.file, seconds: draft.seconds, bytes: staged.bytes });
    question.stored?.(staged.stem);
    return true;
  } catch (error) {
    reportFault(question, 'stored', error);
    return false;
  }
}

/**
 * Could anything have run since the digest of a result was taken? Not where no step gave way to others: to write an array,
 * nothing of the value is asked, and no listener is told of it.
 */
function mayHaveChanged({ frame }: Question, { codec }: Form, isAsync: boolean): boolean {
  return isAsync || codec.name !== 'npy' || frame.uses.size > 0 || events.heard.fault;
}

/**
 * Is everything still what it was? A value in memory that the function used may have been changed, by it or by another,
 * and the result itself while it was written.
 */
function isStillSound(question: Question, form: Form, isAsync: boolean): boolean {
  const { frame } = question;
  const { codec, digest, encodes } = form;
  for (const use of frame.uses.values()) {
    if (!use.hasChanged()) continue;
    use.drop();
    frame.spoil('something that it used, a value in memory or a file, was changed meanwhile');
  }
  if (mayHaveChanged(question, form, isAsync) && !isStill(encodes, codec, digest))
    frame.spoil('the result changed while it was being stored');
  if (frame.spoiled === undefined) return isStillMeant(question);
  question.say('mutated', { reason: `${frame.spoiled}; the result is not stored` });
  return false;
}
