import { expect } from 'chai';
import { Later, perform, run, runAsync, type Flow, type Step } from '#lib/base/run/flow.js';

const step = <T>(value: T): Step<T> => ({ sync: () => value, async: () => Promise.resolve(value) });
const failing = (): Step<never> => ({
  sync() {
    throw new Error('sync failed');
  },
  async: () => Promise.reject(new Error('async failed')),
});
/** A step that throws where it should reject. */
const rude = (): Step<never> => ({
  sync: () => new Later(Promise.reject(new Error('late'))),
  async() {
    throw new Error('rude');
  },
});
const late = <T>(value: T): Step<T> => ({
  sync: () => new Later(Promise.resolve(value)),
  async: () => Promise.resolve(value),
});

interface Log {
  steps: unknown[];
}

function* flowOf(log: Log, ...steps: Step<unknown>[]): Flow<string> {
  try {
    for (const each of steps) log.steps.push(yield* perform(each));
    return 'done';
  } catch (error) {
    log.steps.push((error as Error).message);
    throw error;
  } finally {
    log.steps.push('finally');
  }
}

async function messageOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('flow', () => {
  let log: Log;
  beforeEach(() => {
    log = { steps: [] };
  });

  it('runs synchronously to its value', () => {
    expect(run(flowOf(log, step(1), step('two')))).to.equal('done');
    expect(log.steps).to.deep.equal([1, 'two', 'finally']);
  });

  it('runs asynchronously to the same value by the same steps', async () => {
    const answer = runAsync(flowOf(log, step(1), step('two')));
    expect(answer).to.be.a('promise');
    expect(await answer).to.equal('done');
    expect(log.steps).to.deep.equal([1, 'two', 'finally']);
  });

  it('goes on asynchronously behind a step that turned out to be asynchronous', async () => {
    const answer = run(flowOf(log, step(1), late(2), { sync: () => 'sync', async: () => Promise.resolve('async') }));
    expect(answer).to.be.a('promise');
    expect(await answer).to.equal('done');
    expect(log.steps).to.deep.equal([1, 2, 'async', 'finally']);
  });

  it('needs no steps', async () => {
    expect(run(flowOf(log))).to.equal('done');
    expect(await runAsync(flowOf(log))).to.equal('done');
  });

  const ways: Record<string, { run: () => unknown; says: string }> = {
    'a synchronous step': { run: () => run(flowOf(log, step(0), failing())), says: 'sync failed' },
    'an asynchronous step': { run: () => runAsync(flowOf(log, step(0), failing())), says: 'async failed' },
    'the promise of a late step': {
      run: () =>
        run(
          flowOf(log, step(0), {
            sync: () => new Later(Promise.reject(new Error('late'))),
            async: () => Promise.reject(new Error('never asked')),
          }),
        ),
      says: 'late',
    },
    'a step behind a late one': { run: () => run(flowOf(log, late(0), failing())), says: 'async failed' },
    'an asynchronous step that throws instead of rejecting': {
      run: () => runAsync(flowOf(log, step(0), rude())),
      says: 'rude',
    },
    'such a step behind a late one': { run: () => run(flowOf(log, late(0), rude())), says: 'rude' },
  };
  for (const [where, { run: act, says }] of Object.entries(ways)) {
    it(`brings an error of ${where} into the flow, whose finally runs, and to the caller`, async () => {
      expect(await messageOf(act)).to.equal(says);
      expect(log.steps).to.deep.equal([0, says, 'finally']);
    });
  }

  it('lets a flow catch the error of a step and go on', async () => {
    function* catching(): Flow<unknown> {
      try {
        yield* perform(failing());
      } catch {
        return yield* perform(step('saved'));
      }
      return undefined;
    }
    expect(run(catching())).to.equal('saved');
    expect(await runAsync(catching())).to.equal('saved');
  });

  it('throws synchronously what a synchronous flow throws by itself, and rejects otherwise', async () => {
    // eslint-disable-next-line require-yield
    function* broken(): Flow<never> {
      throw new Error('own');
    }
    expect(() => run(broken())).to.throw('own');
    expect(await messageOf(() => runAsync(broken()))).to.equal('own');
  });
});
