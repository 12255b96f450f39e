import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { fillWithEntries, type Layout } from './fill.js';
import { benchFolder } from './folder.js';
import { timeTasks, type Task } from './measure.js';

const command = fileURLToPath(import.meta.resolve('#lib/cli/main.js'));
const entries = 100_000;

const layouts: readonly (Layout & { title: string })[] = [
  { title: '1000 tags of 100 plain results', tags: 1000, methods: 100, calls: 0 },
  { title: '20 tags of 5 methods of 1000 calls, in 25 600 folders', tags: 20, methods: 5, calls: 1000 },
];

/** The least that has to be done: every record is read, by a process of its own, and nothing is made of it. */
const readAll = `
  import * as fs from 'node:fs';
  const read = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const path = folder + '/' + entry.name;
      if (entry.isDirectory()) read(path);
      else if (path.endsWith('.json')) fs.readFileSync(path);
    }
  };
  read(process.argv[1]);
`;

export const listing: BenchCase = {
  name: 'list',
  title: '`stowage ls` of a hundred thousand entries, from the start of the process to its end',
  async run() {
    const comparisons: Comparison[] = [];
    for (const layout of layouts) {
      const folder = benchFolder();
      fillWithEntries(folder, layout);
      const cache = benchFolder();
      const tasks: Task[] = [
        {
          contender: 'stowage ls',
          note: 'which remembers the records',
          work: () => {
            list(folder, cache);
          },
        },
        {
          contender: 'stowage ls, the first one',
          work: () => {
            fs.rmSync(cache, { recursive: true, force: true });
            list(folder, cache);
          },
        },
        {
          contender: 'readFileSync of each record',
          note: 'nothing made of it',
          work: () => {
            start(process.execPath, ['--input-type=module', '--eval', readAll, folder]);
          },
        },
        {
          contender: 'du -s',
          note: 'sizes alone',
          work: () => {
            start('du', ['-s', folder]);
          },
        },
      ];
      comparisons.push({ title: layout.title, subject: 'stowage ls', rows: await timeTasks(tasks, 5) });
      for (const each of [folder, cache]) fs.rmSync(each, { recursive: true });
    }
    return comparisons;
  },
};

/** @param cache of the user, where what is remembered lies */
function list(folder: string, cache: string): void {
  const argv = [command, 'ls', '--json', '--tmpdir', folder];
  const listed = JSON.parse(start(process.execPath, argv, { XDG_CACHE_HOME: cache })) as {
    entries: number;
  }[];
  requireEqual(
    'stowage ls',
    listed.reduce((count, row) => count + row.entries, 0),
    entries,
  );
}

function start(program: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout } = spawnSync(program, argv, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, ...env },
  });
  requireEqual(`the exit code of ${program}`, status, 0);
  return stdout;
}
