/** Many processes on one folder at once. The long forms are in spec/soak/kv-hammer.soak.ts. */
import { expect } from 'chai';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Cache } from 'stowage/kv';
import { expectSums, hammer, pythonComplaints } from '../../support/children/hammer.js';
import { requireDiskcache } from '../../support/peers/numpy.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('one folder', () => {
  it('hammered by four processes of Node.js and four of Python: the sums are right, nothing fails', async function () {
    const program = requireDiskcache(this, 'a folder hammered together with Python');
    const directory = temporaryFolder();
    const reports = await hammer({ node: 4, python: 4, program }, { directory, rounds: 20, withLocks: true });
    expect(reports).to.have.lengthOf(8);
    using cache = new Cache(directory);
    expectSums(cache, reports);
    expect(cache.check()).to.deep.equal([]);
    expect(pythonComplaints(program, directory)).to.deep.equal([]);
  });

  it('hammered by threads of two processes: the sums are right, nothing fails', async () => {
    const directory = temporaryFolder();
    const reports = await hammer({ node: 2, python: 0, threads: 2 }, { directory, rounds: 20, withLocks: true });
    expect(reports).to.have.lengthOf(6);
    using cache = new Cache(directory);
    expectSums(cache, reports);
    expect(cache.check()).to.deep.equal([]);
  });

  it('has a value all the time that it is replaced', async () => {
    const script = `
      const { workerData: { url, folder, isOver } } = require('node:worker_threads');
      import(url).then(({ Cache }) => {
        const cache = new Cache(folder);
        for (let i = 0; isOver[0] === 0; i++) cache.set('replaced', Buffer.alloc(100 + i % 10, i));
        cache.close();
      });
    `;
    const folder = temporaryFolder();
    using cache = new Cache(folder, { diskMinFileSize: 0 });
    cache.set('replaced', Buffer.alloc(100));
    const isOver = new Int32Array(new SharedArrayBuffer(4));
    const url = new URL('../../../lib/kv/index.js', import.meta.url).href;
    const worker = new Worker(script, { eval: true, workerData: { url, folder, isOver } });
    const ended = once(worker, 'exit');
    let misses = 0;
    const seen = new Set<string>();
    try {
      // The other thread may get little of a busy machine, and begin late.
      const until = Date.now() + 40_000;
      for (let i = 0; seen.size < 100 && (i < 5000 || (seen.size <= 10 && Date.now() < until)); i++) {
        const values = [cache.get<Buffer>('replaced'), [...cache.values<Buffer>()][0], cache.peekItem<Buffer>()?.value];
        for (const value of values) {
          if (value === undefined) misses++;
          else seen.add(`${value.length} ${value[0]}`);
        }
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      isOver[0] = 1;
      await ended;
    }
    expect(misses).to.equal(0);
    expect(seen.size).to.be.greaterThan(10);
  });
});
