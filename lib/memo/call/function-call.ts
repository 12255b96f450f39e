/** One call of a cached function, on its way to a value. */
import { elapsedSince, now, stopwatch } from '../../base/clock.js';
import { errorOf } from '../../base/thrown.js';
import type { EventType, StowageEvent } from '../../base/events.js';
import type { Flow } from '../../base/run/flow.js';
import type { Form, Look, Outcome, Question, StagedEntry } from '../../call/question.js';
import { codecNamed } from '../../codec/registry.js';
import type { Draft } from '../../store/entry/stage.js';
import type { EntryRecord } from '../../store/record/record.js';
import type { Traced } from '../../store/record/traced.js';
import type { Frame } from '../../trace/frame.js';
import { appointedJudge } from '../../trace/trace-checker.js';
import type { Entry, Say, Shelf } from '../shelf/shelf.js';

/** What a look at a function's results needs to know. */
export interface LookParts {
  entry: Entry;
  shelf: Shelf;
  frame: Frame;
  say: Say;
  /** Why a record may not be used, if so, apart from its trace. */
  refuse(record: EntryRecord): string | undefined;
  /** The value that the stored one stands for. */
  valueOf(stored: unknown): unknown;
}

/** What the function and its cache say of a call. */
export interface FunctionCallParts extends LookParts {
  /** Compute, whatever is stored. */
  refresh: boolean;
  /** The value as it is to be stored. @throws UncacheableValueError */
  formOf(value: unknown): Form;
  /** Why the result may be that of another call, if so; may throw. */
  changeOf(isAsync: boolean): string | undefined;
  /** What the record says beside what every record says; asked when the value is there. */
  draft(trace: readonly Traced[]): Pick<Draft, 'code'> & Partial<Draft>;
  /** Texts to be put beside it. */
  beside(): Record<string, string> | undefined;
  /** Seconds since the epoch. @defaultValue the system's clock */
  clock?: (() => number) | undefined;
  /** Called with what was found. */
  onHit?(outcome: Outcome): void;
}

export class FunctionCall implements Question {
  readonly identity: Entry['identity'];
  readonly place: Entry['place'];
  readonly frame: Frame;
  readonly refresh: boolean;
  readonly mayClaim: boolean;
  readonly now: () => number;
  readonly scope = '';
  readonly isKept = false;

  constructor(private readonly parts: FunctionCallParts) {
    const { entry, frame, refresh, shelf, clock } = parts;
    this.identity = entry.identity;
    this.place = entry.place;
    this.frame = frame;
    this.refresh = refresh;
    this.mayClaim = shelf.isShared;
    this.now = clock ?? now;
  }

  stillHolds(): boolean {
    return true;
  }

  readonly say = (type: EventType, more?: Partial<StowageEvent>): void => {
    this.parts.say(this.parts.entry, type, more);
  };

  look(): Flow<Look> {
    return lookUp(this.parts);
  }

  forget(): void {
    // What was found out about others belongs to the call that asks.
  }

  skipLook(): void {
    // No generation is handed on.
  }

  begin(): void {
    // All that the function is called with is in its key.
  }

  changeOf(isAsync: boolean): string | undefined {
    return this.parts.changeOf(isAsync);
  }

  formOf(value: unknown): Form {
    return this.parts.formOf(value);
  }

  draft(trace: readonly Traced[]): Pick<Draft, 'code'> & Partial<Draft> {
    return this.parts.draft(trace);
  }

  stage(form: Form, draft: Draft): Flow<StagedEntry> {
    const { shelf, entry } = this.parts;
    return shelf.stage(entry, form, { draft, beside: this.parts.beside() });
  }

  keep(outcome: Outcome, isFound: boolean): void {
    if (isFound) this.parts.onHit?.(outcome);
  }
}

/** The stored value, as the caller will have it, and its ingredients for the caller's own trace. */
export function* lookUp(parts: LookParts): Flow<Look> {
  const { entry, shelf, frame, say } = parts;
  const start = stopwatch();
  const found = yield* shelf.look(entry, function* (record): Flow<string | undefined> {
    return parts.refuse(record) ?? (yield* staleness(record, entry, frame));
  });
  if (!found.found) return found;
  const { record, file } = found;
  let value: unknown;
  try {
    value = parts.valueOf(found.value);
  } catch (error) {
    return { found: false, mayStore: false, miss: { file, reason: 'unreadable here', error: errorOf(error) } };
  }
  for (const use of appointedJudge<EntryRecord>()?.uses(record, entry.place.tmpdir) ?? []) frame.note(use);
  say(entry, 'hit', { file, seconds: elapsedSince(start), bytes: record.bytes, reason: 'disk' });
  const codec = codecNamed(record.codec);
  const facts = codec && { facts: { ...record, codec } };
  return { found: true, outcome: { value, isAsync: record.async === true, isStored: true, ...facts } };
}

/** A result that used cached methods is followed to them: why it is stale, if so. */
export function* staleness(record: EntryRecord, { place }: Entry, frame: Frame): Flow<string | undefined> {
  if (record.trace.length === 0) return undefined;
  const judge = appointedJudge<EntryRecord>();
  if (judge === undefined)
    return "it used cached methods, which are not loaded in this process: import 'stowage' first";
  return yield* judge.staleness(record, place.tmpdir, frame.verdicts);
}
