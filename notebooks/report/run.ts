/** Runs the analysis in a process of its own, and gathers what it tells. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, CacheEvent, Message, NamedFinding } from './message.js';

const program = fileURLToPath(new URL('../analyse.js', import.meta.url));

/** What one process did. */
export interface Run {
  stores: CacheEvent[];
  /** Loaded from disk; a result that is used again in the same process is in memory by then. */
  loads: CacheEvent[];
  /** Events that should not happen here: a damaged file, a result that cannot be stored. */
  troubles: CacheEvent[];
  answers: Answer[];
  findings: NamedFinding[];
  /** Of the analysis. */
  seconds: number;
  /** Of the process, with its start and its imports. */
  wallSeconds: number;
}

/** @param folder where the results go: the child's STOWAGE_TMPDIR */
export async function runAnalysis(folder: string, args: readonly string[]): Promise<Run> {
  const run: Run = { stores: [], loads: [], troubles: [], answers: [], findings: [], seconds: NaN, wallSeconds: NaN };
  const begin = performance.now();
  const child = fork(program, args, { env: { ...process.env, STOWAGE_TMPDIR: folder } });
  child.on('message', (message) => {
    sort(message as Message, run);
  });
  // The child must be gone before its folder is: it would make it anew.
  const stop = (): void => {
    child.kill('SIGINT');
  };
  process.once('SIGINT', stop);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.off('SIGINT', stop);
  if (signal === 'SIGINT') process.exit(130);
  if (code !== 0 || Number.isNaN(run.seconds)) {
    throw new Error(`the analysis ended early, with ${String(code ?? signal)}; what it said is above`);
  }
  run.wallSeconds = (performance.now() - begin) / 1000;
  return run;
}

function sort(message: Message, run: Run): void {
  switch (message.kind) {
    case 'answer':
      run.answers.push(message);
      break;
    case 'finding':
      run.findings.push(message);
      break;
    case 'done':
      run.seconds = message.seconds;
      break;
    case 'event':
      if (message.type === 'store') run.stores.push(message);
      else if (message.type !== 'hit') run.troubles.push(message);
      else if (message.reason !== 'memory') run.loads.push(message);
  }
}
