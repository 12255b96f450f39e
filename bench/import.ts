import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireEqual, type BenchCase } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks, type Task } from './measure.js';

/** Here `stowage` is what is published: dist/. */
const project = fileURLToPath(new URL('../..', import.meta.url));

const programs: Readonly<Record<string, string>> = {
  'node alone': '',
  stowage: "import 'stowage';",
  'stowage/kv': "import 'stowage/kv';",
  'stowage/recipe': "import 'stowage/recipe';",
  'stowage/memo': "import 'stowage/memo';",
  'stowage/manager': "import 'stowage/manager';",
  'apache-arrow': "import 'apache-arrow';",
};

export const importing: BenchCase = {
  name: 'import',
  title: "what import 'stowage' adds to the start of a process",
  async run() {
    const tasks = Object.entries(programs).map(([contender, program]): Task => ({
      contender,
      ...(contender === 'apache-arrow' && { note: 'loaded by stowage when first needed, for comparison' }),
      work() {
        start(contender, ['--input-type=module', '--eval', program]);
      },
    }));
    const folder = benchFolder();
    tasks.push({
      contender: 'stowage ls',
      note: 'of an empty folder',
      work() {
        start('stowage ls', ['dist/cli.js', 'ls', '--tmpdir', folder]);
      },
    });
    return [{ title: 'whole process, from spawn to exit', subject: 'node alone', rows: await timeTasks(tasks, 15, 2) }];
  },
};

function start(what: string, argv: readonly string[]): void {
  const { status } = spawnSync(process.execPath, argv, { cwd: project });
  requireEqual(`the exit code of ${what}`, status, 0);
}
