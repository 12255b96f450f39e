/** One call, and `clearCache`, in a tag that holds a hundred thousand other entries: the case `full-tag`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearCache, forget } from 'stowage';
import { requireEqual, type BenchCase, type Row } from './case.js';
import { fillWithEntries } from './fill.js';
import { benchFolder } from './folder.js';
import { timeTasks, type Task } from './measure.js';
import { calls, each, survey, type Survey } from './survey.js';

const others = { tags: 1, methods: 5, calls: 20_000 };
const rounds = 9;

function fill(folder: string): void {
  fillWithEntries(folder, others, () => 'bench');
}

/** Each of its calls is stored. */
function stored(folder: string): Survey {
  const subject = survey(folder);
  for (let number = 0; number < calls; number++) subject.level(number);
  return subject;
}

function forgotten(contender: string, subject: Survey): Task {
  return each(contender, (number) => subject.level(number), {
    before: () => {
      forget(subject);
    },
  });
}

/** Numbers below 0 are asked for by nobody else. */
function missed(contender: string, subject: Survey): Task {
  return each(contender, (number) => subject.level(-1 - number), { others: true });
}

function clearing(folder: string): Promise<Row[]> {
  const cleared = join(folder, 'cleared');
  const bare = join(folder, 'bare');
  const before = (tmpdir: string) => (): void => {
    fill(tmpdir);
  };
  const tasks: Task[] = [
    {
      contender: 'clearCache',
      before: before(cleared),
      work: () => {
        clearCache(survey(cleared));
      },
    },
    {
      contender: 'limit: rm -r',
      before: before(bare),
      work: () => {
        rmSync(bare, { recursive: true });
      },
    },
  ];
  return timeTasks(tasks, 2, 0);
}

export const fullTag: BenchCase = {
  name: 'full-tag',
  title: 'one call in a tag of a hundred thousand entries and in an empty one, and clearCache of them',
  async run() {
    const folder = benchFolder();
    const [full, empty] = [join(folder, 'full'), join(folder, 'empty')];
    fill(full);
    const [among, alone] = [stored(full), stored(empty)];
    const hits = await timeTasks([forgotten('among 100 000', among), forgotten('alone', alone)], rounds);
    for (const subject of [among, alone]) requireEqual('how often stowage computed', subject.computed, calls);
    const misses = await timeTasks([missed('among 100 000', among), missed('alone', alone)], rounds);
    requireEqual('how often it computed among others', among.computed, alone.computed);
    return [
      { title: 'a hit on disk', subject: 'among 100 000', rows: hits },
      { title: 'a miss, not durable', subject: 'among 100 000', rows: misses },
      { title: 'clearCache of 100 000 entries', subject: 'clearCache', rows: await clearing(folder) },
    ];
  },
};
