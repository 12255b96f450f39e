/** Steps that do the same to a map of ours and to a plain Map, and compare what comes back. */
import { expect } from 'chai';
import fc from 'fast-check';

/** What Index and FanoutCache have in common with a Map. */
export interface MapLike {
  get(key: unknown, defaultValue: unknown): unknown;
  set(key: unknown, value: unknown): unknown;
  has(key: unknown): boolean;
  delete(key: unknown): boolean;
  pop(key: unknown, defaultValue: unknown): unknown;
  clear(): unknown;
}

/** Plain keys by their stored form: a Map knows arrays and bytes by identity alone. */
export class Model {
  readonly items = new Map<string, [key: unknown, value: unknown]>();

  static id(key: unknown): string {
    return Buffer.isBuffer(key) ? `bytes ${key.toString('hex')}` : JSON.stringify(key);
  }
}

export type Step<T extends MapLike> = [name: string, act: (map: T, model: Model) => void];

export const mapKey = fc.oneof(
  fc.constantFrom('a', 'b', '', 'ä𝄞', '1'),
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(0.5, -1e300, true, null),
  fc.constantFrom(Buffer.from('a'), Buffer.alloc(0)),
  fc.tuple(fc.constantFrom('a', 1), fc.integer({ min: 0, max: 1 })),
);
export const mapValue = fc.oneof(
  fc.integer(),
  fc.constantFrom('', 'text', null, 0.5, 'large'.repeat(20)),
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
);

const ABSENT = Symbol('absent');

/** The steps that every map knows. */
export function mapSteps<T extends MapLike>(): fc.Arbitrary<Step<T>> {
  return fc.oneof(
    fc.tuple(mapKey, mapValue).map(([key, value]): Step<T> => [
      `set ${String(key)}`,
      (map, { items }) => {
        map.set(key, value);
        items.set(Model.id(key), [key, value]);
      },
    ]),
    mapKey.map((key): Step<T> => [
      `get ${String(key)}`,
      (map, { items }) => {
        const item = items.get(Model.id(key));
        expect(map.get(key, ABSENT)).to.deep.equal(item === undefined ? ABSENT : item[1]);
        expect(map.has(key)).to.equal(item !== undefined);
      },
    ]),
    mapKey.map((key): Step<T> => [
      `delete ${String(key)}`,
      (map, { items }) => {
        expect(map.delete(key)).to.equal(items.delete(Model.id(key)));
      },
    ]),
    mapKey.map((key): Step<T> => [
      `pop ${String(key)}`,
      (map, { items }) => {
        const item = items.get(Model.id(key));
        items.delete(Model.id(key));
        expect(map.pop(key, ABSENT)).to.deep.equal(item === undefined ? ABSENT : item[1]);
      },
    ]),
    {
      arbitrary: fc.constant<Step<T>>([
        'clear',
        (map, { items }) => {
          map.clear();
          items.clear();
        },
      ]),
      weight: 1,
    },
  );
}
