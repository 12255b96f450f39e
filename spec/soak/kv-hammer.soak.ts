import { expect } from 'chai';
import { Cache } from 'stowage/kv';
import { expectSums, hammer, pythonComplaints } from '../support/children/hammer.js';
import { requireDiskcache } from '../support/peers/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const rounds = Number(process.env.STOWAGE_SOAK_ROUNDS ?? 1000);

describe(`one folder hammered ${rounds} times by each of four processes of Node.js, their threads, and four of Python`, () => {
  it('has the right sums, and nothing fails', async function () {
    const program = requireDiskcache(this, 'a folder hammered together with Python');
    const directory = temporaryFolder();
    const reports = await hammer({ node: 4, python: 4, program, threads: 1 }, { directory, rounds, withLocks: true });
    using cache = new Cache(directory);
    expectSums(cache, reports);
    expect([cache.check(), pythonComplaints(program, directory)]).to.deep.equal([[], []]);
  });
});
