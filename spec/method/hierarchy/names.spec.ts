import { expect } from 'chai';
import { cacheOnDisk, InvalidOptionError, untag } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('the option name', () => {
  it('is refused at the first call where two methods of an analyzer share it, and nothing is stored', () => {
    class Twins {
      @cacheOnDisk({ name: 'twin' })
      a(): string {
        return 'a';
      }

      @cacheOnDisk({ name: 'twin' })
      b(): string {
        return 'b';
      }
    }
    const folder = temporaryFolder();
    const twins = tagIn(folder, new Twins());
    expect(() => twins.a()).to.throw(InvalidOptionError, /a and b of Twins are both named 'twin'/);
    expect(() => twins.b()).to.throw(InvalidOptionError, /give each a name of its own/);
    expect(filesIn(folder)).to.deep.equal([]);
  });
});

describe('a result that is under way', () => {
  it('is returned and not stored when its analyzer alone is untagged meanwhile', async () => {
    class Member {
      @cacheOnDisk
      async slow(): Promise<number> {
        await new Promise(setImmediate);
        return 7;
      }
    }
    const folder = temporaryFolder();
    const root = tagIn(folder, { member: new Member() });
    const slow = root.member.slow();
    untag(root.member);
    expect(await slow).to.equal(7);
    expect(filesIn(folder)).to.deep.equal([]);
  });
});
