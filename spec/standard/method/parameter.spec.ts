import { expect } from 'chai';
import { cacheOnDisk, parameter } from 'stowage';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Wavefront {
  @parameter
  accessor modes = 3;

  @parameter
  #order = 1;

  @parameter
  accessor #basis = 'zernike';

  /** Has the name of a private one. */
  @parameter
  ['#order'] = 1;

  @cacheOnDisk
  phase(): number {
    return computations++;
  }

  setParent(order: number, basis: string): void {
    this.#order = order;
    this.#basis = basis;
  }

  getParent(): [number, string] {
    return [this.#order, this.#basis];
  }
}

class FineWavefront extends Wavefront {
  @parameter
  #order = 1;

  setChild(order: number): void {
    this.#order = order;
  }

  getChild(): number {
    return this.#order;
  }
}

describe('@parameter as a standard decorator', () => {
  const settings: [name: string, set: (of: FineWavefront) => void][] = [
    ['an auto-accessor', (of) => (of.modes = 4)],
    [
      'a private field of a parent',
      (of) => {
        of.setParent(2, 'zernike');
      },
    ],
    [
      'a private auto-accessor',
      (of) => {
        of.setParent(1, 'fourier');
      },
    ],
    [
      'a private field that has the name of one of the parent',
      (of) => {
        of.setChild(2);
      },
    ],
    ['a public field that has the name of a private one', (of) => (of['#order'] = 2)],
  ];

  it('makes each field and auto-accessor, private ones too, tell results apart', () => {
    const dir = temporaryFolder();
    const session = (): FineWavefront[] =>
      [(): void => undefined, ...settings.map(([, set]) => set)].map((set) => {
        const wavefront = new FineWavefront();
        set(wavefront);
        return tagIn(dir, wavefront);
      });
    const first = session().map((wavefront) => wavefront.phase());
    expect(new Set(first).size, settings.map(([name]) => name).join()).to.equal(settings.length + 1);
    expect(session().map((wavefront) => wavefront.phase())).to.eql(first);
  });
});
