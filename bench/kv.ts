import { join } from 'node:path';
import { Cache } from 'stowage/kv';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { KEYS, OPERATIONS, VALUE } from './kv-calls.js';
import { timeTasks, type Task } from './measure.js';
import { python } from './python.js';

/** Calls in a round: one takes microseconds to tenths of milliseconds. */
const calls = 1000;
const rounds = 5;
/** Rounds that do not count: the first thousands of calls are run before the engine has compiled them. */
const warmUp = 20;

/** Runs all calls of an operation, and gives what they answer. */
function run(cache: Cache, operation: string): unknown[] {
  const { call } = OPERATIONS[operation] as (typeof OPERATIONS)[string];
  return Array.from({ length: calls }, (_, i) => call(cache, i, calls));
}

function prepare(cache: Cache, operation: string): void {
  const { prepare: each } = OPERATIONS[operation] as (typeof OPERATIONS)[string];
  if (each === undefined) return;
  cache.transact(() => {
    for (let i = 0; i < calls; i++) each(cache, i);
  });
}

/** The task of one operation, by itself or as one transaction. */
function ours(cache: Cache, operation: string, isTransaction: boolean): Task {
  const { call } = OPERATIONS[operation] as (typeof OPERATIONS)[string];
  const all = (): void => {
    for (let i = 0; i < calls; i++) call(cache, i, calls);
  };
  return {
    contender: 'stowage',
    leavesGarbage: true,
    before: () => {
      prepare(cache, operation);
    },
    work() {
      const start = process.hrtime.bigint();
      if (isTransaction) cache.transact(all);
      else all();
      return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / calls };
    },
  };
}

export const keyValue: BenchCase = {
  name: 'kv',
  title: 'one call of a Cache in a folder, beside python-diskcache in a folder of its own',
  async run() {
    const folder = benchFolder();
    using cache = new Cache(join(folder, 'ours'));
    const theirs = { folder: join(folder, 'theirs'), calls, keys: KEYS, value: VALUE };
    const hasPeer = python.has('diskcache');
    const comparisons: Comparison[] = [];
    const cases = [...Object.keys(OPERATIONS).map((operation) => [operation, false] as const), ['set', true] as const];
    for (const [operation, isTransaction] of cases) {
      const request = { ...theirs, call: operation, transact: isTransaction };
      const ask = (step: 'kv_prepare' | 'kv_answers' | 'kv'): ReturnType<typeof python.ask> =>
        python.ask(step, request);
      if (hasPeer) {
        prepare(cache, operation);
        await ask('kv_prepare');
        const { result } = await ask('kv_answers');
        requireEqual('python-diskcache', JSON.stringify(result), JSON.stringify(run(cache, operation)));
      }
      const peers = python.task('python-diskcache', 'diskcache', {
        leavesGarbage: true,
        before: () => ask('kv_prepare'),
        async work() {
          const { seconds } = await ask('kv');
          return { seconds: seconds / calls };
        },
      });
      comparisons.push({
        title: isTransaction ? `a ${operation} of ${String(calls)} in one transaction` : operation,
        subject: 'stowage',
        rows: [
          ...(await timeTasks([ours(cache, operation, isTransaction), ...peers], rounds, warmUp)),
          ...python.missing({ 'python-diskcache': 'diskcache' }),
        ],
      });
    }
    requireEqual('stowage', cache.check().length, 0);
    if (hasPeer) {
      using other = new Cache(theirs.folder);
      requireEqual('python-diskcache', contents(other), contents(cache));
    }
    return comparisons;
  },
};

function contents(cache: Cache): string {
  return JSON.stringify([...cache.keysSorted()].map((key) => [key, cache.get(key)]));
}
