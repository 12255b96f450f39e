/** An analyzer whose methods say when they run, and how to look at it from another process. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheOnDisk, getDiskCacher } from 'stowage';

export class Analysis {
  /** Which methods ran, in order. */
  readonly ran: string[] = [];

  @cacheOnDisk
  array(): Float64Array {
    this.ran.push('array');
    return Float64Array.of(1.5, -0, NaN);
  }

  @cacheOnDisk
  small(): { x: number } {
    this.ran.push('small');
    return { x: 1 };
  }

  @cacheOnDisk
  blob(): Map<string, number> {
    this.ran.push('blob');
    return new Map([['a', 1]]);
  }

  @cacheOnDisk
  async later(): Promise<Float64Array> {
    await Promise.resolve();
    this.ran.push('later');
    return Float64Array.of(2);
  }

  /** 2 MiB: above what is verified on every load. */
  @cacheOnDisk
  big(): Float64Array {
    this.ran.push('big');
    return new Float64Array(1 << 18).fill(7);
  }

  /** Names and permissions of the claims that stand while it is computed: one is its own. */
  @cacheOnDisk
  claims(): string[] {
    this.ran.push('claims');
    const folder = dirname(getDiskCacher(this, 'claims').fullpath());
    const names = readdirSync(folder).filter((name) => name.endsWith('.claim'));
    return names.map(
      (name) =>
        `${name} ${(statSync(join(folder, name)).mode & 0o7777).toString(8)} ${statSync(join(folder, name)).gid}`,
    );
  }

  @cacheOnDisk
  of(n: number): Float64Array {
    this.ran.push(`of ${n}`);
    return Float64Array.of(n);
  }
}

/** What `one-analysis.ts` is to do in a process of its own. */
export interface Job {
  tmpdir?: string;
  tag?: string;
  /** Methods without arguments of {@link Analysis}, in order; `!clear` clears the cache, `!rm` removes the tag's folder, `!invalidate` invalidates all. */
  calls: string[];
  configuration?: { readonly?: boolean; permissions?: number };
  /** Is the log to go to a file? */
  logfile?: string;
}

export interface Told {
  values: unknown[];
  ran: string[];
  events: { type: string; reason?: string; error?: { code: string; cause: string; message: string } }[];
}

export const childFile = fileURLToPath(new URL('one-analysis.js', import.meta.url));

export interface ChildOptions {
  env?: Record<string, string>;
  /** Run as this user and group: only root can. */
  uid?: number;
  /** Another Node.js. */
  program?: string;
  /** Flags of Node.js. */
  flags?: readonly string[];
}

function rawChild(
  job: Job,
  { env = {}, uid, program = process.execPath, flags = [] }: ChildOptions,
): SpawnSyncReturns<string> {
  const { STOWAGE: _, STOWAGE_TMPDIR: __, ...rest } = process.env;
  // Another user cannot write where coverage is collected, and would say so; left out, node would hand it on itself.
  if (uid !== undefined) rest.NODE_V8_COVERAGE = '';
  return spawnSync(program, [...flags, childFile, JSON.stringify(job)], {
    encoding: 'utf8',
    env: { ...rest, ...env },
    cwd: '/',
    ...(uid !== undefined && { uid, gid: uid }),
    timeout: 60_000,
  });
}

/** Does a job in a process of its own. */
export function runChild(job: Job, options: ChildOptions = {}): Told & { stderr: string } {
  const { status, signal, stdout, stderr, error } = rawChild(job, options);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`the child ended with ${String(status ?? signal)}: ${stderr}`);
  return { ...(JSON.parse(stdout) as Told), stderr };
}

const nobody = 65_534;
let asNobody: boolean | undefined;

/**
 * The user for whom permissions matter: they do not for root, who becomes nobody. Skips, and says so, where nobody cannot
 * run node or read this project.
 */
export function unprivileged(context: Mocha.Context): ChildOptions {
  if (process.getuid?.() !== 0) return {};
  asNobody ??= rawChild({ calls: [] }, { uid: nobody }).status === 0;
  if (asNobody) return { uid: nobody };
  console.warn(`SKIPPED: ${context.test?.title ?? ''}: run as root, and nobody cannot run node here`);
  return context.skip();
}

/** Mounts something for a test; the answer undoes it. Skips, and says so, where that is not permitted. */
export function mount(context: Mocha.Context, args: string[], target: string): () => void {
  const { status } = spawnSync('mount', [...args, target]);
  if (status !== 0) {
    console.warn(`SKIPPED: ${context.test?.title ?? ''}: mount is not permitted`);
    return context.skip();
  }
  return () => void spawnSync('umount', [target]);
}
