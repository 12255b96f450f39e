/** A real python-diskcache to share folders with, where the machine has one. */
import { spawnSync } from 'node:child_process';
import { findNumPy, runPython } from './numpy.js';

let found: { python: string | undefined } | undefined;

/** Skips a test or a suite, and says so, where there is no python-diskcache; otherwise gives the Python that has it. */
export function requireDiskcache(context: Mocha.Context, name: string): string {
  found ??= { python: findDiskcache() };
  if (found.python !== undefined) return found.python;
  console.warn(`SKIPPED: ${name}: python3-diskcache and python3-numpy are not installed (apt-get install python3-diskcache)`);
  return context.skip();
}

function findDiskcache(): string | undefined {
  const python = findNumPy();
  return python !== undefined && spawnSync(python, ['-c', 'import diskcache']).status === 0 ? python : undefined;
}

/** What every script begins with. `given` is the input; the script fills `answer`. */
const PRELUDE = `
import json, sys, warnings
from diskcache import Cache, Deque, FanoutCache, Index, JSONDisk
given = json.load(sys.stdin)
answer = {}
def complaints(cache):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return [str(warning.message) for warning in cache.check()]
`;

/** Runs a script with python-diskcache at hand. @returns what it leaves in `answer` */
export function runDiskcache(python: string, script: string, input: unknown): unknown {
  return runPython(python, `${PRELUDE}\n${script}\njson.dump(answer, sys.stdout)\n`, input);
}
