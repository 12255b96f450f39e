import fc from 'fast-check';
import { configure } from 'stowage';
import { operation } from '../model/operations.js';
import { runSequence } from '../model/run-sequence.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('thousands of random sequences of operations', () => {
  it('give what computing gives, and compute nothing twice', async () => {
    configure({ durable: false });
    const property = fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 60 }), (operations) =>
      runSequence(temporaryFolder(), operations),
    );
    // fast-check tells seed, path and the shortest sequence that fails.
    await fc.assert(property, { numRuns: Number(process.env.STOWAGE_RUNS ?? 3000) });
  });
});
