import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { cacheKey } from 'stowage';
import { LazyBuildCache } from 'stowage/manager';
import { end, managerIn } from '../support/analyses/managers.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const anyKey = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constantFrom(NaN, 0, -0, null, undefined, true, 3n),
  fc.constantFrom('a', 'b', '__proto__'),
);
const anyValue = fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true, withTypedArray: true });

/** One step on a Map, and what it answers. */
type Step = (map: Map<unknown, unknown>) => unknown;
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(anyKey, anyValue).map(
    ([key, value]): Step =>
      (map) =>
        map.set(key, value) === map,
  ),
  anyKey.map(
    (key): Step =>
      (map) =>
        map.delete(key),
  ),
  anyKey.map(
    (key): Step =>
      (map) =>
        map.get(key),
  ),
  anyKey.map(
    (key): Step =>
      (map) =>
        map.has(key),
  ),
  fc.constant<Step>((map) => {
    map.clear();
  }),
);

/** All that can be seen of a Map. */
function seen(map: Map<unknown, unknown>): unknown[] {
  const each: unknown[] = [];
  const context = {};
  map.forEach(function (this: unknown, value, key, of) {
    each.push([value, key, of === map, this === context]);
  }, context);
  return [map.size, [...map], [...map.keys()], [...map.values()], [...map.entries()], each];
}

describe('a managed cache', () => {
  it('does what a Map does, whatever is done, and has it again in the next session', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
        const folder = temporaryFolder();
        const map = new Map<unknown, unknown>();
        const manager = managerIn(folder);
        const cache: Map<unknown, unknown> = manager.registerCache<unknown>('map');
        for (const step of steps) expect(step(cache)).to.deep.equal(step(map));
        expect(seen(cache)).to.deep.equal(seen(map));
        await end(manager);
        const again = managerIn(folder);
        expect(seen(again.registerCache<unknown>('map'))).to.deep.equal(seen(map));
        await end(again);
      }),
      { numRuns: 40 },
    );
  });

  it('takes contents as a Map, as entries and as a plain object, and copies them', () => {
    const manager = managerIn(temporaryFolder());
    const given = new Map([['a', 1]]);
    const caches = [given, [['a', 1]] as [string, number][], { a: 1 }].map((contents, i) =>
      manager.registerCache(`cache ${i}`, contents),
    );
    given.set('b', 2);
    for (const cache of caches) expect([...cache]).to.deep.equal([['a', 1]]);
  });

  it('shows what it holds, and loads nothing to be shown', () => {
    const manager = managerIn(temporaryFolder());
    expect(inspect(manager.registerCache('shown', { a: 1 }))).to.equal("AutoSyncCache<shown> Map(1) { 'a' => 1 }");
    let built = 0;
    const lazy = new LazyBuildCache('lazy', { manager, builder: () => ({ n: ++built }) });
    expect(inspect(lazy)).to.equal('LazyBuildCache<lazy> (absent)');
    expect(built).to.equal(0);
    expect(lazy.get('n')).to.equal(1);
    expect(lazy.get('n')).to.equal(1);
  });

  it('is known by its place where it is an argument', () => {
    const manager = managerIn(temporaryFolder());
    const cache = manager.registerCache('table');
    expect(cache[cacheKey]()).to.deep.equal(['managed cache', manager.folder, 'table']);
  });
});
