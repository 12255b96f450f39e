/** Writers that are killed in the midst of what they do. The long form is in spec/soak/kv-killed.soak.ts. */
import { Cache } from 'stowage/kv';
import { killRound } from '../../support/children/hammer.js';
import { requireDiskcache } from '../../support/peers/numpy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a folder whose writers are killed', () => {
  it('opens again, and has at most files that nobody needs, which check removes', async function () {
    const program = requireDiskcache(this, 'writers of Python that are killed');
    const directory = temporaryFolder();
    using cache = new Cache(directory);
    for (let round = 0; round < 4; round++) await killRound(cache, { node: 2, python: 2, program });
  });

  it('and whose writers are threads of processes that are killed, likewise', async () => {
    using cache = new Cache(temporaryFolder());
    for (let round = 0; round < 2; round++) await killRound(cache, { node: 2, python: 0, threads: 1 });
  });
});
