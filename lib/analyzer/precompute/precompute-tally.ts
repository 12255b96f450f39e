/** What became of the calls of many tags, wherever they are computed: counted, told, and at the end reported. */
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { warnOnce } from '../../base/warn.js';
import type { CallState } from './precompute-messages.js';
import type { PrecomputeFailure, PrecomputeProgress, PrecomputeReport } from './report.js';
import { TimeLeft } from './time-left.js';

/** What is heard of a tag, in this order. A call, or a whole tag, may be heard of again where a host began anew. */
export type TagEvent =
  | { type: 'calls'; names: readonly string[] }
  | { type: 'begin'; name: string }
  | { type: 'end'; name: string; state: CallState; seconds: number; error?: Error }
  | { type: 'unmade'; error: Error };

/** The state of a tag. */
export interface TagState {
  readonly tag: string;
  /** Its calls, once its analyzer is made. */
  names: readonly string[] | undefined;
  readonly ended: Map<string, CallState>;
  /** The call that is being computed. */
  current: string | undefined;
  isUnmade: boolean;
}

/** Of what is heard twice, the better is true: a result that was computed is found by the next. */
const RANK: Record<CallState, number> = { failed: 0, found: 1, computed: 2 };

export class PrecomputeTally {
  private readonly start = stopwatch();
  private readonly counts: Record<CallState, number> = { computed: 0, found: 0, failed: 0 };
  private readonly states = new Map<string, TagState>();
  /** By tag and call. */
  private readonly failures = new Map<string, PrecomputeFailure>();
  private readonly otherCode = new Map<string, Set<string>>();
  readonly timeLeft: TimeLeft;
  private usual: readonly string[] = [];
  private total = 0;

  /** @param jobs how many are computed at a time */
  constructor(
    jobs: number,
    private readonly onProgress: ((progress: PrecomputeProgress) => void) | undefined,
  ) {
    this.timeLeft = new TimeLeft(jobs);
  }

  /** There are so many tags, each with these calls as far as can be told before its analyzer is made. */
  expect(tags: number, usual: readonly string[]): void {
    this.usual = usual;
    this.total = usual.length * tags;
    for (const name of usual) this.timeLeft.add(name, tags);
  }

  private stateOf(tag: string): TagState {
    let state = this.states.get(tag);
    if (state === undefined) {
      state = { tag, names: undefined, ended: new Map(), current: undefined, isUnmade: false };
      this.states.set(tag, state);
    }
    return state;
  }

  /** Is nothing more to be heard of a tag? */
  isOver(tag: string): boolean {
    const { names, ended, isUnmade } = this.stateOf(tag);
    return isUnmade || names?.every((name) => ended.has(name)) === true;
  }

  note(tag: string, event: TagEvent): void {
    const state = this.stateOf(tag);
    switch (event.type) {
      case 'calls':
        this.noteCalls(state, event.names);
        break;
      case 'begin':
        state.current = event.name;
        break;
      case 'end':
        this.noteEnd(state, event);
        break;
      case 'unmade':
        this.noteUnmade(state, event.error);
    }
  }

  /** Methods that a thread computed with other code than the one that was meant. */
  noteOtherCode(methods: Iterable<string>, where: string): void {
    for (const method of methods) {
      const places = this.otherCode.get(method) ?? new Set();
      this.otherCode.set(method, places.add(where));
    }
  }

  report(): PrecomputeReport {
    const { computed, found } = this.counts;
    const { otherCode } = this;
    return {
      computed,
      found,
      failures: [...this.failures.values()],
      seconds: elapsedSince(this.start),
      ...(otherCode.size > 0 && {
        otherCode: [...otherCode].map(([method, where]) => ({ method, where: [...where] })),
      }),
    };
  }

  private noteCalls(state: TagState, names: readonly string[]): void {
    if (state.names !== undefined && !state.isUnmade) return;
    this.correct(state.isUnmade ? [...state.ended.keys()] : this.usual, names);
    this.failures.delete(state.tag);
    state.isUnmade = false;
    state.names = names;
  }

  /** A tag may have other calls than was thought. */
  private correct(thought: readonly string[], names: readonly string[]): void {
    this.total += names.length - thought.length;
    for (const name of thought) this.timeLeft.add(name, -1);
    for (const name of names) this.timeLeft.add(name, 1);
  }

  private noteEnd(state: TagState, { name, state: end, seconds, error }: Extract<TagEvent, { type: 'end' }>): void {
    const { tag, ended } = state;
    const before = ended.get(name);
    state.current = undefined;
    if (before !== undefined && RANK[before] >= RANK[end]) return;
    if (before === undefined) this.timeLeft.note(name, seconds);
    else this.counts[before]--;
    ended.set(name, end);
    this.counts[end]++;
    const id = `${tag}\0${name}`;
    if (end === 'failed') this.failures.set(id, { tag, method: name, error: error ?? new Error('it failed') });
    else this.failures.delete(id);
    this.tell({ tag, method: name, state: end, ...(error !== undefined && { error }) });
  }

  private noteUnmade(state: TagState, error: Error): void {
    const { tag, names, ended } = state;
    this.failures.set(tag, { tag, error });
    if (state.isUnmade) return;
    state.isUnmade = true;
    // None of its calls will be made.
    this.correct(names?.filter((name) => !ended.has(name)) ?? this.usual, []);
    this.tell({ tag, state: 'failed', error });
  }

  private tell(what: Pick<PrecomputeProgress, 'tag' | 'method' | 'state' | 'error'>): void {
    const { total } = this;
    const { computed, found, failed } = this.counts;
    const { seconds: secondsLeft } = this.timeLeft;
    try {
      this.onProgress?.({
        ...what,
        done: computed + found + failed,
        total,
        seconds: elapsedSince(this.start),
        ...(secondsLeft !== undefined && { secondsLeft }),
      });
    } catch (error) {
      warnOnce('STOWAGE_LISTENER', 'precompute', `onProgress threw ${String(error)}; precomputing goes on`);
    }
  }
}
