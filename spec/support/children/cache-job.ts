/** Processes that have a cache, and end. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { uncounted } from './uncounted.js';

export interface CacheJob {
  folder: string;
  /** What is set in the cache. */
  set: Record<string, number>;
  /** A saver of its own, which writes to the file `own`, or does not. */
  saver?: 'sync' | 'async' | 'never' | 'failing' | 'exits';
  end: 'return' | 'exit' | 'throw' | 'signal' | 'handled' | 'raised' | 'kill at a step' | 'save for ever';
  /** Which of the steps that change the disk is not done any more, counted from 0. */
  step?: number;
}

const script = fileURLToPath(new URL('cache-child.js', import.meta.url));

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a process to its end. */
export function runCacheJob(job: CacheJob): Ended {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [script, JSON.stringify(job)], {
    encoding: 'utf8',
    timeout: 60_000,
    env: uncounted(),
  });
  if (error !== undefined) throw error;
  return { status, signal, stdout, stderr };
}

/** Starts a process; resolves when it is ready. */
export async function startCacheJob(job: CacheJob): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: uncounted(),
  });
  await once(child.stdout, 'data');
  return child;
}

/** Sends a process signals; resolves when it has ended. */
export async function signalled(
  child: ChildProcess,
  ...signals: NodeJS.Signals[]
): Promise<Pick<Ended, 'status' | 'signal'>> {
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  for (const signal of signals) child.kill(signal);
  const [status, signal] = await exit;
  return { status, signal };
}
