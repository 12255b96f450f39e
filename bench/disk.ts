/** One call on the way to disk, of a cheap method of one number: the cases `disk-hit` and `disk-miss`. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { forget } from 'stowage';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks, type Task } from './measure.js';
import { python } from './python.js';
import { calls, each, survey, type Survey } from './survey.js';

/** After so many calls, every folder of calls is there. */
const FOLDERS_FILLED = 2000;

const rounds = 9;

function joblib(folder: string, others = false): Task[] {
  let first = 0;
  return python.task('joblib.Memory', 'joblib', {
    async work() {
      if (others) first += calls;
      const { seconds } = await python.ask('joblib_levels', { folder, first, calls });
      return { seconds: seconds / calls };
    },
  });
}

const half = (calls * (calls - 1)) / 4;

function sumOf(subject: Survey): number {
  let sum = 0;
  for (let number = 0; number < calls; number++) sum += subject.level(number);
  return sum;
}

async function requireSame(subject: Survey, memory: string): Promise<void> {
  requireEqual('stowage', sumOf(subject), half);
  forget(subject);
  requireEqual('stowage, loaded', sumOf(subject), half);
  requireEqual('how often stowage computed', subject.computed, calls);
  if (python.has('joblib'))
    requireEqual(
      'joblib.Memory',
      (await python.ask('joblib_levels', { folder: memory, first: 0, calls })).result,
      half,
    );
}

/** The files that hold the results. */
function recordsIn(folder: string): string[] {
  const names = fs.readdirSync(join(folder, 'cachebench'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, 'cachebench', name));
}

async function hits(): Promise<Comparison[]> {
  const folder = benchFolder();
  const memory = join(folder, 'joblib');
  const subject = survey(folder);
  await requireSame(subject, memory);
  const files = recordsIn(folder);
  const room = Buffer.alloc(1 << 16);
  const rows = await timeTasks(
    [
      each('stowage', (number) => subject.level(number), {
        before: () => {
          forget(subject);
        },
      }),
      each(
        'limit: open, read, close',
        (number) => {
          const fd = fs.openSync(files[number] ?? '', 'r');
          fs.readSync(fd, room, 0, room.length, 0);
          fs.closeSync(fd);
        },
        { note: 'of the record, with nothing made of it' },
      ),
      ...joblib(memory),
    ],
    rounds,
  );
  requireEqual('how often stowage computed', subject.computed, calls);
  return [
    {
      title: 'a hit on disk, a number by a number, warm process',
      subject: 'stowage',
      rows: [...rows, ...python.missing({ 'joblib.Memory': 'joblib' })],
    },
  ];
}

async function misses(): Promise<Comparison[]> {
  const folder = benchFolder();
  const memory = join(folder, 'joblib');
  const subject = survey(folder);
  await requireSame(subject, memory);
  for (let number = -1; number > -FOLDERS_FILLED; number--) subject.level(number);
  subject.computed = 0;
  const text = fs.readFileSync(recordsIn(folder)[0] ?? '');
  const bare = join(folder, 'bare');
  fs.mkdirSync(bare);
  const rows = await timeTasks(
    [
      each('stowage', (number) => subject.level(number), {
        note: 'durable: false; in folders that are there',
        others: true,
      }),
      each(
        'limit: open, write, close, rename',
        (number) => {
          const path = join(bare, String(number));
          const fd = fs.openSync(`${path}.tmp`, 'wx');
          fs.writeSync(fd, text);
          fs.closeSync(fd);
          fs.renameSync(`${path}.tmp`, path);
        },
        { note: 'of as many bytes as a record has', others: true },
      ),
      ...joblib(memory, true),
    ],
    rounds,
  );
  requireEqual('how often stowage computed', subject.computed, calls * (rounds + 1));
  return [
    {
      title: 'a miss of a cheap method, a number by a number, warm process',
      subject: 'stowage',
      rows: [...rows, ...python.missing({ 'joblib.Memory': 'joblib' })],
    },
  ];
}

export const diskHit: BenchCase = { name: 'disk-hit', title: 'a hit on disk of what is small', run: hits };
export const diskMiss: BenchCase = { name: 'disk-miss', title: 'a miss of what is cheap, stored', run: misses };
