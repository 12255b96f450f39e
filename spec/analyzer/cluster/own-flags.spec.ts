import { expect } from 'chai';
import { ownFlags } from '#lib/analyzer/cluster/own-flags.js';

describe('flags of Node.js for another process', () => {
  it('are those by which modules are loaded', () => {
    const flags = ['--import', 'tsx', '--conditions=source', '--enable-source-maps', '--max-old-space-size=4096'];
    expect(ownFlags(flags)).to.deep.equal(flags);
  });

  it('are not those of this process alone', () => {
    const own = [
      '--inspect-brk=9229',
      '-e',
      'code()',
      '--input-type=module',
      '--watch',
      '--test',
      '-p',
      '1',
      '--cpu-prof',
    ];
    expect(ownFlags([...own, '--no-warnings'])).to.deep.equal(['--no-warnings']);
  });
});
