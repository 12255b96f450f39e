/** A real Python to check against, where the machine has one: with NumPy, with python-diskcache. */
import { spawnSync } from 'node:child_process';

const CANDIDATES = ['/usr/bin/python3', 'python3', 'python'];
const found = new Map<string, string | undefined>();

/** The first Python that can import a module. */
export function findPython(module: string): string | undefined {
  if (!found.has(module)) {
    found.set(
      module,
      CANDIDATES.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0),
    );
  }
  return found.get(module);
}

/** Skips a test or a suite, and says so, where there is no Python with a module; otherwise gives the one that has it. */
function requirePython(context: Mocha.Context, name: string, module: string): string {
  const python = findPython(module);
  if (python !== undefined) return python;
  console.warn(`SKIPPED: ${name}: python3-${module} is not installed (apt-get install python3-${module})`);
  return context.skip();
}

/** Skips a test or a suite, and says so, where there is no NumPy; otherwise gives the Python that has it. */
export function requireNumPy(context: Mocha.Context, name: string): string {
  return requirePython(context, name, 'numpy');
}

/** The same for python-diskcache. */
export function requireDiskcache(context: Mocha.Context, name: string): string {
  return requirePython(context, name, 'diskcache');
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
