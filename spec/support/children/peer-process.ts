/** Another process that works with us, line by line. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export class PeerProcess implements AsyncDisposable {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: AsyncIterator<string>;
  private readonly troubles: Promise<string>;
  private readonly ended: Promise<unknown>;

  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { stdio: 'pipe' });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.troubles = text(this.child.stderr);
    this.ended = once(this.child, 'exit');
    // To write to one that has ended is no fault: its end is what is told.
    this.child.stdin.on('error', () => undefined);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** The next line that it says. @throws where it ended instead */
  async line(): Promise<string> {
    const line = await this.lines.next();
    if (line.done === true) throw new Error(`the peer ended before it said more: ${await this.troubles}`);
    return line.value;
  }

  /** Waits until it has said a word. */
  async says(word: string): Promise<void> {
    while ((await this.line()) !== word);
  }

  /** Lets it go on. */
  goOn(word = ''): void {
    this.child.stdin.write(`${word}\n`);
  }

  /** Waits for its end. @throws where that was not a good one */
  async done(): Promise<void> {
    await this.ended;
    if (this.child.exitCode !== 0) throw new Error(`the peer failed: ${await this.troubles}`);
  }

  /** Ends it in the middle of whatever it does. @throws where it had ended by itself */
  async kill(): Promise<void> {
    const isKilled = this.child.kill('SIGKILL');
    await this.ended;
    if (!isKilled) throw new Error(`the peer ended by itself: ${await this.troubles}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
  }
}
