/**
 * The thread that speaks to a remote, as its owner sees it. It works while the owner computes; a synchronous caller sleeps until
 * it answers, and one that pushes waits for nothing until the program ends.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { RemoteError } from '../../base/errors.js';
import { threadProgram } from '../../base/packages/home.js';
import { messageOf } from '../../base/thrown.js';
import type { Step } from '../../base/run/flow.js';
import { WITHOUT_REMOTE } from '../contract/meanwhile.js';
import type { RemoteSettings } from '../contract/remote-options.js';
import type { Answers, Failure, FromThread, Question, RemoteThreadData, ToPush, ToThread } from './messages.js';

/** Why a thread gave no answer. */
export class NoAnswer extends RemoteError {
  /** The remote has just begun to fail, and nobody has been told. */
  readonly isNews: boolean;
  /** What is done until it answers again. */
  readonly meanwhile: string;

  constructor({ reason, message, isNews, meanwhile }: Failure) {
    super(reason, message);
    this.isNews = isNews;
    this.meanwhile = meanwhile;
  }
}

/** Milliseconds after which an answer that the thread itself should have given up by then is waited for no longer. */
const GRACE = 1000;

/** Milliseconds without an answer after which pushes are waited for no longer at the end of a program. */
const LONGEST_SILENCE = 60_000;

type Settle = (reply: FromThread) => void;

interface Running {
  worker: Worker;
  port: MessagePort;
  answers: Int32Array;
}

export class RemoteThread {
  private running: Running | undefined;
  private last = 0;
  /** Has the thread, or its start, failed before? */
  private hasFailed = false;
  private readonly waiting = new Map<number, Settle>();
  private readonly idle: (() => void)[] = [];

  constructor(private readonly settings: RemoteSettings) {}

  /** @param until milliseconds since the epoch */
  ask<Q extends Question>(question: Q, until: number): Step<Answers[Q['ask']]> {
    return {
      sync: () => {
        let reply: FromThread | undefined;
        const id = this.post({ ...question, until }, (given) => (reply = given));
        while (reply === undefined && this.sleep(until + GRACE - Date.now())) this.read();
        this.read();
        this.waiting.delete(id);
        return valueOf(reply ?? this.silence(id)) as Answers[Q['ask']];
      },
      async: async () => {
        let timer: NodeJS.Timeout | undefined;
        const reply = await new Promise<FromThread>((resolve) => {
          const id = this.post({ ...question, until }, resolve);
          timer = setTimeout(
            () => {
              this.settle(this.silence(id));
            },
            until + GRACE - Date.now(),
          );
        });
        clearTimeout(timer);
        return valueOf(reply) as Answers[Q['ask']];
      },
    };
  }

  /** The same where the answer is of no interest. @param until milliseconds since the epoch */
  tell(question: Question, until: number): void {
    this.post({ ...question, until }, () => undefined);
  }

  /** Pushes what is stored under a name, some time. @param told what became of it */
  push(stored: ToPush, told: (reply: FromThread) => void): void {
    this.post(stored, told);
  }

  /** Ends when nothing is under way. */
  async whenIdle(): Promise<void> {
    if (this.waiting.size > 0)
      await new Promise<void>((resolve) => {
        this.idle.push(resolve);
      });
  }

  /** The same where the program is about to end. */
  settleAll(): void {
    let lastAnswer = Date.now();
    while (this.waiting.size > 0 && this.sleep(lastAnswer + LONGEST_SILENCE - Date.now())) {
      if (this.read()) lastAnswer = Date.now();
    }
  }

  /** Sleeps until something is answered that was not read. @returns `false` where the time is over, or nothing can come */
  private sleep(milliseconds: number): boolean {
    const { running } = this;
    if (running === undefined || milliseconds <= 0) return false;
    const seen = Atomics.load(running.answers, 0);
    if (this.read()) return true;
    return Atomics.wait(running.answers, 0, seen, milliseconds) !== 'timed-out';
  }

  /** Reads what has been answered, without waiting for a turn. */
  private read(): boolean {
    let isSome = false;
    for (;;) {
      const received = this.running && receiveMessageOnPort(this.running.port);
      if (received === undefined) return isSome;
      isSome = true;
      this.settle(received.message as FromThread);
    }
  }

  private settle(reply: FromThread): void {
    const told = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) {
      this.running?.port.unref();
      for (const resolve of this.idle.splice(0)) queueMicrotask(resolve);
    }
    told?.(reply);
  }

  private silence(id: number): FromThread {
    const message = `the thread that speaks to ${this.settings.url} gave no answer`;
    return { id, failure: { reason: 'ETIMEDOUT', message, isNews: true, meanwhile: WITHOUT_REMOTE } };
  }

  private post(message: ({ until: number } & Question) | ToPush, told: Settle): number {
    const id = ++this.last;
    this.waiting.set(id, told);
    try {
      const { port } = (this.running ??= this.start());
      port.ref();
      port.postMessage({ id, ...message } satisfies ToThread);
    } catch (error) {
      // No threads, under `node --permission`, or not the program of this one, in a bundle.
      this.settle({ id, failure: this.failureOf(error) });
    }
    return id;
  }

  private failureOf(error: unknown): Failure {
    const isNews = !this.hasFailed;
    this.hasFailed = true;
    const message = `the thread that speaks to ${this.settings.url} failed: ${messageOf(error)}`;
    return { reason: 'NO_THREAD', message, isNews, meanwhile: WITHOUT_REMOTE };
  }

  private start(): Running {
    const { port1: port, port2 } = new MessageChannel();
    const answers = new Int32Array(new SharedArrayBuffer(4));
    const workerData: RemoteThreadData = { settings: this.settings, answers, port: port2 };
    const worker = new Worker(threadProgram('remote/thread/remote-worker'), {
      workerData,
      transferList: [port2],
      execArgv: [],
    });
    const running = { worker, port, answers };
    const forget = (error: unknown): void => {
      if (this.running !== running) return;
      this.running = undefined;
      for (const id of [...this.waiting.keys()]) this.settle({ id, failure: this.failureOf(error) });
    };
    worker.on('error', forget).on('exit', () => {
      forget('it ended');
    });
    port.on('message', (reply: FromThread) => {
      this.settle(reply);
    });
    worker.unref();
    return running;
  }
}

function valueOf(reply: FromThread): unknown {
  if ('value' in reply) return reply.value;
  throw new NoAnswer(reply.failure);
}
