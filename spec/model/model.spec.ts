import { configure } from 'stowage';
import { checkSequences } from './check.js';

/** The soak draws another one each time. */
const seed = 271126;

describe('random sequences of operations on random hierarchies', function () {
  this.timeout(0);
  after(() => {
    configure({ durable: true });
  });

  it('give what computing gives, and compute nothing that need not be', async () => {
    await checkSequences({ seed, runs: 60, longest: 25 });
  });

  it('do so in processes of their own', async () => {
    await checkSequences({ seed, runs: 4, longest: 12, elsewhere: 4 });
  });
});
