import { expect } from 'chai';
import { Cache } from 'stowage/kv';
import { killRound } from '../support/children/hammer.js';
import { requireDiskcache } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const kills = Number(process.env.STOWAGE_SOAK_KILLS ?? 1000);

describe(`a folder whose writers are killed ${kills} times`, () => {
  it('opens again each time, and has at most files that nobody needs', async function () {
    const program = requireDiskcache(this, 'writers of Python that are killed');
    using cache = new Cache(temporaryFolder());
    let orphans = 0;
    for (let kill = 0; kill < kills; kill += 4)
      orphans += await killRound(cache, { node: 2, python: 2, program, threads: (kill / 4) % 2 });
    // Kills that never left anything behind would have proved nothing.
    expect(orphans).to.be.greaterThan(0);
  });
});
