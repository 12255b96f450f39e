/** A program of the system that runs for as long as a spec needs it, and no longer, whatever becomes of the spec. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as later } from 'node:timers/promises';

export class Service {
  private readonly child: ChildProcess;
  private words = '';

  constructor(
    readonly program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ) {
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.words = (this.words + chunk.toString()).slice(-10_000)));
    running.add(this);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until something holds. @throws with what the program said, where it ended before */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      if (!this.isRunning) throw new Error(`${this.program} ended: ${this.words}`);
      await later(20);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    running.delete(this);
    if (!this.isRunning) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }

  /** Without waiting, as the process that started it ends. */
  abandon(): void {
    this.child.kill('SIGKILL');
  }
}

const running = new Set<Service>();
process.on('exit', () => {
  for (const service of running) service.abandon();
});
