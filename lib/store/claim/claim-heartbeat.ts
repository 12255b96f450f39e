/** Signs of life for those who cannot look for the owner of a claim: the time of its file moves on. */
import { Worker } from 'node:worker_threads';
import { threadProgram } from '../../base/packages/home.js';

/**
 * Touches claims from a thread of its own, since the one that computes may be busy for hours. The thread starts with
 * the first claim, and keeps no process alive. Without it others may take the claim and compute as well, which costs time,
 * and nothing else.
 */
export class Heartbeat {
  private readonly files = new Set<string>();
  private worker: Worker | undefined;

  /** @param seconds from one sign of life to the next */
  constructor(private readonly seconds: number) {}

  add(file: string): void {
    this.files.add(file);
    try {
      this.worker ??= this.start();
    } catch {
      // No threads, under `node --permission`, or not the program of this one, in a bundle.
    }
    this.worker?.postMessage([...this.files]);
  }

  remove(file: string): void {
    if (this.files.delete(file)) this.worker?.postMessage([...this.files]);
  }

  private start(): Worker {
    const worker = new Worker(threadProgram('store/claim/claim-heartbeat-worker'), {
      workerData: this.seconds,
      execArgv: [],
    });
    const forget = (): void => {
      if (this.worker === worker) this.worker = undefined;
    };
    worker.on('error', forget);
    worker.on('exit', forget);
    worker.unref();
    return worker;
  }
}
