import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import { cacheKey } from 'stowage';
import { UnkeyableArgumentError } from '#lib/base/errors.js';
import { callKeyDigest } from '#lib/key/canonical/canonical.js';

const key = (value: unknown): string | undefined =>
  callKeyDigest([value, true], { byFields: true, subject: 'the key' });

class Star {
  constructor(
    public magnitude: number,
    public at: object = { ra: 1 },
  ) {}
}
class Planet extends Star {}

describe('an instance that is keyed by its fields', () => {
  it('is told from others by its class and its fields, in any order, as deep as they go', () => {
    const reversed = Object.assign(Object.create(Star.prototype) as Star, { at: { ra: 1 }, magnitude: 1 });
    const values = [
      new Star(1),
      new Star(2),
      new Star(1, { ra: 2 }),
      new Star(1, new Star(1)),
      new Planet(1),
      { magnitude: 1, at: { ra: 1 } },
    ];
    expect(new Set(values.map(key)).size).to.equal(values.length);
    expect(key(reversed)).to.equal(key(new Star(1)));
    expect(key([new Map([['a', new Star(1)]])])).to.equal(key([new Map([['a', reversed]])]));
  });

  it('may hold itself', () => {
    const loop = (n: number): Star => {
      const star = new Star(n);
      star.at = { back: star };
      return star;
    };
    expect(key(loop(1))).to.equal(key(loop(1)));
    expect(key(loop(1))).not.to.equal(key(loop(2)));
  });

  it('has the same digest on every machine', () => {
    expect(key(new Star(1.5))).to.equal(GOLDEN);
  });

  it('is refused where its fields are not all there is to it, and its place is said', () => {
    class Hidden {
      #x = 1;
      get x(): number {
        return this.#x;
      }
    }
    class Below extends Hidden {
      y = 1;
    }
    class Handler {
      handle = (): number => 1;
    }
    const refused = [
      new Hidden(),
      new Below(),
      new Handler(),
      new EventEmitter().on('x', () => 0),
      new (class extends Map {})(),
      new (class extends Date {})(),
      new Proxy(new Star(1), {}),
      new WeakRef({}),
      Promise.resolve(1),
    ];
    for (const value of refused)
      expect(() => key({ list: [value] })).to.throw(UnkeyableArgumentError, /^the key \(list\[0\]/);
  });

  it('is what its [cacheKey]() says, where it has one', () => {
    class Keyed {
      constructor(
        readonly id: number,
        readonly note: string,
      ) {}
      [cacheKey](): number {
        return this.id;
      }
    }
    expect(key(new Keyed(1, 'a'))).to.equal(key(new Keyed(1, 'b')));
  });

  it('is refused where nobody asked for it', () => {
    expect(() => callKeyDigest([new Star(1)])).to.throw(UnkeyableArgumentError, 'argument 1 is an instance of Star');
  });
});

const GOLDEN = '750a57fc68c3f6aba57dc884627a1eeb3f1a4f025e1bc27b414a19f8993f2e65';
