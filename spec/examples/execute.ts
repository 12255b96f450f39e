import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compiled } from './compile.js';
import { difference } from './difference.js';

const timeoutSeconds = 120;

/**
 * Runs a compiled example in a process, a working folder and a cache folder of its own.
 *
 * @returns what is wrong, with the place in the Markdown file and the output; `undefined` where nothing is
 */
export async function execute({ example, source, script }: Compiled): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-example-'));
  try {
    const { stdout, output, end } = await runScript(script, folder);
    const place = `${example.file}:${example.line}`;
    const shown = output.replaceAll(source, example.file).trimEnd();
    if (end !== undefined) return `${place}: the example ${end}\n${shown}`;
    const differs = example.output && difference(stdout, example.output.content);
    if (!example.output || !differs) return undefined;
    return `${example.file}:${example.output.line + differs.line}: ${differs.message}; the example printed\n${shown}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  stdout: string;
  /** What came on stdout and stderr, as it came. */
  output: string;
  /** How it ended, unless it ended well. */
  end: string | undefined;
}

function runScript(script: string, folder: string): Promise<Ended> {
  const cwd = join(folder, 'work');
  const cache = join(folder, 'cache');
  for (const each of [cwd, cache]) mkdirSync(each);
  const env: NodeJS.ProcessEnv = { ...process.env, STOWAGE_TMPDIR: cache, NO_COLOR: '1' };
  // Settings of the caller's that would change what a reader sees.
  for (const name of ['STOWAGE', 'FORCE_COLOR', 'NODE_OPTIONS']) Reflect.deleteProperty(env, name);
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const failed = signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was ended by ${signal}`;
      resolve({ stdout, output, end: code === 0 ? undefined : failed });
    });
  });
}
