/** Peers written in Python, in one process of their own, driven by lines of JSON. */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Task } from './measure.js';

const script = fileURLToPath(new URL('../../bench/peers.py', import.meta.url));
const interpreter = process.env.BENCH_PYTHON ?? '/usr/bin/python3';

/** What a peer is made with. */
export type Package = 'numpy' | 'joblib' | 'diskcache';

/** Peers that are given NumPy's arrays. */
const NEEDS_NUMPY: ReadonlySet<Package> = new Set<Package>(['numpy', 'joblib']);

/** What a request came to; `seconds` is what Python measured. */
export interface Answer {
  seconds: number;
  result: unknown;
}

class Python {
  /** Versions by package, `undefined` where one is missing. */
  readonly versions: Partial<Record<'python' | Package, string>>;
  private child: ChildProcessWithoutNullStreams | undefined;
  private lines: AsyncIterator<string> | undefined;
  private reader: Interface | undefined;

  constructor() {
    const asked = spawnSync(interpreter, [script, '--versions'], { encoding: 'utf8' });
    this.versions = asked.status === 0 ? (JSON.parse(asked.stdout) as Python['versions']) : {};
  }

  /** A task in Python, or one that says loudly which package is missing. */
  task(contender: string, needs: Package, task: Omit<Task, 'contender'>): Task[] {
    return this.has(needs) ? [{ contender, ...task }] : [];
  }

  has(name: Package): boolean {
    return (!NEEDS_NUMPY.has(name) || this.versions.numpy !== undefined) && this.versions[name] !== undefined;
  }

  /** Rows for contenders that are not here. */
  missing(contenders: Readonly<Record<string, Package>>): { contender: string; seconds: number[]; note: string }[] {
    return Object.entries(contenders)
      .filter(([, name]) => !this.has(name))
      .map(([contender, name]) => ({
        contender,
        seconds: [],
        note: `NOT RUN: ${interpreter} has no ${name} (Debian: apt install python3-${name})`,
      }));
  }

  /** Asks for one operation of `peers.py`. */
  async ask(operation: string, parameters: Record<string, unknown> = {}): Promise<Answer> {
    if (this.child === undefined) {
      this.child = spawn(interpreter, [script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }) as unknown as ChildProcessWithoutNullStreams;
      this.reader = createInterface({ input: this.child.stdout });
      this.lines = this.reader[Symbol.asyncIterator]();
    }
    this.child.stdin.write(`${JSON.stringify({ operation, ...parameters })}\n`);
    const line = await this.lines?.next();
    if (line === undefined || line.done === true) throw new Error(`${interpreter} ${script} ended during ${operation}`);
    const answer = JSON.parse(line.value) as Answer | { error: string };
    if ('error' in answer) throw new Error(`${operation} in Python: ${answer.error}`);
    return answer;
  }

  /** Ends the process; the next request starts another. */
  close(): void {
    this.reader?.close();
    this.child?.stdin.end();
    this.child = undefined;
  }
}

/** The one Python of a run. It is started when first asked. */
export const python = new Python();
