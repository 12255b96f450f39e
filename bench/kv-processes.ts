import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cache, EVICTION_POLICY } from 'stowage/kv';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { benchFolder } from './folder.js';
import { KEYS, VALUE } from './kv-calls.js';
import { timeTasks } from './measure.js';
import { python } from './python.js';

const processes = 8;
/** Calls of each process in a round: a set and a get in turn. */
const calls = 1000;
const rounds = 5;
/** Rounds that do not count. */
const warmUp = 8;

const CHILD = fileURLToPath(new URL('./kv-processes-child.js', import.meta.url));

/** Tells all children the same, and waits until each has answered. */
async function tell(children: readonly ChildProcess[], message: object): Promise<void> {
  const answers = children.map((child) => once(child, 'message'));
  for (const child of children) child.send(message);
  await Promise.all(answers);
}

export const keyValueProcesses: BenchCase = {
  name: 'kv-processes',
  title: `${String(processes)} processes at once on one Cache, by eviction policy; what a call took in all of them together`,
  async run() {
    const folder = benchFolder();
    const comparisons: Comparison[] = [];
    const children = Array.from({ length: processes }, () => fork(CHILD));
    try {
      for (const evictionPolicy of Object.keys(EVICTION_POLICY) as (keyof typeof EVICTION_POLICY)[]) {
        const directory = join(folder, 'ours', evictionPolicy);
        const theirs = { folder: join(folder, 'theirs', evictionPolicy), keys: KEYS, value: VALUE, calls, processes };
        new Cache(directory, { evictionPolicy }).close();
        await tell(children, { directory, evictionPolicy });
        const ours = {
          contender: 'stowage',
          leavesGarbage: true,
          async work() {
            const start = process.hrtime.bigint();
            await tell(children, { calls });
            return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / calls / processes };
          },
        };
        const peers = python.task('python-diskcache', 'diskcache', {
          async work() {
            const { result } = await python.ask('kv_processes', { ...theirs, policy: evictionPolicy });
            return { seconds: Number(result) / calls / processes };
          },
        });
        // Of the round that does not count, each must have left the same.
        await timeTasks([ours, ...peers], 0);
        for (const each of [directory, ...(python.has('diskcache') ? [theirs.folder] : [])]) {
          using cache = new Cache(each);
          const found = [...cache.keysSorted()].map((key) => cache.get(key));
          requireEqual(each, JSON.stringify(found), JSON.stringify(Array<unknown>(KEYS / 2).fill(VALUE)));
        }
        comparisons.push({
          title: evictionPolicy,
          subject: 'stowage',
          rows: [
            ...(await timeTasks([ours, ...peers], rounds, warmUp)),
            ...python.missing({ 'python-diskcache': 'diskcache' }),
          ],
        });
      }
    } finally {
      for (const child of children) child.disconnect();
      if (python.has('diskcache')) await python.ask('kv_processes_end');
    }
    return comparisons;
  },
};
