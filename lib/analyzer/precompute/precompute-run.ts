/** One run of precomputing: tags are handed to threads, and what becomes of their calls is told. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { StowageError } from '../../base/errors.js';
import { threadProgram } from '../../base/packages/home.js';
import { isError, messageOf } from '../../base/thrown.js';
import { receiveError, type Job, type Message, type Task, type TaskEnd } from './precompute-messages.js';
import type { TagEvent } from './precompute-tally.js';
import { TaskThread } from './task-thread.js';

export interface RunOptions {
  /** How many threads. */
  jobs: number;
  heapLimit: number | undefined;
  signal: AbortSignal | undefined;
}

/** What there is to be computed of a tag, as far as the first one tells. */
export interface UsualCalls {
  /** Empty where the analyzer of the first tag could not be made: those of others may be. */
  names: readonly string[];
  /** Digests of the code of the methods, by the names of their calls. */
  code: Readonly<Record<string, string>>;
}

/** Hears what becomes of tags. */
export interface RunListener {
  /** Is told before anything is computed. */
  usual?(calls: UsualCalls): void;
  event(tag: string, event: TagEvent): void;
  /** The code that a thread computes with, by the names of calls. */
  code?(code: Readonly<Record<string, string>>): void;
}

/** The state of a tag in the run. */
interface TagState {
  readonly tag: string;
  names: readonly string[] | undefined;
  readonly ended: Set<string>;
  /** The call that is being computed. */
  current: string | undefined;
}

export class PrecomputeRun {
  private readonly threads: readonly TaskThread[];
  /** Aborted when the run is over before its end, with the reason. */
  private readonly stop = new AbortController();

  constructor(
    private readonly job: Job,
    private readonly tags: readonly string[],
    private readonly options: RunOptions,
    private readonly listener?: RunListener,
  ) {
    const { heapLimit } = options;
    const limits = heapLimit === undefined ? {} : { maxOldGenerationSizeMb: heapLimit / 1e6 };
    const program = threadProgram('analyzer/precompute/precompute-worker');
    const count = Math.min(options.jobs, tags.length);
    this.threads = Array.from({ length: count }, () => new TaskThread(program, limits));
  }

  /**
   * Computes all tags.
   * @throws InvalidOptionError where the analyzer or a method does not exist; the signal's reason where it was aborted
   */
  async run(): Promise<void> {
    await this.untilItEnds(async () => {
      const usual = await this.check();
      this.listener?.usual?.(usual);
      const waiting = this.tags.values();
      const jobs = this.threads.map(async (thread) => {
        for (const tag of waiting) await this.compute(tag, thread);
      });
      await Promise.all(jobs);
    });
  }

  /** Only says what there is to be computed. @throws as {@link run} does */
  async look(): Promise<UsualCalls> {
    return this.untilItEnds(() => this.check());
  }

  private async untilItEnds<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.options;
    const abort = (): void => {
      this.stop.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.stop.signal.addEventListener('abort', () => {
      this.endThreads().catch(() => undefined);
    });
    try {
      return await work();
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
  private async check(): Promise<UsualCalls> {
    const [first] = this.tags;
    const [thread] = this.threads;
    let usual: UsualCalls = { names: [], code: {} };
    if (first === undefined || thread === undefined) return usual;
    // Where this analyzer cannot be made, the others may be.
    await this.perform(newState(first), true, thread, ({ names, code = {} }) => {
      usual = { names, code };
    });
    return usual;
  }

  private async compute(tag: string, thread: TaskThread): Promise<void> {
    const state = newState(tag);
    for (;;) {
      const end = await this.perform(state, false, thread);
      if (end === 'done' || state.names?.every((name) => state.ended.has(name)) === true) return;
      if (isError(end) && state.current === undefined) {
        this.listener?.event(tag, { type: 'unmade', error: end });
        return;
      }
      // The thread died in the middle of a call: that call is lost, the others are computed by another thread.
      this.tell(state, { type: 'end', name: state.current ?? '', state: 'failed', seconds: 0, error: end });
    }
  }

  /**
   * Has a thread do the calls that are left of a tag. The answer is an error where the analyzer cannot be made or the
   * thread died.
   */
  private async perform(
    state: TagState,
    checkOnly: boolean,
    thread: TaskThread,
    onCalls?: (calls: Extract<Message, { type: 'calls' }>) => void,
  ): Promise<'done' | Error> {
    this.stop.signal.throwIfAborted();
    const { port1, port2 } = new MessageChannel();
    const task: Task = { job: this.job, tag: state.tag, skip: [...state.ended], checkOnly, port: port2 };
    const note = (message: Message): void => {
      if (this.stop.signal.aborted) return;
      if (message.type === 'calls' && message.code !== undefined) this.listener?.code?.(message.code);
      if (message.type === 'calls') onCalls?.(message);
      if (!checkOnly) this.tell(state, eventOf(message));
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

  private tell(state: TagState, event: TagEvent): void {
    if (event.type === 'calls') state.names = event.names;
    if (event.type === 'end') state.ended.add(event.name);
    state.current = event.type === 'begin' ? event.name : undefined;
    this.listener?.event(state.tag, event);
  }
}

function newState(tag: string): TagState {
  return { tag, names: undefined, ended: new Set(), current: undefined };
}

function eventOf(message: Message): TagEvent {
  if (message.type === 'calls') return { type: 'calls', names: message.names };
  if (message.type === 'begin') return message;
  const { error, ...end } = message;
  return { ...end, ...(error !== undefined && { error: receiveError(error) }) };
}

function drain(port: Parameters<typeof receiveMessageOnPort>[0], note: (message: Message) => void): void {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    note(next.message as Message);
}

function died({ tag, current }: TagState, cause: unknown): StowageError {
  const what = current === undefined ? `made the analyzer of '${tag}'` : `computed ${current} of '${tag}'`;
  return new StowageError('STOWAGE_WORKER_ENDED', `the thread that ${what} ended: ${messageOf(cause)}`, { cause });
}
