/** Writers that are killed in the midst of what they do. The long form is in spec/soak/kv-killed.soak.ts. */
import { Cache } from 'stowage/kv';
import { requireDiskcache } from '../support/diskcache.js';
import { killRound } from '../support/hammer.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('a folder whose writers are killed', () => {
  it('opens again, and has at most files that nobody needs, which check removes', async function () {
    requireDiskcache(this, 'writers of Python that are killed');
    const directory = temporaryFolder();
    using cache = new Cache(directory);
    for (let round = 0; round < 4; round++) await killRound(cache, { node: 2, python: 2 });
  });

  it('and whose writers are threads of processes that are killed, likewise', async () => {
    using cache = new Cache(temporaryFolder());
    for (let round = 0; round < 2; round++) await killRound(cache, { node: 2, python: 0, threads: 1 });
  });
});
