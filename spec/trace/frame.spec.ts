import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { wayOfWaiting } from '#lib/base/run/waiting.js';
import { computeIn, currentFrame, Frame, inFlight, type Use } from '#lib/trace/frame.js';

const use = (name: string): Use => ({
  name,
  digest: name,
  hasChanged: () => false,
  drop: () => undefined,
  traced: () => ({}),
});
const note = (entry: string): void => currentFrame()?.note(use(entry));
const usesOf = (frame: Frame): string[] => [...frame.uses.keys()];

describe('computeIn', () => {
  afterEach(() => {
    expect(inFlight.count, 'computations in flight').to.equal(0);
    expect(currentFrame()).to.equal(undefined);
  });

  it('attributes what nested synchronous computations use to the inner one, then to the outer one again', () => {
    const [outer, inner] = [new Frame('outer', {}), new Frame('inner', {})];
    computeIn(outer, () => {
      note('a');
      computeIn(inner, () => {
        note('b');
      });
      note('c');
    });
    expect(usesOf(outer)).to.deep.equal(['a', 'c']);
    expect(usesOf(inner)).to.deep.equal(['b']);
  });

  it('ends when the computation throws', () => {
    expect(() =>
      computeIn(new Frame('x', {}), () => {
        throw new Error('boom');
      }),
    ).to.throw('boom');
  });

  it('ends when the promise rejects', async () => {
    const result = computeIn(new Frame('x', {}), async () => {
      await Promise.resolve();
      throw new Error('boom');
    });
    expect(await result.catch((error: unknown) => (error as Error).message)).to.equal('boom');
  });

  it('attributes interleaved asynchronous computations each to itself', async () => {
    const frames = [new Frame('0', {}), new Frame('1', {}), new Frame('2', {})];
    await Promise.all(
      frames.map((frame, i) =>
        computeIn(frame, async () => {
          note(`${i}a`);
          await setTimeout(5 - 2 * i);
          note(`${i}b`);
          await Promise.all([
            setTimeout(1).then(() => {
              note(`${i}c`);
            }),
            Promise.resolve().then(() => {
              note(`${i}d`);
            }),
          ]);
        }),
      ),
    );
    expect(frames.map((frame) => usesOf(frame).sort())).to.deep.equal(
      [0, 1, 2].map((i) => ['a', 'b', 'c', 'd'].map((x) => `${i}${x}`)),
    );
  });

  it('attributes a synchronous computation inside an asynchronous one to itself', async () => {
    const [outer, inner] = [new Frame('outer', {}), new Frame('inner', {})];
    await computeIn(outer, async () => {
      await Promise.resolve();
      computeIn(inner, () => {
        note('in');
      });
      note('out');
    });
    expect(usesOf(outer)).to.deep.equal(['out']);
    expect(usesOf(inner)).to.deep.equal(['in']);
  });

  it('leaves code outside alone while one is in flight', async () => {
    const frame = new Frame('x', {});
    const result = computeIn(frame, () => setTimeout(2));
    expect(currentFrame()).to.equal(undefined);
    note('outside');
    await result;
    expect(usesOf(frame)).to.deep.equal([]);
  });

  it('attributes a later computation though an earlier one switched the storage off', async () => {
    await computeIn(new Frame('first', {}), () => Promise.resolve());
    const frame = new Frame('second', {});
    await computeIn(frame, async () => {
      await Promise.resolve();
      note('b');
    });
    expect(usesOf(frame)).to.deep.equal(['b']);
  });
});

describe('wayOfWaiting', () => {
  const chain = (...names: string[]): Frame[] => {
    const frames = names.map((name) => new Frame(name, {}));
    for (const [i, frame] of frames.entries()) {
      const next = frames[i + 1];
      if (next !== undefined) frame.waitsFor.add(next);
    }
    return frames;
  };
  const namesOf = (way: Frame[] | undefined): string[] | undefined => way?.map((frame) => frame.name);

  it('is the way through others', () => {
    const [a, , c] = chain('a', 'b', 'c') as [Frame, Frame, Frame];
    expect(namesOf(wayOfWaiting(a, c))).to.deep.equal(['a', 'b', 'c']);
    expect(wayOfWaiting(c, a)).to.equal(undefined);
  });

  it('is the computation alone where it waits for itself', () => {
    const [a] = chain('a') as [Frame];
    expect(namesOf(wayOfWaiting(a, a))).to.deep.equal(['a']);
  });

  it('is the shortest of several, and ends in a circle that does not lead there', () => {
    const [a, b, c] = chain('a', 'b', 'c') as [Frame, Frame, Frame];
    c.waitsFor.add(a);
    a.waitsFor.add(c);
    expect(namesOf(wayOfWaiting(a, c))).to.deep.equal(['a', 'c']);
    expect(wayOfWaiting(b, new Frame('elsewhere', {}))).to.equal(undefined);
  });
});
