import { perform, runAsync, runNow } from '#lib/base/run/flow.js';
import { pause } from '#lib/base/run/pause.js';
import { expect } from 'chai';

describe('a pause', () => {
  const ways: Record<string, (seconds: number) => unknown> = {
    'as a thread': (seconds) => {
      runNow(perform(pause(seconds)));
    },
    'as a timer': (seconds) => runAsync(perform(pause(seconds))),
  };
  for (const [way, wait] of Object.entries(ways)) {
    it(`lasts as many seconds as it is told, ${way}`, async () => {
      const start = performance.now();
      await wait(0.02);
      expect(performance.now() - start).to.be.at.least(19);
      await wait(0);
    });
  }

  it('ends when its signal comes, with the reason', async () => {
    const controller = new AbortController();
    const waiting = runAsync(perform(pause(3600, controller.signal))).catch((error: unknown) => error);
    controller.abort(new Error('closing time'));
    expect(await waiting).to.have.property('message', 'closing time');
  });
});
