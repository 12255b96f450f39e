import { expect } from 'chai';
import { cacheOnDisk, parameter, setTag } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What is tried is JavaScript as it is without compilers: parameters declared by hand, fields that may not be there yet. */
class Camera {
  declare gain?: number;

  constructor(gain?: number) {
    if (gain !== undefined) this.gain = gain;
  }

  own(): number | undefined {
    return this.gain;
  }

  static {
    parameter(this.prototype, 'gain');
    cacheOnDisk(this.prototype, 'own');
  }
}

/** Has parameters alone. */
class Settings {
  threshold: number;

  constructor(threshold: number) {
    this.threshold = threshold;
  }

  static {
    parameter(this.prototype, 'threshold');
  }
}

class Night {
  readonly #hidden: Camera;

  constructor(
    readonly camera: Camera,
    readonly settings = new Settings(3),
  ) {
    this.#hidden = new Camera(camera.gain);
  }

  @cacheOnDisk
  gain(): number | undefined {
    return this.camera.gain;
  }

  @cacheOnDisk
  above(): number {
    return this.settings.threshold;
  }

  @cacheOnDisk
  hidden(): number | undefined {
    return this.#hidden.own();
  }
}

describe('a parameter that another analyzer reads', () => {
  let folder: string;
  const today = (camera: Camera, settings?: Settings): Night => tagIn(folder, new Night(camera, settings));
  beforeEach(() => (folder = temporaryFolder()));

  it('is seen on an object that has no cached methods', () => {
    const night = today(new Camera());
    expect(night.above()).to.equal(3);
    night.settings.threshold = 4;
    expect(night.above()).to.equal(4);
    expect(today(new Camera(), new Settings(5)).above()).to.equal(5);
  });

  it('is seen where it is first assigned after the tagging', () => {
    const night = today(new Camera());
    expect(Object.keys(night.camera)).to.deep.equal([]);
    expect(night.gain()).to.equal(undefined);
    night.camera.gain = 5;
    expect(night.gain()).to.equal(5);
    expect(night.camera.own()).to.equal(5);
    expect(Object.keys(night.camera)).to.deep.equal(['gain']);
    night.camera.gain = 6;
    expect(night.gain()).to.equal(6);
    expect(night.camera.own()).to.equal(6);
    expect(today(new Camera(7)).gain()).to.equal(7);
  });

  it('is seen where it is deleted, and where it is defined anew', () => {
    const night = today(new Camera(1));
    expect(night.gain()).to.equal(1);
    expect(night.gain()).to.equal(1);
    Object.defineProperty(night.camera, 'gain', { value: 9, writable: true, configurable: true, enumerable: true });
    expect(night.gain()).to.equal(9);
    expect(night.camera.own()).to.equal(9);
    night.camera.gain = 10;
    expect(night.gain()).to.equal(10);
    delete night.camera.gain;
    expect(night.gain()).to.equal(undefined);
    expect(night.camera.own()).to.equal(undefined);
    night.camera.gain = 11;
    expect(night.gain()).to.equal(11);
  });

  it('is seen where the class has it for all, and the analyzer gets one of its own', () => {
    class Fixed extends Camera {}
    Object.defineProperty(Fixed.prototype, 'gain', { value: 2, writable: true, configurable: true });
    const night = today(new Fixed());
    expect(night.gain()).to.equal(2);
    expect(night.camera.own()).to.equal(2);
    night.camera.gain = 3;
    expect(night.gain()).to.equal(3);
    expect(new Fixed().gain).to.equal(2);
  });

  it('is seen behind a getter of a subclass that is no parameter by itself', () => {
    class Cooled extends Camera {
      kelvin = 100;
    }
    Object.defineProperty(Cooled.prototype, 'gain', {
      get(this: Cooled) {
        return this.kelvin / 10;
      },
      set(this: Cooled, gain: number) {
        this.kelvin = 10 * gain;
      },
      configurable: true,
    });
    const cooled = new Cooled();
    const night = today(cooled);
    expect(night.gain()).to.equal(10);
    night.camera.gain = 12;
    expect(night.gain()).to.equal(12);
    expect(cooled.kelvin).to.equal(120);
  });

  it('is seen when the object behind a proxy sets it', () => {
    const target = new Camera(1);
    const night = today(new Proxy(target, {}));
    expect(night.gain()).to.equal(1);
    target.gain = 2;
    expect(night.gain()).to.equal(2);
    night.camera.gain = 3;
    expect(night.gain()).to.equal(3);
    expect(target.gain).to.equal(3);
  });

  for (const close of [Object.freeze, Object.seal, Object.preventExtensions] as ((object: object) => unknown)[]) {
    it(`is noted where it cannot be watched: ${close.name}`, () => {
      const closed = (gain: number): Camera => close(new Camera(gain)) as Camera;
      expect(today(closed(1)).gain()).to.equal(1);
      expect(today(closed(2)).gain()).to.equal(2);
      expect(today(closed(1)).gain()).to.equal(1);
    });
  }

  it('is looked at before a result from memory is handed out, where setting it is not seen', () => {
    const night = today(Object.seal(new Camera(1)));
    expect(night.gain()).to.equal(1);
    night.camera.gain = 2;
    expect(night.gain()).to.equal(2);
  });

  it('leaves a result unstored where no root reaches it', () => {
    expect(today(new Camera(1)).hidden()).to.equal(1);
    expect(today(new Camera(2)).hidden()).to.equal(2);
  });

  it('is watched as before when the root is tagged again', () => {
    const night = today(new Camera());
    night.gain();
    setTag(night, 'night');
    night.camera.gain = 4;
    expect(night.gain()).to.equal(4);
  });
});
