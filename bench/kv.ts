import { join } from 'node:path';
import { Cache } from 'stowage/kv';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { timeTasks } from './measure.js';
import { python } from './python.js';

/** Calls in a round: one takes microseconds to tenths of milliseconds. */
const calls = 1000;
const rounds = 7;
/** Keys that take turns. */
const keys = 100;

const value = { filter: 'K', seeing: 0.8, frames: [1, 2, 3] };

/** `i` counts the calls of a round. */
const operations: Readonly<Record<string, (cache: Cache, i: number) => unknown>> = {
  set: (cache, i) => cache.set(i % keys, value),
  get: (cache, i) => cache.get(i % keys),
  incr: (cache) => cache.incr('count'),
};

export const keyValue: BenchCase = {
  name: 'kv',
  title: 'one call of a Cache in a folder, beside python-diskcache in a folder of its own',
  async run() {
    const folder = benchFolder();
    using cache = new Cache(join(folder, 'ours'));
    const theirs = { folder: join(folder, 'theirs'), keys, value };
    const comparisons: Comparison[] = [];
    for (const [operation, call] of Object.entries(operations)) {
      const ours = {
        contender: 'stowage',
        work() {
          const start = process.hrtime.bigint();
          for (let i = 0; i < calls; i++) call(cache, i);
          return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / calls };
        },
      };
      const peers = python.task('python-diskcache', 'diskcache', {
        async work() {
          const { seconds } = await python.ask('kv', { call: operation, repeat: calls, ...theirs });
          return { seconds: seconds / calls };
        },
      });
      const rows = await timeTasks([ours, ...peers], rounds);
      comparisons.push({
        title: operation,
        subject: 'stowage',
        rows: [...rows, ...python.missing({ 'python-diskcache': 'diskcache' })],
      });
    }
    const found = [...cache.keys()].map((key) => cache.get(key));
    requireEqual(
      'stowage',
      JSON.stringify(found),
      JSON.stringify([...Array<unknown>(keys).fill(value), calls * (rounds + 1)]),
    );
    if (python.has('diskcache')) {
      using other = new Cache(theirs.folder);
      const foundThere = [...other.keys()].map((key) => other.get(key));
      requireEqual('python-diskcache', JSON.stringify(foundThere), JSON.stringify(found));
    }
    return comparisons;
  },
};
