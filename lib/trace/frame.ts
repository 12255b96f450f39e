/**
 * Who is computing? While a cached method runs, a frame collects what it uses, attributed to its true caller across
 * sync calls, awaits and `Promise.all`. When nothing is being computed, nothing here costs anything.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import { moveGate } from '../base/gate.js';

/** Something that a computation used: a cached value, a file, a parameter. */
export interface Use {
  /** Says what it was; equal names are the same thing. */
  readonly name: string;
  /** Digest or checksum that it had. */
  readonly digest: string;
  /** Is it no longer what it was when it was used? It is looked at again before a result made of it is committed. */
  hasChanged(): boolean;
  /** Lets go of what has changed. */
  drop(): void;
  /**
   * What a record says of it.
   * @param tmpdir paths inside it are relative to it
   * @param scope what belongs to another root than this one's says so
   */
  traced(tmpdir: string, scope: string): object;
}

const CHANGED_MEANWHILE = 'something that it used changed before it was done';

/**
 * What is known of an entry: what its value is, and why that was computed anew, if it has just been; or why it is not right
 * any more, and what is said of it to what was made of it, where something else is at fault.
 */
export type Verdict = { digest: string; generation: number; because?: string } | { stale: string; cause?: string };

/** What was found out, on the way of an outermost call, about the entries that results were made of, by their names. */
export class Verdicts extends Map<string, Verdict> {
  /** How many changes there were when what is here was last known to be right; `undefined` before the first look. */
  changes: number | undefined;
}

/** One computation in flight. */
export class Frame {
  /** What it used, by name, in the order of first use. */
  readonly uses = new Map<string, Use>();
  /** Computations that it started or joined, and so may be waiting for. */
  readonly waitsFor = new Set<Frame>();

  /** Stands for all that is noted until it starts afresh. */
  round: object = {};

  /** What it set itself before it used it. */
  private readonly made = new Set<string>();

  /** What was found out, on the way of the outermost call, about the entries that results were made of. */
  readonly verdicts: Verdicts;

  /**
   * @param name the entry, for messages: `root.Night.strehl`
   * @param analyzer whose method is computed
   * @param caller the computation that needs this one, if any
   */
  constructor(
    readonly name: string,
    readonly analyzer: object,
    readonly caller?: Frame,
  ) {
    this.verdicts = caller?.verdicts ?? new Verdicts();
  }

  /** Is it counted among those in flight? */
  isInFlight = false;

  /** What ran around it when it was entered. */
  outer: { innermost: Frame | undefined; stored: Frame | undefined } | undefined;

  /** Set while it only looks at what a stored result used: `leave` ends a wait for that, where it can be ended. */
  look: { leave?: () => void } | undefined;

  /** What stands for the code that it runs, where its result does not. */
  code: (() => Use) | undefined;

  /** Why the result must be neither stored nor kept: what it was made of was no longer the same before it was done. */
  spoiled: string | undefined;

  /** Notes a use. One thing used in two states leaves a result that no single state of it stands for. */
  note(use: Use): void {
    const before = this.uses.get(use.name);
    if (before !== undefined && before.digest !== use.digest && !this.made.has(use.name)) this.spoil(CHANGED_MEANWHILE);
    this.uses.set(use.name, use);
  }

  /** Notes that the computation itself set something: unless it had used it before, what it was is no matter. */
  noteMade(name: string): void {
    if (!this.uses.has(name)) this.made.add(name);
  }

  /** Tells the computation that something is not what it was, or only is if it has the digest given. */
  hearOf(name: string, digest: string | undefined): void {
    const use = this.uses.get(name);
    if (use !== undefined && use.digest !== digest && !this.made.has(name)) this.spoil(CHANGED_MEANWHILE);
  }

  /** Notes what another computation used whose result is known by nothing else. */
  noteAllOf(other: Frame): void {
    if (other.spoiled !== undefined) this.spoil(other.spoiled);
    for (const use of other.uses.values()) this.note(use);
    const code = this.spoiled === undefined ? other.code?.() : undefined;
    if (code !== undefined) this.note(code);
  }

  spoil(reason: string): void {
    this.spoiled ??= reason;
  }

  /** Forgets what was used so far: what is done from now on is another matter. */
  startAfresh(): void {
    this.round = {};
    this.uses.clear();
    this.made.clear();
    this.spoiled = undefined;
  }
}

/** Computations whose results are not committed yet: they want to hear of what changes. */
export const unfinished = new Set<Frame>();

/** How many computations are in flight; hot paths read it before anything else. */
export const inFlight = { count: 0 };

/** The innermost synchronous computation. Only synchronous code can see it set. */
let innermost: Frame | undefined;
const storage = new AsyncLocalStorage<Frame>();

/** The computation that the running code belongs to, if any. */
export function currentFrame(): Frame | undefined {
  if (inFlight.count === 0) return undefined;
  return innermost ?? storage.getStore();
}

/**
 * What runs from here to {@link exit} belongs to a frame. What it does synchronously is attributed by one variable; what
 * runs after its awaits, if it has any, through AsyncLocalStorage. One use of that slows every later await of the process,
 * so the storage is disabled as soon as nothing is in flight.
 */
export function enter(frame: Frame): void {
  if (inFlight.count++ === 0) moveGate();
  frame.isInFlight = true;
  frame.outer = { innermost, stored: storage.getStore() };
  innermost = frame;
  storage.enterWith(frame);
}

/** The synchronous part of a frame is over. */
export function exit(frame: Frame): void {
  const { outer } = frame;
  // It was not entered, for want of stack.
  if (outer === undefined) return;
  frame.outer = undefined;
  innermost = outer.innermost;
  storage.enterWith(outer.stored as Frame);
}

/** All of a frame is over. */
export function leave(frame: Frame): void {
  if (!frame.isInFlight) return;
  frame.isInFlight = false;
  if (--inFlight.count === 0) storage.disable();
}

/** Runs `compute` in a frame, to the end of the promise that it returns, if it does. */
export function computeIn<T>(frame: Frame, compute: () => T): T {
  let result: T | undefined;
  try {
    enter(frame);
    result = compute();
    return result;
  } finally {
    exit(frame);
    const done = (): void => {
      leave(frame);
    };
    if (isPromise(result)) result.then(done, done);
    else done();
  }
}

/** Looks at something without its being noted as used. */
export function withoutNoting<T>(look: () => T): T {
  if (inFlight.count === 0) return look();
  const outer = innermost;
  innermost = new Frame('nobody', {});
  try {
    return look();
  } finally {
    innermost = outer;
  }
}
