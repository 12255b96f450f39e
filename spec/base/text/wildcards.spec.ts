import { wildcards } from '#lib/base/text/wildcards.js';
import { expect } from 'chai';

describe('wildcards', () => {
  const fitting: Record<string, [fits: string[], other: string[]]> = {
    night: [['night'], ['night2', 'a night', 'Night', '']],
    'LBTISX2024*': [
      ['LBTISX2024', 'LBTISX20240410', 'LBTISX2024\n10'],
      ['LBTISX2025', 'xLBTISX2024'],
    ],
    '*.rms': [
      ['root.rms', '.rms'],
      ['rootxrms', 'root.rms2'],
    ],
    'n?ght': [
      ['night', 'n🔭ght', 'n/ght'],
      ['nght', 'niight'],
    ],
    'a+(b)[c]{1}|^$\\d/e': [['a+(b)[c]{1}|^$\\d/e'], ['aabc', 'a+(b)[c]{1}']],
  };
  for (const [pattern, [fits, other]] of Object.entries(fitting)) {
    it(`tells which names '${pattern}' means, and takes all but * and ? at its word`, () => {
      expect([...fits, ...other].filter((name) => wildcards(pattern).test(name))).to.eql(fits);
    });
  }

  it('lets follow what it is told to', () => {
    const begun = ['3f', '3f9a', 'a3f'];
    expect(begun.filter((name) => wildcards('3f', '').test(name))).to.eql(['3f', '3f9a']);
  });
});
