import { expect } from 'chai';
import { cacheOnDisk, forget } from 'stowage';
import { Bucket, persist } from 'stowage/memo';
import { Cache } from 'stowage/kv';
import { tagIn } from '../../support/analyses/analysis.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let ran = 0;

class Night {
  @cacheOnDisk
  count(...terms: unknown[]): number {
    ran++;
    return terms.length;
  }

  @cacheOnDisk
  countAfter(_first?: unknown, _second?: unknown): number {
    ran++;
    return arguments.length;
  }

  @cacheOnDisk
  mean(_a?: number, b = 3): number {
    ran++;
    return b;
  }

  @cacheOnDisk
  kind(x: object): string {
    return Object.getPrototypeOf(x) === null ? 'none' : 'Object';
  }
}

const calls: unknown[][] = [
  [1],
  [1, undefined],
  [1, undefined, undefined],
  [],
  [undefined],
  [1, 2, 3],
  [1, 2, undefined],
  [1, 2],
  [1, 2, 3, undefined],
  [1, 2, 3, 4],
  [1, 2, 3],
];

describe('the key of a call', () => {
  beforeEach(() => (ran = 0));

  for (const method of ['count', 'countAfter'] as const) {
    it(`counts trailing undefineds for a method that sees them, in memory and from disk: ${method}`, () => {
      const night = tagIn(temporaryFolder(), new Night());
      const ask = (): number[] => calls.map((args) => night[method](...args));
      const lengths = calls.map(({ length }) => length);
      expect(ask()).to.deep.equal(lengths);
      expect(ask()).to.deep.equal(lengths);
      forget(night);
      expect(ask()).to.deep.equal(lengths);
      expect(ask()).to.deep.equal(lengths);
      expect(ran).to.equal(calls.length - 1);
    });
  }

  it('is one key for a method with named parameters, to which they are not given', () => {
    const night = tagIn(temporaryFolder(), new Night());
    const calls: [(number | undefined)?, (number | undefined)?][] = [[], [undefined], [undefined, undefined]];
    expect(calls.map((args) => night.mean(...args))).to.deep.equal([3, 3, 3]);
    expect(ran).to.equal(1);
  });

  it('tells an object without a prototype from one with it', () => {
    const night = tagIn(temporaryFolder(), new Night());
    expect(night.kind({})).to.equal('Object');
    expect(night.kind(Object.create(null) as object)).to.equal('none');
  });

  it('counts trailing undefineds in every function cache, where the function does', () => {
    const folder = temporaryFolder();
    const cache = new Cache(`${folder}/kv`);
    const wrapped = [
      persist(
        function a(...terms: unknown[]) {
          return terms.length;
        },
        { cache: `${folder}/persist` },
      ),
      new Bucket(`${folder}/bucket`).wrap(function b(...terms: unknown[]) {
        return terms.length;
      }),
      cache.memoize()(function c(...terms: unknown[]) {
        return terms.length;
      }),
    ];
    for (const count of wrapped) {
      expect(count(1, undefined)).to.equal(2);
      expect(count(1)).to.equal(1);
      expect(count()).to.equal(0);
      expect(count(undefined)).to.equal(1);
    }
    cache.close();
  });
});
