import { expect } from 'chai';
import { cacheOnDisk, configure, parameter, type ChangePolicy } from 'stowage';
import { settings } from '#lib/method/state/options.js';
import { collected, listen, tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let computations = 0;

class Fit {
  // Not primitive: no state.
  data = [1];

  constructor(public degree: unknown) {}

  @cacheOnDisk({ onStateChange: 'warn' })
  warning(): number {
    return computations++;
  }

  @cacheOnDisk({ onStateChange: 'recompute' })
  recomputing(): number {
    return computations++;
  }

  @cacheOnDisk({ onStateChange: 'ignore' })
  ignoring(): number {
    return computations++;
  }

  @cacheOnDisk
  byDefault(): number {
    return computations++;
  }
}

class Marked {
  @parameter
  order = 1;

  @cacheOnDisk({ onStateChange: 'recompute' })
  value(): number {
    return computations++;
  }
}

describe('an analyzer whose fields differ from when its result was computed', () => {
  let dir: string;
  let warnings: Error[];
  const note = (warning: Error): void => {
    if ('code' in warning && warning.code === 'STOWAGE_STATE_CHANGED') warnings.push(warning);
  };
  beforeEach(() => {
    dir = temporaryFolder();
    warnings = [];
    process.on('warning', note);
  });
  afterEach(() => {
    process.off('warning', note);
    delete settings.shared.onStateChange;
  });
  const warned = async (): Promise<string[]> => {
    await collected(() => true);
    return warnings.map(({ message }) => message);
  };

  it("uses it under 'warn', and says once what changed", async () => {
    const tag = `warn-${import.meta.url.includes('standard') ? 'standard' : 'legacy'}`;
    const value = tagIn(dir, new Fit(3), tag).warning();
    const hits = listen('hit');
    for (let i = 0; i < 2; i++) expect(tagIn(dir, new Fit(5), tag).warning()).to.equal(value);
    expect(hits.map(({ reason }) => reason)).to.eql(
      Array.from({ length: 2 }, () => 'disk, although the analyzer changed: degree 3 → 5'),
    );
    const said = await warned();
    expect(said).to.have.length(1);
    expect(said[0]).to.include('degree 3 → 5').and.include('Fit.warning').and.include('@parameter');
  });

  it("computes again under 'recompute', and says why", async () => {
    const value = tagIn(dir, new Fit(3)).recomputing();
    expect(tagIn(dir, new Fit(3)).recomputing()).to.equal(value);
    const stale = listen('stale');
    const other = tagIn(dir, new Fit(5)).recomputing();
    expect(other).not.to.equal(value);
    expect(stale.map(({ reason }) => reason)).to.eql(['the analyzer changed: degree 3 → 5']);
    expect(tagIn(dir, new Fit(5)).recomputing()).to.equal(other);
    expect(await warned()).to.eql([]);
  });

  it("uses it and says nothing under 'ignore'", async () => {
    const value = tagIn(dir, new Fit(3)).ignoring();
    const hits = listen('hit');
    expect(tagIn(dir, new Fit(5)).ignoring()).to.equal(value);
    expect(hits.map(({ reason }) => reason)).to.eql(['disk']);
    expect(await warned()).to.eql([]);
  });

  it('notices every kind of primitive, and a field that comes or goes', () => {
    const states: unknown[] = [
      3,
      '3',
      3n,
      true,
      null,
      0,
      -0,
      NaN,
      Infinity,
      '',
      'x'.repeat(256),
      'x'.repeat(300),
      'x'.repeat(301),
      {},
    ];
    for (const state of states) tagIn(dir, { fit: new Fit(state) }, 'kinds').fit.recomputing();
    let before: number | undefined;
    for (const state of states) {
      const { fit } = tagIn(dir, { fit: new Fit(state) }, 'kinds');
      const value = fit.recomputing();
      expect(value).not.to.equal(before);
      expect(tagIn(dir, { fit: new Fit(state) }, 'kinds').fit.recomputing()).to.equal(value);
      before = value;
    }
  });

  it('does not take objects, getters or parameters for state', () => {
    const fit = tagIn(dir, new Fit(3));
    const value = fit.recomputing();
    const other = new Fit(3);
    other.data = [7];
    Object.defineProperty(other, 'touchy', {
      enumerable: true,
      get() {
        throw new Error('a getter was touched');
      },
    });
    expect(tagIn(dir, other).recomputing()).to.equal(value);
    const marked = tagIn(dir, new Marked());
    const one = marked.value();
    const again = new Marked();
    again.order = 2;
    tagIn(dir, again);
    expect(again.value()).not.to.equal(one);
    again.order = 1;
    expect(again.value()).to.equal(one);
  });

  it('computes again by default where an array or Set index led to it, and uses it elsewhere', () => {
    const make = (degree: number): Record<string, Fit> => {
      const fits = Array.from({ length: 7 }, () => new Fit(degree));
      const [attribute, element, member, byKey, byObject, byFunction, below] = fits as [
        Fit,
        Fit,
        Fit,
        Fit,
        Fit,
        Fit,
        Fit,
      ];
      tagIn(dir, {
        attribute,
        list: [element, { below }],
        set: new Set([member]),
        map: new Map<unknown, Fit>([
          ['key', byKey],
          [{}, byObject],
          [Fit, byFunction],
        ]),
      });
      return { attribute, element, member, byKey, byObject, byFunction, below };
    };
    const values = (fits: Record<string, Fit>): [string, number][] =>
      Object.entries(fits).map(([name, fit]) => [name, fit.byDefault()]);
    const before = new Map(values(make(3)));
    const after = values(make(5));
    const recomputed = after.filter(([name, value]) => before.get(name) !== value).map(([name]) => name);
    expect(recomputed).to.eql(['element', 'member', 'byObject', 'byFunction', 'below']);
  });

  it('follows the default of configure, under what the method says itself', () => {
    const modes: [ChangePolicy, boolean][] = [
      ['recompute', false],
      ['ignore', true],
      ['warn', true],
    ];
    for (const [onStateChange, isUsed] of modes) {
      const before = tagIn(dir, [new Fit(3)], `configured-${onStateChange}`)[0];
      const [value, own] = [before?.byDefault(), before?.ignoring()];
      configure({ onStateChange });
      const after = tagIn(dir, [new Fit(5)], `configured-${onStateChange}`)[0];
      expect(after?.byDefault() === value).to.equal(isUsed);
      expect(after?.ignoring()).to.equal(own);
    }
  });
});
