/** A real NumPy to check against, where the machine has one. */
import { spawnSync } from 'node:child_process';

const CANDIDATES = ['/usr/bin/python3', 'python3', 'python'];
let found: { python: string | undefined } | undefined;

/** The first Python that can import NumPy. */
export function findNumPy(): string | undefined {
  found ??= { python: CANDIDATES.find((python) => spawnSync(python, ['-c', 'import numpy']).status === 0) };
  return found.python;
}

/** Skips a test or a suite, and says so, where there is no NumPy; otherwise gives the Python that has it. */
export function requireNumPy(context: Mocha.Context, name: string): string {
  const python = findNumPy();
  if (python !== undefined) return python;
  console.warn(`SKIPPED: ${name}: python3-numpy is not installed (apt-get install python3-numpy)`);
  return context.skip();
}

/** Runs a script with JSON on its standard input; what it prints is JSON. */
export function runPython(python: string, script: string, input: unknown): unknown {
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`python ended with ${String(status)}: ${stderr}`);
  return JSON.parse(stdout);
}
