/** How many files, functions and file-system calls a call takes: what a reader has to follow, and what a disk has to do. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchCase, Row } from './case.js';
import { benchFolder } from './folder.js';

const script = fileURLToPath(new URL('way-child.js', import.meta.url));

/** More than this, and the case fails. */
const most = {
  hit: { files: 67, functions: 210, calls: 8 },
  small: { files: 58, functions: 175, calls: 4 },
  miss: { files: 107, functions: 396, calls: 30 },
  first: { files: 107, functions: 403, calls: 35 },
} as const;

const words = {
  hit: 'a hit: an array',
  small: 'a hit: a number, in its record',
  miss: 'a miss: an array, durable',
  first: 'the same where its folder is not there yet',
} as const;

function count(kind: keyof typeof most): Row {
  const tmpdir = mkdtempSync(join(benchFolder(), 'way-'));
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, [script, tmpdir, kind], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const found = JSON.parse(stdout) as { files: number; functions: number; calls: number };
    for (const what of ['files', 'functions', 'calls'] as const) {
      if (found[what] === 0) throw new Error(`no ${what} of ${words[kind]} were counted`);
      if (found[what] > most[kind][what])
        throw new Error(`${words[kind]} takes ${String(found[what])} ${what}: more than ${String(most[kind][what])}`);
    }
    const { files, functions, calls } = found;
    return {
      contender: words[kind],
      seconds: [],
      note: `${String(files)} files, ${String(functions)} functions, ${String(calls)} file-system calls`,
    };
  } finally {
    rmSync(tmpdir, { recursive: true });
  }
}

export const way: BenchCase = {
  name: 'way',
  title: 'what a call on the way to disk passes through, in a warm process',
  run: () => [
    {
      title: 'a call that is keyed by a number',
      subject: words.hit,
      rows: (['hit', 'small', 'miss', 'first'] as const).map((kind) => count(kind)),
    },
  ],
};
