/** Runs `stowage` within this process, or as a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { run } from '#lib/cli/run.js';
import type { Io } from '#lib/cli/terminal/io.js';

/** What a command came to. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  /** What somebody at a terminal answers when asked, `null` for Ctrl-D; without, there is no terminal. */
  answer?: string | null;
  env?: NodeJS.ProcessEnv;
  /** @defaultValue never interrupted */
  signal?: AbortSignal;
  /** Width of a terminal on stdout. @defaultValue stdout is none */
  columns?: number;
}

/** Runs a command line in this process. */
export async function stowage(
  argv: readonly string[],
  { answer, env = {}, signal, columns }: Surroundings = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const stdin = Object.assign(new PassThrough(), { isTTY: answer !== undefined });
  stdin.end(answer === null ? '' : `${answer ?? ''}\n`);
  const stderr = new PassThrough();
  stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const io: Io = {
    stdout: { write: (text) => (written.stdout += text), ...(columns !== undefined && { isTTY: true, columns }) },
    stderr,
    stdin,
    env,
    interruptible: async (work) => work(signal ?? new AbortController().signal),
  };
  const code = await run(argv, io);
  return { code, ...written };
}

/** The answer of a command with `--json`. */
export async function stowageJson<T>(argv: readonly string[], surroundings?: Surroundings): Promise<T> {
  const { stdout, stderr } = await stowage([...argv, '--json'], surroundings);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** The command's program. */
export const mainProgram = fileURLToPath(import.meta.resolve('#lib/cli/main.js'));

/** Starts the command as a process of its own. @param env beside that of this process */
export function startStowage(argv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  return startProgram(process.execPath, [mainProgram, ...argv], env);
}

/** Starts any program. @param env beside that of this process */
export function startProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcessWithoutNullStreams {
  return spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...env } });
}

/** What a process of its own came to. One that a signal ended has the code 128. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const code = await new Promise<number>((resolve) => {
    child.once('close', (status) => {
      resolve(status ?? 128);
    });
  });
  return { code, ...written };
}
