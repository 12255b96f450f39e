import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findPython } from '../support/peers/numpy.js';
import type { Compiled } from './compile.js';
import { difference } from './difference.js';
import type { Block, Step } from './example.js';

const timeoutSeconds = 300;
const commandLine = resolve(import.meta.dirname, '../../lib/cli/main.js');

/**
 * Runs a compiled example, and what is done with its files, in a working folder and a cache folder of its own.
 *
 * @returns what is wrong, with the place in the Markdown file and the output; `undefined` where nothing is
 */
export async function execute({ example, source, script }: Compiled): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-example-'));
  for (const each of ['work', 'cache']) mkdirSync(join(folder, each));
  try {
    const ended = await run(process.execPath, ['--enable-source-maps', script], folder);
    ended.output = ended.output.replaceAll(source, example.file);
    let wrong = judge(ended, example, example.file);
    for (const step of example.steps) {
      const program = wrong === undefined ? programOf(step, example.file) : undefined;
      if (program !== undefined) wrong = judge(await run(program[0], program[1], folder), step, example.file);
    }
    return wrong;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge({ stdout, output, end }: Ended, block: Block, file: string): string | undefined {
  const shown = output.trimEnd();
  if (end !== undefined) return `${file}:${block.line}: the example ${end}\n${shown}`;
  const differs = block.output && difference(stdout, block.output.content);
  if (!block.output || !differs) return undefined;
  return `${file}:${block.output.line + differs.line}: ${differs.message}; the example printed\n${shown}`;
}

/** How to run a step; nothing, and a word about it, where there is no Python with the modules that it imports. */
function programOf({ language, line, code }: Step, file: string): [program: string, args: string[]] | undefined {
  const text = code.join('\n');
  if (language === 'sh') {
    const stowage = `stowage() { '${process.execPath}' '${commandLine}' "$@"; }`;
    return ['sh', ['-e', '-c', `${stowage}\n${text}`]];
  }
  const modules = Array.from(text.matchAll(/^(?:import|from) (\w+)/gm), ([, name]) => name).join(', ');
  const python = findPython(modules === '' ? 'sys' : modules);
  if (python === undefined) console.warn(`SKIPPED: ${file}:${line}: no Python has ${modules}`);
  return python === undefined ? undefined : [python, ['-c', text]];
}

interface Ended {
  stdout: string;
  /** What came on stdout and stderr, as it came. */
  output: string;
  /** How it ended, unless it ended well. */
  end: string | undefined;
}

function run(program: string, args: readonly string[], folder: string): Promise<Ended> {
  const env: NodeJS.ProcessEnv = { ...process.env, STOWAGE_TMPDIR: join(folder, 'cache'), NO_COLOR: '1' };
  // Settings of the caller's that would change what a reader sees.
  for (const name of ['STOWAGE', 'FORCE_COLOR', 'NODE_OPTIONS']) Reflect.deleteProperty(env, name);
  const child = spawn(program, args, {
    cwd: join(folder, 'work'),
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
