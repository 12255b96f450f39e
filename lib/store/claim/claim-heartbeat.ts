/** Signs of life for those who cannot look for the owner of a claim: the time of its file moves on. */
import { Worker } from 'node:worker_threads';

/** What the worker is told. */
export interface HeartbeatMessage {
  add?: string;
  remove?: string;
}

/**
 * Touches claims from a thread of its own, since the one that computes may be busy for hours. The thread starts with
 * the first claim, and keeps no process alive.
 */
export class Heartbeat {
  private worker: Worker | undefined;

  /** @param seconds from one sign of life to the next */
  constructor(private readonly seconds: number) {}

  add(file: string): void {
    try {
      this.worker ??= this.start();
    } catch {
      // No threads, under `node --permission`: then others may take the claim after a while, and compute as well.
      return;
    }
    this.worker.postMessage({ add: file } satisfies HeartbeatMessage);
  }

  remove(file: string): void {
    this.worker?.postMessage({ remove: file } satisfies HeartbeatMessage);
  }

  private start(): Worker {
    const worker = new Worker(new URL('./claim-heartbeat-worker.js', import.meta.url), {
      workerData: this.seconds,
      execArgv: [],
    });
    const forget = (): void => {
      if (this.worker === worker) this.worker = undefined;
    };
    // Without it others may take the claim and compute as well, which costs time, and nothing else.
    worker.on('error', forget);
    worker.on('exit', forget);
    worker.unref();
    return worker;
  }
}
