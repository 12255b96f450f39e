/** kv's memoizing decorators on methods, statics and private methods. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache } from 'stowage/kv';
import { memoizeStampede } from 'stowage/recipe';

describe('a method that a kv cache memoizes', () => {
  it('has a result for each instance', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-spec-'));
    try {
      using cache = new Cache(folder);
      class Scale {
        static by = 5;
        constructor(readonly by: number) {}
        @cache.memoize() times(x: number): number {
          return x * this.by;
        }
        @memoizeStampede(cache, 60) async later(x: number): Promise<number> {
          return Promise.resolve(x * this.by);
        }
        @cache.memoize() static of(x: number): number {
          return x * this.by;
        }
      }
      class Other extends Scale {
        static override by = 6;
      }
      expect(new Scale(2).times(1)).to.equal(2);
      expect(new Scale(3).times(1)).to.equal(3);
      expect(Scale.of(1)).to.equal(5);
      expect(Other.of(1)).to.equal(6);
      expect(await new Scale(2).later(1)).to.equal(2);
      expect(await new Scale(3).later(1)).to.equal(3);
      expect(cache.size).to.equal(6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
