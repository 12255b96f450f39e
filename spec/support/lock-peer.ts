/** Another process that shares a lock with us, in Node.js or in Python. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { LOCK_JOB } from './lock-job-python.js';
import type { LockJob } from './lock-job.js';

export class LockPeer implements AsyncDisposable {
  private readonly lines: AsyncIterator<string>;
  private readonly troubles: Promise<string>;
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.troubles = text(child.stderr);
    this.ended = once(child, 'exit');
  }

  static node(job: LockJob): LockPeer {
    const script = fileURLToPath(new URL('lock-job-main.js', import.meta.url));
    return new LockPeer(spawn(process.execPath, [script, JSON.stringify(job)], { stdio: 'pipe' }));
  }

  static python(python: string, job: LockJob): LockPeer {
    return new LockPeer(spawn(python, ['-c', LOCK_JOB, JSON.stringify(job)], { stdio: 'pipe' }));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Waits until it has said a word. */
  async says(word: string): Promise<void> {
    for (;;) {
      const line = await this.lines.next();
      if (line.done === true) throw new Error(`the peer ended before it said ${word}: ${await this.troubles}`);
      if (line.value === word) return;
    }
  }

  /** Lets it go on. */
  goOn(): void {
    this.child.stdin.write('\n');
  }

  /** Waits for its end. @throws where that was not a good one */
  async done(): Promise<void> {
    await this.ended;
    if (this.child.exitCode !== 0) throw new Error(`the peer failed: ${await this.troubles}`);
  }

  /** Ends it in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill();
  }
}
