/** As spec/kv/differential.spec.ts, for many more sequences. */
import { Differential } from '../support/peers/differential.js';
import { requireDiskcache } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const count = Number(process.env.STOWAGE_SOAK_ROUNDS ?? 5000);
const first = Number(process.env.STOWAGE_SEED ?? Date.now() % 2 ** 31);

describe(`${count} random sequences of operations, of seeds from ${first} on`, () => {
  it('give the same answers and tables on python-diskcache and here', async function () {
    const python = requireDiskcache(this, 'random sequences on python-diskcache and on kv side by side');
    await using both = new Differential(python, temporaryFolder());
    for (let seed = first; seed < first + count; seed++) await both.expectSame(seed);
  });
});
