/** A process that stands for a host, with what it has said: see `host-main.ts`. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(import.meta.dirname, 'host-main.js');

export class Host {
  readonly said: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  /** @param command what runs it, `unshare --pid` for example */
  constructor(args: readonly string[], command: readonly string[] = []) {
    const [program = '', ...rest] = [...command, process.execPath, '--no-warnings', PROGRAM, ...args];
    this.child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    if (this.child.stdout !== null) createInterface(this.child.stdout).on('line', (line) => this.said.push(line));
    this.ended = once(this.child, 'close');
  }

  /** Waits until it has said something. @throws where it ends without */
  async says(what: string): Promise<void> {
    while (!this.said.includes(what)) {
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null) throw new Error(`it ended, and said ${this.said.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** All that it said until its end. */
  async words(): Promise<string[]> {
    await this.ended;
    return this.said;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
