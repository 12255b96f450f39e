import { callKeyDigest } from '#lib/key/canonical/canonical.js';
import { requireEqual, type BenchCase, type Comparison } from './case.js';
import { timeTasks } from './measure.js';
import { python } from './python.js';

const samples: Readonly<Record<string, () => unknown[]>> = {
  "(3, 'red', true)": () => [3, 'red', true],
  'an object of options': () => [{ filter: 'K', exposure: 0.25, frames: [1, 2, 3, 5, 8], label: null }],
};

/** Calls in a round: one takes microseconds. */
const calls = 20_000;
const callsInPython = 2000;

export const keySmall: BenchCase = {
  name: 'key-small',
  title: 'the key of small arguments',
  async run() {
    const comparisons: Comparison[] = [];
    for (const [title, make] of Object.entries(samples)) {
      const args = make();
      // Digests of different makes cannot be equal; what can: equal arguments have equal keys, others do not.
      requireEqual('stowage', callKeyDigest(make()), callKeyDigest(args));
      requireEqual('stowage', callKeyDigest([...args, 1]) === callKeyDigest(args), false);
      const rows = await timeTasks(
        [
          {
            contender: 'stowage',
            work() {
              const start = process.hrtime.bigint();
              for (let i = 0; i < calls; i++) callKeyDigest(args);
              return { seconds: Number(process.hrtime.bigint() - start) / 1e9 / calls };
            },
          },
          {
            contender: 'JSON.stringify alone',
            note: 'no digest, order of properties counts',
            work() {
              let length = 0;
              const start = process.hrtime.bigint();
              for (let i = 0; i < calls; i++) length += JSON.stringify(args).length;
              const seconds = Number(process.hrtime.bigint() - start) / 1e9 / calls;
              requireEqual('JSON.stringify', length, calls * JSON.stringify(args).length);
              return { seconds };
            },
          },
          ...python.task('joblib.hash', 'joblib', {
            async work() {
              const { seconds } = await python.ask('joblib_hash_small', { arguments: args, repeat: callsInPython });
              return { seconds: seconds / callsInPython };
            },
          }),
        ],
        7,
      );
      comparisons.push({ title, subject: 'stowage', rows: [...rows, ...python.missing({ 'joblib.hash': 'joblib' })] });
    }
    return comparisons;
  },
};
