/* eslint-disable @typescript-eslint/unbound-method -- a method names a call */
import { expectTypeOf } from 'expect-type';
import { Cache, type Memoized } from '#lib/kv/index.js';
import { Bucket, cacheOf, persist, type PersistCache, type PersistMap } from '#lib/memo/index.js';

class Night {
  @persist()
  mean(side: number): string {
    return String(side);
  }

  @persist({ key: (side) => side })
  keyed(side: number): number {
    return side;
  }
}

/** Looked at by the compiler alone. */
function check(bucket: Bucket, kv: Cache, night: Night): void {
  const simple = persist((side: number, unit = 'px') => side + unit.length);
  expectTypeOf(simple).toBeCallableWith(3);
  expectTypeOf(simple).toBeCallableWith(3, 'mm');
  expectTypeOf(simple(3)).toEqualTypeOf<number>();
  expectTypeOf(simple.cache.get([3])).toEqualTypeOf<number | undefined>();
  // @ts-expect-error the argument is a number
  simple('three');

  const later = persist(async (name: string) => Promise.resolve([name]), { key: (name) => name.length });
  expectTypeOf(later('a')).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(later.cache).toEqualTypeOf<PersistCache<number, string[]>>();

  const generic = persist(function same<T>(value: T): T {
    return value;
  });
  expectTypeOf(generic('a' as const)).toEqualTypeOf<'a'>();

  const ofDate = persist(
    function (this: Date, add: number): number {
      return this.getTime() + add;
    },
    { name: 'of a date' },
  );
  expectTypeOf(ofDate).thisParameter.toEqualTypeOf<Date>();

  const listed = persist((side: number) => side, { storeKey: true, key: (side) => `side ${side.toFixed()}` });
  expectTypeOf(listed.cache).toEqualTypeOf<PersistMap<string, number>>();

  const made = persist({ key: (side, unit) => [side, unit] })((side: number, unit: string) => unit.repeat(side));
  expectTypeOf(made(3, 'a')).toEqualTypeOf<string>();
  expectTypeOf(cacheOf(night.mean).get([3])).toEqualTypeOf<string | undefined>();
  expectTypeOf(night.keyed(3)).toEqualTypeOf<number>();

  const wrapped = bucket.wrap(async (side: number, log: (line: string) => void) => Promise.resolve([side, log]), {
    ignore: ['log'],
    refresh: (side) => side > 3,
    onHit: ({ args, value }) => {
      expectTypeOf(args).toEqualTypeOf<[side: number, log: (line: string) => void]>();
      expectTypeOf(value).toEqualTypeOf<(number | ((line: string) => void))[]>();
    },
  });
  expectTypeOf(wrapped).parameters.toEqualTypeOf<[side: number, log: (line: string) => void]>();

  const size = (image: string, { radius }: { radius: number }): number => image.length * radius;
  const fit = kv.memoize({ key: (image, options) => [image, options] })(size);
  expectTypeOf(fit).toEqualTypeOf<Memoized<typeof size>>();
  kv.memoize({ key: (image: string) => image })(size);
  // @ts-expect-error the key takes no string
  kv.memoize({ key: (image: number) => image })(size);
}

describe('cached functions', () => {
  it('keep the types of their functions, generics, `this` and promises included', () => {
    expectTypeOf(check).toBeFunction();
    expectTypeOf<Night>().toHaveProperty('mean');
  });
});
