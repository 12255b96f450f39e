/** One run of precomputing: tags are handed to threads, and what becomes of their calls is counted. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { elapsedSince, stopwatch } from '../../base/clock.js';
import { StowageError } from '../../base/errors.js';
import { threadProgram } from '../../base/packages/home.js';
import { isError, messageOf } from '../../base/thrown.js';
import { warnOnce } from '../../base/warn.js';
import {
  receiveError,
  type CallState,
  type Job,
  type Message,
  type Task,
  type TaskEnd,
} from './precompute-messages.js';
import type { PartReport } from './part.js';
import { TaskThread } from './task-thread.js';
import { TimeLeft } from './time-left.js';

/** What {@link PrecomputeOptions.onProgress} is told after each call. */
export interface PrecomputeProgress {
  tag: string;
  /** As it was named: `slopes.rms`; absent where the analyzer of the tag could not be made. */
  method?: string;
  /** `'computed'` now, `'found'` on disk, or `'failed'`. */
  state: CallState;
  error?: Error;
  /** Calls that are done, failed ones included, and calls in all. */
  done: number;
  total: number;
  /** Since the beginning. */
  seconds: number;
  /** How much longer it is likely to take, by what calls of the same names took lately; absent before one is done. */
  secondsLeft?: number;
}

/** A call that was not stored. */
export interface PrecomputeFailure {
  tag: string;
  /** Absent where the analyzer of the tag could not be made: then none of its calls was. */
  method?: string;
  error: Error;
}

/** What a run came to. */
export interface PrecomputeReport {
  /** Calls whose results were computed and stored. */
  computed: number;
  /** Calls whose results were stored already. */
  found: number;
  failures: PrecomputeFailure[];
  seconds: number;
  /** Which part of the tags it was, where only a part was asked for. */
  part?: PartReport;
}

