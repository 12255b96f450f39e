import { expect } from 'chai';
import { Program, type Told } from '../../support/children/program.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const photometry = `
  export const GAIN = 3;
  export function scale(pixel: number): number {
    return pixel * 2;
  }
`;

/** A plain object stands for the root: what its methods call is a cached function. */
const night = (cached: string): string => `
  import { cacheOnDisk } from 'stowage';
  import { Bucket, persist } from 'stowage/memo';
  import { Cache } from 'stowage/kv';
  import { ran } from './runs.js';
  import { GAIN, scale } from './photometry.js';
  const folder = process.argv[2] + '/functions';
  ${cached}
  class Night {
    flux(pixel: number): unknown { return cachedFlux(pixel); }
    @cacheOnDisk
    report(): string { ran('report'); return 'flux ' + cachedFlux(10); }
  }
  export const root = new Night();
  export const calls = [[root, 'flux', 10], [root, 'report']];
`;

const kinds: Readonly<Record<string, string>> = {
  persist: 'const cachedFlux = persist(flux, { cache: folder });',
  Bucket: 'const cachedFlux = new Bucket(folder).wrap(flux);',
  memoize: 'const cachedFlux = new Cache(folder).memoize()(flux);',
};

describe('a cached function of a program that is edited', () => {
  for (const [kind, made] of Object.entries(kinds)) {
    const flux = 'function flux(pixel: number): number { ran("flux"); return scale(pixel) * GAIN; }';
    it(`is computed again where a helper is, and what a method made of it as well: ${kind}`, () => {
      const tmpdir = temporaryFolder();
      const program = new Program(temporaryFolder(), { photometry, night: night(`${flux}\n${made}`) });
      const run = (): Told => program.run(tmpdir);
      expect(run()).to.deep.include({ ran: ['flux', 'report'], values: [60, 'flux 60'] });
      expect(run()).to.deep.include({ ran: [], values: [60, 'flux 60'] });
      program.edit('photometry', 'return pixel', '// twice\n    return (pixel)');
      expect(run()).to.deep.include({ ran: [], values: [60, 'flux 60'] });
      program.edit('photometry', '* 2', '* 5');
      expect(run()).to.deep.include({ ran: ['flux', 'report'], values: [150, 'flux 150'] });
      program.edit('photometry', 'GAIN = 3', 'GAIN = 1');
      expect(run()).to.deep.include({ ran: ['flux', 'report'], values: [50, 'flux 50'] });
      // What was computed before is still there.
      program.edit('photometry', 'GAIN = 1', 'GAIN = 3');
      expect(run().values).to.deep.equal([150, 'flux 150']);
      expect(run().ran).to.deep.equal([]);
    });
  }

  it('follows from the method of an object to the methods that it calls on it', () => {
    const tmpdir = temporaryFolder();
    const program = new Program(temporaryFolder(), {
      photometry,
      night: `
        import { persist } from 'stowage/memo';
        import { ran } from './runs.js';
        class Night {
          @persist({ cache: process.argv[2] + '/functions', name: 'flux' })
          flux(pixel: number): number { ran('flux'); return this.scaled(pixel); }
          scaled(pixel: number): number { return pixel * 2; }
        }
        const persisted = new Night();
        export const root = { report: () => 1, camera: persisted };
        export const calls = [[persisted, 'flux', 10]];
      `,
      main: `
        import { runs } from './runs.js';
        import { calls } from './night.js';
        const values = [];
        for (const [analyzer, method, ...args] of calls) values.push(await analyzer[method](...args));
        console.log(JSON.stringify({ values, ran: runs }));
      `,
    });
    expect(program.run(tmpdir)).to.deep.equal({ values: [20], ran: ['flux'] });
    expect(program.run(tmpdir)).to.deep.equal({ values: [20], ran: [] });
    program.edit('night', 'pixel * 2', 'pixel * 3');
    expect(program.run(tmpdir)).to.deep.equal({ values: [30], ran: ['flux'] });
  });
});
