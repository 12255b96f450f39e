import { createHash } from 'node:crypto';
import { callKeyDigest } from '#lib/key/canonical/canonical.js';
import { requireEqual, type BenchCase } from './case.js';
import { halves } from './halves.js';
import { timeTasks } from './measure.js';
import { python } from './python.js';

const elements = 2 ** 25;

export const keyArray: BenchCase = {
  name: 'key-array',
  title: 'the key of an array of 256 MiB',
  async run() {
    const array = halves(elements);
    requireEqual('stowage', callKeyDigest([array.slice()]), callKeyDigest([array]));
    array[elements - 1] = -1;
    const changed = callKeyDigest([array]);
    array[elements - 1] = (elements - 1) / 2;
    requireEqual('stowage', callKeyDigest([array]) === changed, false);
    if (python.has('joblib')) await python.ask('make', { count: elements });
    const integers = new BigInt64Array(array.buffer);
    const rows = await timeTasks(
      [
        { contender: 'stowage', work: () => callKeyDigest([array]), note: 'every NaN of floats counts as the same' },
        { contender: 'stowage, BigInt64Array', work: () => callKeyDigest([integers]), note: 'no NaN to look for' },
        {
          contender: 'sha256 of the bytes',
          work: () => createHash('sha256').update(new Uint8Array(array.buffer)).digest('hex'),
        },
        ...python.task('joblib.hash', 'joblib', { work: () => python.ask('joblib_hash', { count: elements }) }),
      ],
      3,
    );
    if (python.has('joblib')) await python.ask('drop', { count: elements });
    return [
      {
        title: 'Float64Array of 2²⁵',
        subject: 'stowage',
        rows: [...rows, ...python.missing({ 'joblib.hash': 'joblib' })],
      },
    ];
  },
};
