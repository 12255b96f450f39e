import { expect } from 'chai';
import { cacheOnDisk, parameter } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran = 0;

class Mode {
  @parameter gain: number;

  constructor(gain: number) {
    this.gain = gain;
  }

  @cacheOnDisk
  gained(): number {
    return this.gain;
  }
}

class Night {
  modes: Mode[];
  first: Mode | undefined;

  constructor(gains: readonly number[]) {
    this.modes = gains.map((gain) => new Mode(gain));
  }

  @cacheOnDisk
  total(): number {
    ran++;
    return this.modes.reduce((sum, mode) => sum + mode.gain, 0);
  }

  @cacheOnDisk
  best(): number {
    ran++;
    return this.first?.gained() ?? 0;
  }
}

describe('a stored result that read parameters of others', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
    ran = 0;
  });

  it('is not used when the collection that they stand in has more members, or fewer', () => {
    const totals = [[1, 2], [1, 2, 4], [1]].map((gains) => tagIn(folder, new Night(gains)).total());
    expect(totals).to.deep.equal([3, 7, 1]);
    expect(ran).to.equal(3);
    expect(tagIn(folder, new Night([1])).total()).to.equal(1);
    expect(ran).to.equal(3);
  });

  it('is used when an analyzer with parameters is attached after the tagging', () => {
    const today = (): Night => {
      const night = tagIn(folder, new Night([]));
      night.first = new Mode(3);
      return night;
    };
    expect(today().best()).to.equal(3);
    expect(today().best()).to.equal(3);
    expect(ran).to.equal(1);
  });
});
