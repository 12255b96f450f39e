import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile } from '../examples/compile.js';
import type { Example } from '../examples/example.js';
import { execute } from '../examples/execute.js';

const PACKAGE = resolve(import.meta.dirname, '../../..');
const FOLDER = join(PACKAGE, 'lib/recipe');
/** One line, so that the lines of messages are those of the file. */
const PRELUDE = [
  "import { deepStrictEqual } from 'node:assert';",
  "import { Cache } from 'stowage/kv';",
  "import { Averager, barrier, BoundedSemaphore, Lock, memoizeStampede, RLock, throttle, type MakeLock } from 'stowage/recipe';",
].join(' ');

/** `latency.get(); // 0.1` says what it is. */
const CLAIM = /^(?<expression>\S.*); \/\/ (?<value>[\d'"[{].*|true|false|undefined)$/;

/** The example of a file's documentation that stands by itself. */
function exampleOf(file: string): Example | undefined {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  const start = lines.findIndex((line, at) => line === ' * @example' && lines[at + 1]?.includes('new Cache(') === true);
  if (start < 0) return undefined;
  const end = lines.findIndex((line, at) => at > start && /^ \*(\/| @)/.test(line));
  const code = lines.slice(start + 1, end).map((line) => {
    const text = line.slice(3);
    const { expression, value } = CLAIM.exec(text)?.groups ?? {};
    return expression === undefined ? text : `deepStrictEqual(${expression}, ${value ?? ''});`;
  });
  return { file, line: start + 1, code: [PRELUDE, ...code], decorators: 'standard', steps: [] };
}

describe('the examples of the recipes', () => {
  it('are right, one in each recipe', async () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const examples = files.flatMap((file) => exampleOf(file) ?? []);
    expect(examples.map(({ file }) => file)).to.have.members([
      'averager.ts',
      'barrier.ts',
      'lock/bounded-semaphore.ts',
      'lock/lock.ts',
      'lock/r-lock.ts',
      'memoize-stampede.ts',
      'throttle.ts',
    ]);
    const parent = join(PACKAGE, 'build', 'examples');
    mkdirSync(parent, { recursive: true });
    const sources = mkdtempSync(join(parent, 'recipe-'));
    try {
      for (const compiled of compile(examples, sources, PACKAGE)) {
        expect(compiled.errors).to.deep.equal([]);
        expect(await execute(compiled)).to.equal(undefined);
      }
    } finally {
      rmSync(sources, { recursive: true });
    }
  });
});
