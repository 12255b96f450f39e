import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { requireEqual, type BenchCase } from './case.js';
import { timeTasks, type Task } from './measure.js';

const project = fileURLToPath(new URL('../..', import.meta.url));

const programs: Readonly<Record<string, string>> = {
  'node alone': '',
  stowage: "import 'stowage';",
  'apache-arrow': "import 'apache-arrow';",
  pino: "import 'pino';",
};

export const importing: BenchCase = {
  name: 'import',
  title: "what import 'stowage' adds to the start of a process",
  async run() {
    const tasks = Object.entries(programs).map(([contender, program]): Task => ({
      contender,
      ...((contender === 'apache-arrow' || contender === 'pino') && {
        note: 'loaded by stowage when first needed, for comparison',
      }),
      work() {
        const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: project });
        requireEqual(`the exit code of ${contender}`, status, 0);
      },
    }));
    return [{ title: 'whole process, from spawn to exit', subject: 'stowage', rows: await timeTasks(tasks, 15, 2) }];
  },
};
