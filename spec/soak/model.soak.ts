import { checkSequences } from '../model/check.js';

describe('thousands of random sequences of operations', () => {
  it('give what computing gives, and compute nothing that need not be', async () => {
    await checkSequences({ runs: 3000, longest: 60 });
  });

  it('do so in processes of their own', async () => {
    await checkSequences({ runs: 200, longest: 30, elsewhere: 4 });
  });
});
