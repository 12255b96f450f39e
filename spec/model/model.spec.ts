import fc from 'fast-check';
import { expect } from 'chai';
import { configure } from 'stowage';
import { temporaryFolder } from '../support/temporary-folder.js';
import { operation } from './operations.js';
import { runSequence } from './run-sequence.js';

/** `STOWAGE_SEED=n` runs the sequences of one seed, `STOWAGE_RUNS=n` so many of them. */
const { STOWAGE_SEED, STOWAGE_RUNS } = process.env;

describe('random sequences of operations', function () {
  this.timeout(0);
  after(() => {
    configure({ durable: true });
  });

  it('give what computing gives, and compute nothing twice', async () => {
    configure({ durable: false });
    const sequences = fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 25 }), (operations) =>
      runSequence(temporaryFolder(), operations),
    );
    const result = await fc.check(sequences, {
      numRuns: Number(STOWAGE_RUNS ?? 40),
      ...(STOWAGE_SEED !== undefined && { seed: Number(STOWAGE_SEED) }),
    });
    if (result.failed) {
      const how = `STOWAGE_SEED=${result.seed} npx mocha --config .mocharc.one.json build/spec/model/model.spec.js`;
      expect.fail(`${how}\n${JSON.stringify(result.counterexample)}\n${String(result.errorInstance)}`);
    }
  });
});
