import { expect } from 'chai';
import { cacheOnDisk, getDiskCacher } from 'stowage';
import { filesIn, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

class Detector {
  runs = 0;
  readonly #gain: number;

  constructor(gain: number) {
    this.#gain = gain;
  }

  @cacheOnDisk
  #calibrated(counts: number): number {
    this.runs++;
    return counts * this.#gain;
  }

  @cacheOnDisk
  get #noise(): number[] {
    this.runs++;
    return [this.#gain];
  }

  @cacheOnDisk
  static #shared(x: number): number {
    return x + 1;
  }

  /** Looks like the private one, and is another. */
  @cacheOnDisk
  ['#calibrated'](counts: number): string {
    this.runs++;
    return `public ${counts}`;
  }

  measure(counts: number): [number, number[], string] {
    return [this.#calibrated(counts), this.#noise, this['#calibrated'](counts)];
  }

  static measure(x: number): number {
    return Detector.#shared(x);
  }

  fullpath(): string {
    return getDiskCacher(this, this.#calibrated).fullpath();
  }
}

/** Has only private cached methods. */
class Reader {
  runs = 0;

  @cacheOnDisk
  #read(): string {
    this.runs++;
    return 'read';
  }

  read(): string {
    return this.#read();
  }
}

/** Private members of the same name and text as the child's, which are others all the same. */
class Parent {
  #scale = 2;

  @cacheOnDisk
  #scaled(): number {
    return this.#scale;
  }

  ofParent(): number {
    return this.#scaled();
  }
}

class Child extends Parent {
  #scale = 3;

  @cacheOnDisk
  #scaled(): number {
    return this.#scale;
  }

  ofChild(): number {
    return this.#scaled();
  }
}

describe('@cacheOnDisk on private members', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
  });

  it('computes private methods and getters once for memory and disk', () => {
    const detector = tagIn(dir, new Detector(3));
    const again = tagIn(dir, new Detector(3));
    for (const each of [detector, detector, again, again]) expect(each.measure(2)).to.eql([6, [3], 'public 2']);
    expect(detector.runs).to.equal(3);
    expect(again.runs).to.equal(0);
    expect(detector.fullpath().endsWith('root.Detector.#calibrated')).to.equal(true);
  });

  it('computes private static methods once', () => {
    tagIn(dir, Detector);
    expect(Detector.measure(1)).to.equal(2);
    expect(Detector.measure(1)).to.equal(2);
    expect(filesIn(dir).filter((file) => file.includes('Detector.#shared'))).to.have.length(1);
  });

  it('reaches an analyzer whose cached methods are all private', () => {
    const { reader } = tagIn(dir, { reader: new Reader() });
    const { reader: again } = tagIn(dir, { reader: new Reader() });
    expect(reader.read()).to.equal('read');
    expect(again.read()).to.equal('read');
    expect(reader.runs).to.equal(1);
    expect(again.runs).to.equal(0);
  });

  it('tells a private method from one of the same name and text in a parent class', () => {
    for (const child of [tagIn(dir, new Child()), tagIn(dir, new Child())]) {
      expect(child.ofParent()).to.equal(2);
      expect(child.ofChild()).to.equal(3);
    }
    const again = tagIn(dir, new Child());
    expect(again.ofChild()).to.equal(3);
    expect(again.ofParent()).to.equal(2);
  });
});