export interface RunOptions {
  jobs: number;
  heapLimit: number | undefined;
  onProgress: ((progress: PrecomputeProgress) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** The state of a tag in the run. */
interface TagState {
  tag: string;
  /** Its calls, once its analyzer is made. */
  names: readonly string[] | undefined;
  ended: Set<string>;
  /** The call that is being computed. */
  current: string | undefined;
}

export class PrecomputeRun {
  private readonly start = stopwatch();
  private readonly report: PrecomputeReport = { computed: 0, found: 0, failures: [], seconds: 0 };
  private readonly threads: readonly TaskThread[];
  /** Aborted when the run is over before its end, with the reason. */
  private readonly stop = new AbortController();
  private readonly timeLeft: TimeLeft;
  /** Calls of a tag whose analyzer is not made yet, as far as can be told. */
  private usual: readonly string[] = [];
  private done = 0;
  private total = 0;

  constructor(
    private readonly job: Job,
    private readonly tags: readonly string[],
    private readonly options: RunOptions,
  ) {
    const { heapLimit } = options;
    const limits = heapLimit === undefined ? {} : { maxOldGenerationSizeMb: heapLimit / 1e6 };
    const program = threadProgram('analyzer/precompute/precompute-worker');
    const count = Math.min(options.jobs, tags.length);
    this.threads = Array.from({ length: count }, () => new TaskThread(program, limits));
    this.timeLeft = new TimeLeft(count);
  }

  /**
   * @throws InvalidOptionError where the analyzer or a method does not exist; the signal's reason where it was aborted
   */
  async run(): Promise<PrecomputeReport> {
    const { signal } = this.options;
    const abort = (): void => {
      this.stop.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.stop.signal.addEventListener('abort', () => {
      this.endThreads().catch(() => undefined);
    });
    try {
      await this.check();
      const waiting = this.tags.values();
      const jobs = this.threads.map(async (thread) => {
        for (const tag of waiting) await this.compute(tag, thread);
      });
      await Promise.all(jobs);
      return { ...this.report, seconds: elapsedSince(this.start) };
    } catch (error) {
      this.stop.abort(error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
      await this.endThreads();
    }
  }

  private async endThreads(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  /** Looks at the first tag, so that a wrong name is said before anything is computed. */
  private async check(): Promise<void> {
    const [first] = this.tags;
    const [thread] = this.threads;
    if (first === undefined || thread === undefined) return;
    const state = newState(first);
    // Where this analyzer cannot be made, the others may be.
    await this.perform(state, true, thread);
    this.usual = state.names ?? [];
    this.total = this.usual.length * this.tags.length;
    for (const name of this.usual) this.timeLeft.add(name, this.tags.length);
  }

  private async compute(tag: string, thread: TaskThread): Promise<void> {
    const state = newState(tag);
    for (;;) {
      const end = await this.perform(state, false, thread);
      if (end === 'done' || state.names?.every((name) => state.ended.has(name)) === true) return;
      if (isError(end) && state.current === undefined) {
        this.noteUnmade(state, end);
        return;
      }
      // The thread died in the middle of a call: that call is lost, the others are computed by another thread.
      this.noteEnd(state, { type: 'end', name: state.current ?? '', state: 'failed', seconds: 0 }, end);
    }
  }

  /**
   * Has a thread do the calls that are left of a tag. The answer is an error where the analyzer cannot be made or the
   * thread died.
   */
  private async perform(state: TagState, checkOnly: boolean, thread: TaskThread): Promise<'done' | Error> {
    this.stop.signal.throwIfAborted();
    const { port1, port2 } = new MessageChannel();
    const task: Task = { job: this.job, tag: state.tag, skip: [...state.ended], checkOnly, port: port2 };
    const note = (message: Message): void => {
      if (!this.stop.signal.aborted) this.note(state, message, checkOnly);
    };
    port1.on('message', note);
    let end: TaskEnd | undefined;
    let death: unknown;
    try {
      end = (await thread.run(task, [port2])) as TaskEnd;
    } catch (error) {
      death = error;
    }
    // The last messages of the thread may still be on their way.
    drain(port1, note);
    port1.close();
    this.stop.signal.throwIfAborted();
    if (end === undefined) return died(state, death);
    if (end.type === 'done') return 'done';
    const error = receiveError(end.error);
    if (end.type === 'refused') throw error;
    return error;
  }

  private note(state: TagState, message: Message, checkOnly: boolean): void {
    if (message.type === 'calls') {
      if (!checkOnly && state.names === undefined) this.correct(message.names);
      state.names = message.names;
    } else if (message.type === 'begin') {
      state.current = message.name;
    } else {
      this.noteEnd(state, message, message.error === undefined ? undefined : receiveError(message.error));
    }
  }

  /** A tag may have other calls than was thought. */
  private correct(names: readonly string[]): void {
    this.total += names.length - this.usual.length;
    for (const name of this.usual) this.timeLeft.add(name, -1);
    for (const name of names) this.timeLeft.add(name, 1);
  }

  private noteEnd(
    state: TagState,
    { name, state: end, seconds }: Extract<Message, { type: 'end' }>,
    error: Error | undefined,
  ): void {
    const { tag } = state;
    state.ended.add(name);
    state.current = undefined;
    this.done++;
    this.timeLeft.note(name, seconds);
    if (error !== undefined) this.report.failures.push({ tag, method: name, error });
    else if (end !== 'failed') this.report[end]++;
    this.tell({ tag, method: name, state: end, ...(error !== undefined && { error }) });
  }

  private noteUnmade({ tag, names, ended }: TagState, error: Error): void {
    if (names === undefined) this.correct([]);
    for (const name of names?.filter((each) => !ended.has(each)) ?? []) {
      this.done++;
      this.timeLeft.add(name, -1);
    }
    this.report.failures.push({ tag, error });
    this.tell({ tag, state: 'failed', error });
  }

  private tell(what: Pick<PrecomputeProgress, 'tag' | 'method' | 'state' | 'error'>): void {
    const { done, total } = this;
    const { seconds: secondsLeft } = this.timeLeft;
    try {
      this.options.onProgress?.({
        ...what,
        done,
        total,
        seconds: elapsedSince(this.start),
        ...(secondsLeft !== undefined && { secondsLeft }),
      });
    } catch (error) {
      warnOnce('STOWAGE_LISTENER', 'precompute', `onProgress threw ${String(error)}; precomputing goes on`);
    }
  }
}

function newState(tag: string): TagState {
  return { tag, names: undefined, ended: new Set(), current: undefined };
}

function drain(port: Parameters<typeof receiveMessageOnPort>[0], note: (message: Message) => void): void {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    note(next.message as Message);
}

function died({ tag, current }: TagState, cause: unknown): StowageError {
  const what = current === undefined ? `made the analyzer of '${tag}'` : `computed ${current} of '${tag}'`;
  return new StowageError('STOWAGE_WORKER_ENDED', `the thread that ${what} ended: ${messageOf(cause)}`, { cause });
}
