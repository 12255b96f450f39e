/** The way of a call of a cached function: looked up, or claimed, computed under a frame, and stored. */
import { elapsedSince, now, stopwatch } from '../../base/clock.js';
import { errorOf } from '../../base/errors.js';
import { perform, type Flow } from '../../base/run/flow.js';
import { settings } from '../../base/settings.js';
import { warnOnce } from '../../base/warn.js';
import { claimAtOnce, loadOrClaim, type Turn } from '../../store/claim/wait-for-claim.js';
import { isStill } from '../../store/entry/digest.js';
import { reportFault } from '../../store/claim/fault.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Draft } from '../../store/entry/stage.js';
import type { Traced } from '../../store/record/traced.js';
import { computing } from '../../trace/computing.js';
import { unfinished, type Frame } from '../../trace/frame.js';
import { appointedJudge } from '../../trace/trace-checker.js';
import { draftOf, storeOn, type Entry, type Form, type FromShelf, type Say, type Shelf } from '../shelf/shelf.js';

/** One call: what the flow below needs to know of the function, of its cache, and of this call. */
export interface Question {
  entry: Entry;
  shelf: Shelf;
  frame: Frame;
  say: Say;
  /** Compute, whatever is stored. */
  refresh: boolean;
  compute(): unknown;
  /** Why a record may not be used, if so, apart from its trace. */
  refuse(record: EntryRecord): string | undefined;
  /** The value as it is to be stored. @throws UncacheableValueError */
  formOf(value: unknown): Form;
  /** The value that what is stored stands for. */
  valueOf(stored: unknown): unknown;
  /** Is the call still what it was before it was computed? The answer is why nothing may be stored, if so; it may throw. */
  hasChanged(isAsync: boolean): string | undefined;
  /** What the record says beside what every record says; asked when the value is there. */
  draft(): Pick<Draft, 'code'> & Partial<Draft>;
  /** Texts to be put beside it. */
  beside(): Record<string, string> | undefined;
  /** Seconds since the epoch. @defaultValue the system's clock */
  clock?: (() => number) | undefined;
  /** Called with what was found. */
  onHit?(outcome: Outcome): void;
}

/** What a call came to. */
export interface Outcome {
  value: unknown;
  /** It is to be handed out as a promise. */
  isAsync: boolean;
  /** It lies on the shelf: whoever wants the same can have a copy of its own. */
  isStored: boolean;
  /** What was found, where it was not computed. */
  record?: EntryRecord;
}

export function* answer(question: Question): Flow<Outcome> {
  const { entry, shelf, frame, say } = question;
  const claimant = { ...entry, frame, mayClaim: shelf.isShared, stillHolds: () => true };
  let mayStore = true;
  let turn: Turn;
  if (question.refresh) {
    turn = claimAtOnce(claimant);
    say(entry, 'miss', { reason: 'refresh' });
  } else {
    const found = yield* loadOrClaim(claimant, () => lookUp(question));
    if (found.found) {
      question.onHit?.(found.outcome);
      return found.outcome;
    }
    ({ mayStore, turn } = found);
    say(entry, 'miss', found.miss);
  }
  let isStored = false;
  try {
    const outcome = yield* computeAndStore(question, mayStore && !settings.readonly);
    isStored = outcome.isStored;
    return outcome;
  } finally {
    turn.end(isStored);
  }
}

type Looked = { found: true; outcome: Outcome } | Extract<FromShelf, { found: false }>;

/** What is stored, as the caller will have it, and what it was made of for the caller's own trace. */
export function* lookUp(
  question: Pick<Question, 'entry' | 'shelf' | 'frame' | 'say' | 'refuse' | 'valueOf'>,
): Flow<Looked> {
  const { entry, shelf, frame, say } = question;
  const start = stopwatch();
  const found = yield* shelf.look(entry, function* (record): Flow<string | undefined> {
    return question.refuse(record) ?? (yield* staleness(record, entry, frame));
  });
  if (!found.found) return found;
  const { record, file } = found;
  let value: unknown;
  try {
    value = question.valueOf(found.value);
  } catch (error) {
    return { found: false, mayStore: false, miss: { file, reason: 'unreadable here', error: errorOf(error) } };
  }
  for (const use of appointedJudge<EntryRecord>()?.uses(record, entry.place.tmpdir) ?? []) frame.note(use);
  say(entry, 'hit', { file, seconds: elapsedSince(start), bytes: record.bytes, reason: 'disk' });
  return { found: true, outcome: { value, isAsync: record.async === true, isStored: true, record } };
}

