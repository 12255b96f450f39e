/** Looking into functions for the first time, and what that leaves behind: the case `code`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CodeReader } from '#lib/code/code-reader.js';
import { noteFile } from '#lib/code/sight/noted-files.js';
import type { BenchCase, Row } from './case.js';
import { importMethods, writeModules } from './code-modules.js';
import { benchFolder } from './folder.js';

const child = fileURLToPath(new URL('code-child.js', import.meta.url));
const ROUNDS = 9;

/** So many times the processor's time that importing the modules takes, at most: more, and the case fails. */
const MOST = 9;

function seconds(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** As hot as code gets: nothing but numbers. */
function hot(): number {
  let sum = 0;
  for (let i = 0; i < 5e7; i++) sum += (i % 7) * 0.5;
  return sum;
}

/** In processes that have done nothing else. */
function cold(folder: string): Row[] {
  const files = writeModules(folder);
  const found = Array.from({ length: ROUNDS }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [child, ...files], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { importing: number; looking: number };
  });
  const times = found.map(({ importing, looking }) => looking / importing).sort((one, other) => one - other);
  const median = times[Math.floor(ROUNDS / 2)] as number;
  if (median > MOST)
    throw new Error(`looking takes ${median.toFixed(1)} times what importing takes: more than ${MOST}`);
  return [
    { contender: 'importing the 50 modules', seconds: found.map(({ importing }) => importing) },
    { contender: 'looking at their 200 methods', seconds: found.map(({ looking }) => looking) },
  ];
}

/** In one process, modules of their own each round. */
async function warm(folder: string): Promise<Row[]> {
  const first: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const files = writeModules(join(folder, String(round)), round + 1);
    for (const file of files) noteFile(file);
    const methods = await importMethods(files);
    const reader = new CodeReader();
    const read = (): void => {
      reader.lookAhead(methods);
      for (const [fn, home] of methods) reader.codeOf(fn, home);
    };
    first.push(seconds(read));
    again.push(seconds(read));
  }
  return [
    { contender: 'first look at 200 methods', seconds: first.slice(1) },
    { contender: 'asked again', seconds: again },
  ];
}

export const codeOfHierarchy: BenchCase = {
  name: 'code',
  title: 'what 200 methods over 50 modules are, with a helper and constants for each: once a process',
  async run() {
    const folder = mkdtempSync(join(benchFolder(), 'code-'));
    try {
      hot();
      const before = Array.from({ length: 7 }, () => seconds(hot));
      const inOne = await warm(folder);
      const after = Array.from({ length: 7 }, () => seconds(hot));
      return [
        { title: 'a fresh process: time of the processor', subject: 'importing the 50 modules', rows: cold(folder) },
        { title: 'a process that has looked before', subject: 'first look at 200 methods', rows: inOne },
        {
          title: 'a hot loop',
          subject: 'before',
          rows: [
            { contender: 'before', seconds: before },
            { contender: 'after', seconds: after },
          ],
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
