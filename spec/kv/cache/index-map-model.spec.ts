import { expect } from 'chai';
import fc from 'fast-check';
import { Index } from 'stowage/kv';
import { mapKey, mapSteps, mapValue, Model, type Step } from '../../support/analyses/map-model.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const step: fc.Arbitrary<Step<Index>> = fc.oneof(
  { arbitrary: mapSteps<Index>(), weight: 3 },
  fc.tuple(mapKey, mapValue).map(([key, value]): Step<Index> => [
    `setDefault ${String(key)}`,
    (index, { items }) => {
      const stands = items.get(Model.id(key));
      if (stands === undefined) items.set(Model.id(key), [key, value]);
      expect(index.setDefault(key, value)).to.deep.equal(stands === undefined ? value : stands[1]);
    },
  ]),
  fc.boolean().map((last): Step<Index> => [
    `popItem ${String(last)}`,
    (index, { items }) => {
      const found = [...items.values()].at(last ? -1 : 0);
      if (found !== undefined) items.delete(Model.id(found[0]));
      expect(index.peekItem({ last })).to.deep.equal(found);
      expect(index.popItem({ last })).to.deep.equal(found);
    },
  ]),
);

describe('Index and a Map', () => {
  it('stay the same, in the same order, whatever is done to both', () => {
    using index = new Index(temporaryFolder());
    index.cache.reset('diskMinFileSize', 50);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        index.clear();
        const model = new Model();
        for (const [name, act] of steps) {
          act(index, model);
          expect([...index], name).to.deep.equal([...model.items.values()]);
          expect(index.size, name).to.equal(model.items.size);
        }
        expect([...index.reversed()]).to.deep.equal([...model.items.values()].reverse());
        expect(index.equals(new Map(model.items.values()))).to.equal(true);
      }),
      { numRuns: 60 },
    );
    expect(index.cache.check()).to.deep.equal([]);
  });
});
