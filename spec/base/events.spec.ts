import { once } from 'node:events';
import { expect } from 'chai';
import { InvalidOptionError } from '#lib/base/errors.js';
import { Events, EVENT_TYPES, type EventType, type StowageEvent } from '#lib/base/events.js';

const hit: StowageEvent = { type: 'hit', tag: 't', instance: 'root', method: 'A.m' };

/** The process warnings that come while `act` runs and until the end of the turn. */
async function warningsOf(act: () => void): Promise<Error[]> {
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);
  act();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  return warnings;
}

describe('Events', () => {
  let events: Events;
  const nothing = (): void => undefined;

  beforeEach(() => {
    events = new Events();
  });

  it('knows that nobody listens to a new one', () => {
    expect(Object.values(events.heard)).to.deep.equal(EVENT_TYPES.map(() => false));
    expect(events.emit('hit', hit)).to.equal(false);
  });

  for (const method of ['on', 'addListener', 'prependListener', 'once', 'prependOnceListener'] as const) {
    it(`knows that somebody listens after ${method}, and to nothing else`, () => {
      events[method]('hit', nothing);
      expect(events.heard.hit).to.equal(true);
      expect(events.heard.miss).to.equal(false);
    });
  }

  it('refuses to listen to what never happens, and says what was meant', async () => {
    for (const listen of ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const) {
      expect(() => events[listen]('stor' as EventType, () => undefined)).to.throw(
        InvalidOptionError,
        "there is no event 'stor' (did you mean 'store'?); there are hit, miss,",
      );
    }
    expect(events.eventNames()).to.not.include('stor');
    const heard = once(events, 'hit');
    events.emit('hit', hit);
    expect(await heard).to.deep.equal([hit]);
  });

  it('knows that one of two is left after the other went', () => {
    const other = (): void => undefined;
    events.on('hit', nothing).on('hit', other).off('hit', other);
    expect(events.heard.hit).to.equal(true);
    events.removeListener('hit', nothing);
    expect(events.heard.hit).to.equal(false);
  });

  it('knows that nobody listens once a once has heard', () => {
    let heard = 0;
    events.once('hit', () => heard++);
    events.tell(hit);
    events.tell(hit);
    expect(heard).to.equal(1);
    expect(events.heard.hit).to.equal(false);
  });

  it('lets go of all listeners of one type', () => {
    events.on('hit', nothing).on('hit', nothing).on('miss', nothing);
    events.removeAllListeners('hit');
    expect(events.heard.hit).to.equal(false);
    expect(events.heard.miss).to.equal(true);
    expect(events.listenerCount('hit')).to.equal(0);
  });

  it('lets go of all listeners of all types, and goes on knowing afterwards', () => {
    events.on('hit', nothing).on('miss', nothing);
    events.removeAllListeners();
    expect(events.listenerCount('hit')).to.equal(0);
    expect(Object.values(events.heard).some(Boolean)).to.equal(false);
    events.on('hit', nothing);
    expect(events.heard.hit).to.equal(true);
    events.off('hit', nothing);
    expect(events.heard.hit).to.equal(false);
  });

  it('lets the listeners behind one that throws still hear, and says it as a warning', async () => {
    const heard: string[] = [];
    events.on('hit', () => {
      heard.push('first');
      throw new Error('boom');
    });
    events.on('hit', () => heard.push('second'));
    const warnings = await warningsOf(() => {
      events.tell(hit);
    });
    expect(heard).to.deep.equal(['first', 'second']);
    expect(warnings.map((warning) => (warning as NodeJS.ErrnoException).code)).to.deep.equal(['STOWAGE_LISTENER']);
    expect(warnings[0]?.message).to.contain('boom');
  });

  it('is not hurt by a listener that throws what cannot be made a text', async () => {
    events.on('hit', () => {
      throw Object.create(null) as Error;
    });
    expect(
      await warningsOf(() => {
        events.tell(hit);
      }),
    ).to.have.lengthOf(1);
  });

  it('says a rejection of an asynchronous listener as a warning, and the process lives on', async () => {
    // Users write this, whatever a linter says.
    const listener: () => unknown = async () => {
      await Promise.resolve();
      throw new Error('later');
    };
    events.on('hit', () => listener() as undefined);
    const warnings = await warningsOf(() => {
      events.tell(hit);
    });
    expect(warnings.map(({ message }) => message).join()).to.contain('later');
  });

  it('gives each listener the very event', () => {
    let got: unknown;
    events.on('hit', (event) => (got = event));
    events.tell(hit);
    expect(got).to.equal(hit);
  });

  it('takes more listeners than node warns of', async () => {
    const warnings = await warningsOf(() => {
      for (let i = 0; i < 50; i++) events.on('hit', nothing);
    });
    expect(warnings).to.have.lengthOf(0);
  });
});
