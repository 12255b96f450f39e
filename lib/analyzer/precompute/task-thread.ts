/** A thread that works through tasks, one at a time. */
import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort, type ResourceLimits, type Transferable } from 'node:worker_threads';

/** What a thread is started with: where its tasks come from, and its answers go. */
export interface ThreadData {
  port: MessagePort;
}

/** Starts with its first task, and anew with the next one where it has died. */
export class TaskThread {
  private running: { worker: Worker; port: MessagePort } | undefined;

  constructor(
    private readonly program: URL,
    private readonly resourceLimits: ResourceLimits,
  ) {}

  /**
   * Gives a task to the thread, and its answer back.
   * @throws Error where the thread dies before: what nothing caught in it, or its exit code
   */
  async run(task: object, transferList: readonly Transferable[]): Promise<unknown> {
    const { worker, port } = (this.running ??= this.start());
    const settled = new AbortController();
    const { signal } = settled;
    const died = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`worker exited with code: ${String(code)}`);
    });
    const answered = once(port, 'message', { signal });
    // Given up once the other one has come.
    for (const each of [died, answered]) each.catch(() => undefined);
    try {
      port.postMessage(task, transferList);
      const [answer] = (await Promise.race([answered, died])) as unknown[];
      return answer;
    } finally {
      settled.abort();
    }
  }

  /** Stops what it does: a task that is under way fails. */
  async end(): Promise<void> {
    await this.running?.worker.terminate();
  }

  private start(): NonNullable<typeof this.running> {
    const { port1: port, port2 } = new MessageChannel();
    const workerData: ThreadData = { port: port2 };
    const { program, resourceLimits } = this;
    const worker = new Worker(program, { workerData, transferList: [port2], resourceLimits });
    const running = { worker, port };
    const forget = (): void => {
      port.close();
      if (this.running === running) this.running = undefined;
    };
    // What is not caught between two tasks ends the thread, and nothing else.
    worker.on('error', forget).on('exit', forget);
    return running;
  }
}
