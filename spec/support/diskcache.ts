/** A real python-diskcache to share folders with, where the machine has one. */
import { spawnSync } from 'node:child_process';
import { runPython } from './numpy.js';

const PYTHON = '/usr/bin/python3';
let isThere: boolean | undefined;

/** Skips a test or a suite, and says so, where there is no python-diskcache. */
export function requireDiskcache(context: Mocha.Context, name: string): void {
  isThere ??= spawnSync(PYTHON, ['-c', 'import diskcache']).status === 0;
  if (isThere) return;
  console.warn(`SKIPPED: ${name}: python3-diskcache is not installed (apt-get install python3-diskcache)`);
  context.skip();
}

/** What every script begins with. `given` is the input; the script sets `answer`, or fills it. */
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

/** Runs Python with python-diskcache at hand. @returns what the script leaves in `answer` */
export function inPython(script: string, input: unknown): unknown {
  return runPython(PYTHON, `${PRELUDE}\n${script}\njson.dump(answer, sys.stdout)\n`, input);
}
