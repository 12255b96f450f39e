import { runAsync, runNow } from '#lib/base/run/flow.js';
import { pause as realPause } from '#lib/base/run/pause.js';
import { waitFor, type Limits, type WaitWorld } from '#lib/recipe/base/wait.js';
import { expect } from 'chai';
import { rejection } from '../../support/values/rejection.js';

const timedOut = (): Error => new Error('timed out');
const forever: Limits = { timeout: Infinity, timedOut };

/** A world whose time is what has been slept. */
class FakeWorld implements WaitWorld {
  time = 100;
  pauses: number[] = [];

  constructor(readonly random: () => number = () => 1) {}

  stopwatch = (): number => this.time;

  pause = (seconds: number, signal?: AbortSignal): ReturnType<WaitWorld['pause']> => {
    const sleep = (): void => {
      this.pauses.push(seconds * 1000);
      this.time += seconds;
    };
    return {
      sync: sleep,
      async async() {
        sleep();
        await Promise.resolve();
        signal?.throwIfAborted();
      },
    };
  };
}

/** Succeeds at the given try. */
function atTry(number: number): () => number | undefined {
  let tries = 0;
  return () => (++tries === number ? tries : undefined);
}

describe('waiting for a lock', () => {
  it('does not sleep where the first try succeeds', () => {
    const world = new FakeWorld();
    expect(runNow(waitFor(atTry(1), forever, world))).to.equal(1);
    expect(world.pauses).to.deep.equal([]);
  });

  it('sleeps 1 ms, then longer and longer, and 20 ms at most', () => {
    const world = new FakeWorld();
    expect(runNow(waitFor(atTry(9), forever, world))).to.equal(9);
    expect(world.pauses).to.deep.equal([1, 2, 4, 8, 16, 20, 20, 20]);
  });

  it('sleeps half of that at least, by chance', () => {
    const world = new FakeWorld(() => 0);
    runNow(waitFor(atTry(9), forever, world));
    expect(world.pauses).to.deep.equal([0.5, 1, 2, 4, 8, 10, 10, 10]);
  });

  it('sleeps as long when it does not block', async () => {
    const world = new FakeWorld();
    expect(await runAsync(waitFor(atTry(9), forever, world))).to.equal(9);
    expect(world.pauses).to.deep.equal([1, 2, 4, 8, 16, 20, 20, 20]);
  });

  it('ends with a last try when the timeout has passed', () => {
    const world = new FakeWorld();
    const times: number[] = [];
    const attempt = (): undefined => {
      times.push(Math.round((world.time - 100) * 1000));
    };
    expect(() => {
      runNow(waitFor(attempt, { timeout: 0.05, timedOut }, world));
    }).to.throw('timed out');
    expect(times).to.deep.equal([0, 1, 3, 7, 15, 31, 50]);
  });

  it('tries once where the timeout is 0', () => {
    const world = new FakeWorld();
    expect(() => runNow(waitFor(atTry(2), { timeout: 0, timedOut }, world))).to.throw('timed out');
    expect(world.pauses).to.deep.equal([]);
  });

  it('ends with the reason of a signal, without another try', async () => {
    const world = new FakeWorld();
    const controller = new AbortController();
    const attempt = (): undefined => {
      if (world.pauses.length === 3) controller.abort(new Error('closing time'));
    };
    const limits = { ...forever, signal: controller.signal };
    expect((await rejection(runAsync(waitFor(attempt, limits, world)))).message).to.equal('closing time');
    expect(world.pauses).to.have.length(4);
    expect((await rejection(runAsync(waitFor(atTry(1), limits, world)))).message).to.equal('closing time');
  });

  it('ends a real sleep when the signal comes', async () => {
    const attempt = (): undefined => {
      queueMicrotask(() => {
        controller.abort(new Error('closing time'));
      });
    };
    const controller = new AbortController();
    const world: WaitWorld = { stopwatch: () => 0, random: () => 1e6, pause: realPause };
    const limits = { ...forever, signal: controller.signal };
    expect((await rejection(runAsync(waitFor(attempt, limits, world)))).message).to.equal('closing time');
  });

  it('hands on what the try throws', () => {
    const failing = (): never => {
      throw new Error('disk full');
    };
    expect(() => runNow(waitFor(failing, forever, new FakeWorld()))).to.throw('disk full');
  });
});