/** A result that used cached methods is followed to them: why it is stale, if so. */
function* staleness(record: EntryRecord, { place }: Entry, frame: Frame): Flow<string | undefined> {
  if (record.trace.length === 0) return undefined;
  const judge = appointedJudge<EntryRecord>();
  if (judge === undefined)
    return "it used cached methods, which are not loaded in this process: import 'stowage' first";
  return yield* judge.staleness(record, place.tmpdir, frame.verdicts);
}

function* computeAndStore(question: Question, mayStore: boolean): Flow<Outcome> {
  const { frame } = question;
  // What the way here looked at is not what the function uses.
  frame.startAfresh();
  unfinished.add(frame);
  try {
    const computedAt = (question.clock ?? now)();
    const start = stopwatch();
    const { value, isAsync } = yield* perform(computing(frame, () => question.compute()));
    const bare: Outcome = { value, isAsync, isStored: false };
    const reason = question.hasChanged(isAsync);
    if (reason !== undefined) spoil(question, reason);
    if (!mayStore || reason !== undefined) return bare;
    const form = formOf(question, value);
    if (form === undefined) return bare;
    const draft = draftFor(question, form, { isAsync, computedAt, seconds: elapsedSince(start) });
    return { ...bare, isStored: yield* store(question, value, form, draft) };
  } finally {
    unfinished.delete(frame);
  }
}

/** What goes wrong on the way to the shelf never reaches the caller. */
function* store(question: Question, value: unknown, form: Form, draft: Draft): Flow<boolean> {
  const { entry, shelf, say } = question;
  try {
    const notes = { draft, beside: question.beside() };
    const staged = yield* storeOn(shelf, entry, form, notes, () => !isSpoiled(question, value, form));
    if (staged === undefined) return false;
    say(entry, 'store', { file: staged.file, seconds: draft.seconds, bytes: staged.bytes });
    return true;
  } catch (error) {
    reportFault(entry, 'stored', error);
    return false;
  }
}

/** The value in the form in which it is stored; `undefined`, and an event, where that cannot be exact. */
function formOf(question: Question, value: unknown): Form | undefined {
  try {
    return question.formOf(value);
  } catch (cause) {
    const error = errorOf(cause);
    const { method } = question.entry.identity;
    question.say(question.entry, 'uncacheable', { error, reason: error.message });
    warnOnce('STOWAGE_UNCACHEABLE_VALUE', method, `results of ${method} are computed at every call: ${error.message}`);
    return undefined;
  }
}

/** Is something no longer what it was: what the function used, or the result itself while it was written? */
function isSpoiled(question: Question, value: unknown, { codec, digest }: Form): boolean {
  const { frame } = question;
  for (const use of frame.uses.values()) {
    if (!use.hasChanged()) continue;
    use.drop();
    frame.spoil('something that it used was changed meanwhile');
  }
  // A serialiser of the user's own made something else of the value, which nobody else has.
  if (codec.name !== 'text' && !isStill(value, codec, digest))
    frame.spoil('the result changed while it was being stored');
  if (frame.spoiled === undefined) return false;
  question.say(question.entry, 'mutated', { reason: `${frame.spoiled}; the result is not stored` });
  return true;
}

function spoil({ entry, frame, say }: Question, reason: string): void {
  frame.spoil(reason);
  say(entry, 'mutated', { reason });
  warnOnce(
    'STOWAGE_ARGUMENT_CHANGED',
    entry.identity.method,
    `${entry.identity.method}: ${reason}. Change a copy instead`,
  );
}

function draftFor(
  { draft, frame, entry }: Question,
  form: Form,
  facts: { isAsync: boolean; computedAt: number; seconds: number },
): Draft {
  const { isAsync, ...times } = facts;
  const trace = [...frame.uses.values()].map((use) => use.traced(entry.place.tmpdir, '') as Traced);
  return draftOf(form, { ...(isAsync && { async: true }), ...times, trace, ...draft() });
}
