import { expect } from 'chai';
import { cacheOnDisk, events, parameter, type StowageEvent } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Camera {
  @parameter gain = 1;
  @cacheOnDisk
  name(): string {
    return 'ccd';
  }
}

class Detector {
  constructor(readonly camera: Camera) {}

  /** Made of a parameter of another analyzer, which is in no key of its own. */
  @cacheOnDisk
  level(): number {
    return 10 * this.camera.gain;
  }
}

class Night {
  readonly camera = new Camera();
  readonly detector = new Detector(this.camera);
  /** Called between the two looks of {@link both}. */
  between: () => void = () => undefined;

  @cacheOnDisk
  dark(): number {
    return this.detector.level();
  }

  @cacheOnDisk
  flat(): number {
    return this.detector.level();
  }

  @cacheOnDisk
  async both(): Promise<number[]> {
    const dark = this.dark();
    await Promise.resolve();
    this.between();
    return [dark, this.flat()];
  }

  @cacheOnDisk
  async later(): Promise<Float64Array> {
    await Promise.resolve();
    return new Float64Array(3000).fill(this.detector.level());
  }
}

describe('a parameter that is set while a call is on its way', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });

  it('is seen by a look at a stored result that comes after it, though what it was made of was looked at before', async () => {
    const first = tagIn(folder, new Night());
    first.dark();
    first.flat();
    const night = tagIn(folder, new Night());
    night.between = () => {
      night.camera.gain = 5;
    };
    expect(await night.both()).to.deep.equal([10, 50]);
    expect(night.dark()).to.equal(50);
    expect(night.flat()).to.equal(50);
    expect(await night.both()).to.deep.equal([50, 50]);
  });

  it('leaves no result in memory that was loaded from disk meanwhile', async () => {
    await tagIn(folder, new Night()).later();
    const night = tagIn(folder, new Night());
    const set = ({ method, reason }: StowageEvent): void => {
      if (method.endsWith('later') && reason === 'disk') night.camera.gain = 7;
    };
    events.on('hit', set);
    try {
      expect((await night.later())[0]).to.equal(10);
    } finally {
      events.off('hit', set);
    }
    expect(night.camera.gain).to.equal(7);
    expect((await night.later())[0]).to.equal(70);
  });
});
