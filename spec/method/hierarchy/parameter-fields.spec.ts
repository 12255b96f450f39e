import { expect } from 'chai';
import { cacheOnDisk, children, getDiskCacher, parameter, registerClass, setTag } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Camera {
  @cacheOnDisk
  gain(): number {
    return ++computations;
  }
}

class Bench {
  @parameter camera = new Camera();

  @parameter band = 'J';

  @cacheOnDisk
  zeroPoint(): string {
    return this.band;
  }
}

class Filter {
  @parameter band = 'J';

  @cacheOnDisk
  width(): number {
    return this.band.length;
  }
}

class Optics {
  @cacheOnDisk
  transmission(_filter: Filter): number {
    return ++computations;
  }
}

describe('a @parameter field of a tagged analyzer', () => {
  let bench: Bench;
  beforeEach(() => {
    computations = 0;
    bench = tagIn(temporaryFolder(), new Bench());
  });

  it('still leads to the analyzer that it holds when the root is tagged again', () => {
    setTag(bench, 'day');
    expect(getDiskCacher(bench.camera, 'gain').fullpath()).to.match(/cacheday\/root\.camera\.Camera\.gain$/);
    bench.camera.gain();
    bench.camera.gain();
    expect(computations).to.equal(1);
  });

  it('set on an object that inherits from the analyzer leaves the analyzer as it was', () => {
    const derived = Object.create(bench) as Bench;
    derived.band = 'K';
    expect(bench.band).to.equal('J');
    expect(derived.band).to.equal('K');
    expect(Object.keys(derived)).to.deep.equal(['band']);
  });

  it('cannot be set once the analyzer is frozen, as no field can', () => {
    Object.freeze(bench);
    expect(() => (bench.band = 'K')).to.throw(TypeError, 'band');
    expect(bench.band).to.equal('J');
  });

  it('can be set while the analyzer is sealed, as any field can', () => {
    Object.seal(bench);
    bench.band = 'K';
    expect(bench.band).to.equal('K');
  });

  it('is data to a key all the same', () => {
    registerClass(Filter, { name: `Filter of ${import.meta.url}` });
    const optics = tagIn(temporaryFolder(), new Optics());
    const tagged = tagIn(temporaryFolder(), new Filter());
    expect(optics.transmission(new Filter())).to.equal(1);
    expect(optics.transmission(tagged)).to.equal(1);
    tagged.band = 'K';
    expect(optics.transmission(tagged)).to.equal(2);
  });

  it('is looked at by no getter of the user, who may have replaced it', () => {
    Object.defineProperty(bench, 'camera', { configurable: true, get: () => expect.fail('a getter was triggered') });
    Object.defineProperty(bench, children, { value: () => [] });
    setTag(bench, 'day');
  });
});
