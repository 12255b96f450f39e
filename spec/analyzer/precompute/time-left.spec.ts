import { expect } from 'chai';
import { TimeLeft } from '#lib/analyzer/precompute/time-left.js';

describe('TimeLeft', () => {
  it('says nothing before anything is done', () => {
    const left = new TimeLeft(2);
    left.add('rms', 10);
    expect(left.seconds).to.equal(undefined);
  });

  it('counts the calls of each name at what they took, shared among the jobs', () => {
    const left = new TimeLeft(2);
    left.add('rms', 11);
    left.add('strehl', 6);
    left.note('rms', 1);
    left.note('strehl', 4);
    expect(left.seconds).to.equal((10 * 1 + 5 * 4) / 2);
    left.add('psd', 2);
    // What was not seen yet takes as long as the others.
    expect(left.seconds).to.equal((10 * 1 + 5 * 4 + 2 * 2.5) / 2);
    left.add('psd', -2);
    expect(left.seconds).to.equal(15);
  });

  it('soon forgets that the first ones were stored already', () => {
    const left = new TimeLeft(1);
    left.add('rms', 120);
    for (let n = 0; n < 100; n++) left.note('rms', 0.001);
    expect(left.seconds).to.be.closeTo(0.02, 1e-9);
    for (let n = 0; n < 10; n++) left.note('rms', 10);
    expect(left.seconds).to.be.within(80, 100);
  });
});
