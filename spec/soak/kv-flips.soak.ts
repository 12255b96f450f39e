import { flipAndUse } from '../support/values/flipped-database.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const flips = Number(process.env.STOWAGE_SOAK_FLIPS ?? 20_000);

describe(`a cache whose database has flipped bits ${flips} times`, () => {
  it('says what is wrong or gives what it has, and removes no file', () => {
    flipAndUse(temporaryFolder(), flips, Math.random);
  });
});
