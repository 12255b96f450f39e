/** Many processes on one folder at once. The long forms are in spec/soak/kv-hammer.soak.ts. */
import { expect } from 'chai';
import { Cache } from 'stowage/kv';
import { expectSums, hammer, pythonComplaints } from '../support/hammer.js';
import { requireDiskcache } from '../support/numpy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('one folder', () => {
  it('hammered by four processes of Node.js and four of Python: the sums are right, nothing fails', async function () {
    const program = requireDiskcache(this, 'a folder hammered together with Python');
    const directory = temporaryFolder();
    const reports = await hammer({ node: 4, python: 4, program }, { directory, rounds: 20, withLocks: true });
    expect(reports).to.have.lengthOf(8);
    using cache = new Cache(directory);
    expectSums(cache, reports);
    expect([cache.check(), pythonComplaints(program, directory)]).to.deep.equal([[], []]);
  });

  it('hammered by threads of two processes: the sums are right, nothing fails', async () => {
    const directory = temporaryFolder();
    const reports = await hammer({ node: 2, python: 0, threads: 2 }, { directory, rounds: 20, withLocks: true });
    expect(reports).to.have.lengthOf(6);
    using cache = new Cache(directory);
    expectSums(cache, reports);
    expect(cache.check()).to.deep.equal([]);
  });
});
