/** Ours and python-diskcache give the same answers and leave the same tables; `STOWAGE_SEED` runs one sequence again. */
import { Differential } from '../support/peers/differential.js';
import { requireDiskcache } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** So many sequences, of seeds that are other ones each day. */
const COUNT = 30;

describe('random sequences of operations', () => {
  it('give the same answers and tables on python-diskcache and here', async function () {
    const python = requireDiskcache(this, 'random sequences on python-diskcache and on kv side by side');
    await using both = new Differential(python, temporaryFolder());
    const given = process.env.STOWAGE_SEED;
    const first = given === undefined ? Math.floor(Date.now() / 86_400_000) * 1000 : Number(given);
    if (given === undefined) console.info(`    seeds from ${first} on`);
    for (let seed = first; seed < first + (given === undefined ? COUNT : 1); seed++) await both.expectSame(seed);
  });
});
