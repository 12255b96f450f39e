import { expect } from 'chai';
import fc from 'fast-check';
import { FanoutCache } from 'stowage/kv';
import { mapKey, mapSteps, mapValue, Model, type Step } from '../../support/analyses/map-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const step: fc.Arbitrary<Step<FanoutCache>> = fc.oneof(
  { arbitrary: mapSteps<FanoutCache>(), weight: 3 },
  fc.tuple(mapKey, mapValue).map(([key, value]): Step<FanoutCache> => [
    `add ${String(key)}`,
    (cache, { items }) => {
      const isNew = !items.has(Model.id(key));
      if (isNew) items.set(Model.id(key), [key, value]);
      expect(cache.add(key, value)).to.equal(isNew);
    },
  ]),
);

/** In an order that does not depend on shards. */
function sorted(items: Iterable<[unknown, unknown]>): [string, unknown][] {
  return [...items]
    .map(([key, value]): [string, unknown] => [Model.id(key), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('FanoutCache and a Map', () => {
  it('stay the same, whatever is done to both', () => {
    using cache = new FanoutCache(temporaryFolder(), { shards: 3, timeout: 60, diskMinFileSize: 50 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        cache.clear();
        const model = new Model();
        for (const [name, act] of steps) {
          act(cache, model);
          expect(cache.size, name).to.equal(model.items.size);
        }
        expect(sorted(cache)).to.deep.equal(sorted(model.items.values()));
        expect([...cache.reversed()]).to.deep.equal([...cache].reverse());
      }),
      { numRuns: 60 },
    );
    expect(cache.check()).to.deep.equal([]);
  });
});
