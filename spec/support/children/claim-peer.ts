/** Another process, or another thread, that calls methods of a {@link Night} when told. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export interface Request {
  /** Where the lines and gates are. */
  stage: string;
  tmpdir: string;
  tag: string;
  method: 'slow' | 'slowly' | 'unclaimed' | 'failsFirst' | 'sum' | 'total' | 'left' | 'right';
  argument?: number;
  /** Opened when the call begins. */
  begins?: string;
  /** Opened when a `wait` is told. */
  waits?: string;
  claimWait?: number;
}

export interface Answer {
  value?: unknown;
  error?: { name: string; message: string };
  /** The events of the call, and why. */
  events: string[];
  /** Seconds from call to value, and of those the processor's. */
  seconds: number;
  cpu: number;
}

const script = new URL('./claim-peer-main.js', import.meta.url);

export class Peer {
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(
    private readonly peer: ChildProcess | Worker,
    private readonly ready: Promise<unknown>,
  ) {
    peer.on('message', (message: { answer?: Answer }) => {
      if (message.answer !== undefined) this.waiting?.resolve(message.answer);
    });
    peer.on('error', (error: Error) => this.waiting?.reject(error));
    peer.on('exit', (code: number | null) => this.waiting?.reject(new Error(`the peer ended (${code})`)));
  }

  static async process(): Promise<Peer> {
    const child = fork(fileURLToPath(script), { serialization: 'advanced' });
    const peer = new Peer(child, once(child, 'message'));
    await peer.ready;
    return peer;
  }

  static async thread(): Promise<Peer> {
    const worker = new Worker(script);
    const peer = new Peer(worker, once(worker, 'message'));
    await peer.ready;
    return peer;
  }

  /** Its process id, or its thread's number. */
  get id(): number {
    return this.peer instanceof Worker ? this.peer.threadId : (this.peer.pid ?? -1);
  }

  async call(request: Request): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => (this.waiting = { resolve, reject }));
    if (this.peer instanceof Worker) this.peer.postMessage(request);
    else this.peer.send(request);
    return answer;
  }

  /** Ends it in the middle of whatever it does. The call that it was at is rejected. */
  async kill(): Promise<void> {
    if (this.peer instanceof Worker) {
      await this.peer.terminate();
    } else if (this.peer.exitCode === null && this.peer.signalCode === null) {
      const ended = once(this.peer, 'exit');
      this.peer.kill('SIGKILL');
      await ended;
    }
  }
}
