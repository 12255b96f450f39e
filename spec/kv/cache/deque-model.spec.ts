import { expect } from 'chai';
import fc from 'fast-check';
import { Deque } from 'stowage/kv';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What a deque of `maxlen` does, on an array. */
class Model {
  constructor(
    readonly values: unknown[],
    public maxlen: number,
  ) {}

  add(value: unknown, end: 'push' | 'unshift'): void {
    this.values[end](value);
    if (this.values.length > this.maxlen) this.values[end === 'push' ? 'shift' : 'pop']();
  }
}

type Pair = [deque: Deque, model: Model];
type Step = (...pair: Pair) => void;

const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('a', 'b', null, true, 0.5),
  fc.constant('large'.repeat(20)),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
);
const place = fc.integer({ min: -8, max: 8 });

/** Each step does the same to both and compares what it gives. */
const step: fc.Arbitrary<[name: string, step: Step]> = fc.oneof(
  value.map((item): [string, Step] => [
    `append ${String(item)}`,
    (deque, model) => {
      deque.append(item);
      model.add(item, 'push');
    },
  ]),
  value.map((item): [string, Step] => [
    `appendLeft ${String(item)}`,
    (deque, model) => {
      deque.appendLeft(item);
      model.add(item, 'unshift');
    },
  ]),
  fc.array(value, { maxLength: 4 }).map((items): [string, Step] => [
    `extend ${String(items)}`,
    (deque, model) => {
      deque.extend(items);
      for (const item of items) model.add(item, 'push');
    },
  ]),
  fc.array(value, { maxLength: 4 }).map((items): [string, Step] => [
    `extendLeft ${String(items)}`,
    (deque, model) => {
      deque.extendLeft(items);
      for (const item of items) model.add(item, 'unshift');
    },
  ]),
  fc.constant<[string, Step]>([
    'pop',
    (deque, { values }) => {
      expect(deque.pop()).to.deep.equal(values.pop());
    },
  ]),
  fc.constant<[string, Step]>([
    'popLeft',
    (deque, { values }) => {
      expect(deque.popLeft()).to.deep.equal(values.shift());
    },
  ]),
  place.map((index): [string, Step] => [
    `at ${index}`,
    (deque, { values }) => {
      expect(deque.at(index)).to.deep.equal(values.at(index));
    },
  ]),
  fc.tuple(place, value).map(([index, item]): [string, Step] => [
    `setAt ${index}`,
    (deque, { values }) => {
      const actual = index < 0 ? index + values.length : index;
      if (actual < 0 || actual >= values.length) {
        expect(() => {
          deque.setAt(index, item);
        }).to.throw('no place');
        return;
      }
      deque.setAt(index, item);
      values[actual] = item;
    },
  ]),
  place.map((index): [string, Step] => [
    `deleteAt ${index}`,
    (deque, { values }) => {
      const isThere = index < 0 ? index >= -values.length : index < values.length;
      expect(deque.deleteAt(index)).to.equal(isThere);
      if (isThere) values.splice(index, 1);
    },
  ]),
  value.map((item): [string, Step] => [
    `remove ${String(item)}`,
    (deque, { values }) => {
      const found = values.findIndex((other) => JSON.stringify(other) === JSON.stringify(item));
      expect(deque.count(item) > 0).to.equal(found >= 0);
      expect(deque.remove(item)).to.equal(found >= 0);
      if (found >= 0) values.splice(found, 1);
    },
  ]),
  fc.integer({ min: -12, max: 12 }).map((steps): [string, Step] => [
    `rotate ${steps}`,
    (deque, { values }) => {
      deque.rotate(steps);
      for (let left = 0; left < Math.abs(steps); left++) {
        if (values.length === 0) break;
        if (steps > 0) values.unshift(values.pop());
        else values.push(values.shift());
      }
    },
  ]),
  fc.constant<[string, Step]>([
    'reverse',
    (deque, { values }) => {
      deque.reverse();
      values.reverse();
    },
  ]),
  fc.constant<[string, Step]>([
    'clear',
    (deque, { values }) => {
      deque.clear();
      values.length = 0;
    },
  ]),
  fc.constantFrom(0, 2, 5, Infinity).map((maxlen): [string, Step] => [
    `maxlen ${maxlen}`,
    (deque, model) => {
      deque.maxlen = maxlen;
      model.maxlen = maxlen;
      model.values.splice(0, Math.max(0, model.values.length - maxlen));
    },
  ]),
);

describe('Deque and an array', () => {
  it('stay the same, whatever is done to both', () => {
    using deque = new Deque<unknown>([], { directory: temporaryFolder() });
    deque.cache.reset('diskMinFileSize', 50);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.constantFrom(3, Infinity, Infinity), (steps, maxlen) => {
        deque.clear();
        deque.maxlen = maxlen;
        const model = new Model([], maxlen);
        for (const [name, act] of steps) {
          act(deque, model);
          expect(deque.toArray(), name).to.deep.equal(model.values);
          expect(deque.size, name).to.deep.equal(model.values.length);
          expect(deque.peek(), name).to.deep.equal(model.values.at(-1));
          expect(deque.peekLeft(), name).to.deep.equal(model.values[0]);
        }
        expect([...deque.reversed()]).to.deep.equal([...model.values].reverse());
      }),
      { numRuns: 60 },
    );
    expect(deque.cache.check()).to.deep.equal([]);
  });
});
