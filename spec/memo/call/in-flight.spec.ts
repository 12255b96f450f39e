import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Bucket, persist } from 'stowage/memo';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Fetch = (url: string, signal?: AbortSignal) => Promise<string>;

const caches: Record<string, (fetch: Fetch) => Fetch> = {
  persist: (fetch) => persist(fetch, { cache: temporaryFolder(), name: 'fetch', key: (url) => url }),
  'Bucket.wrap': (fetch) => new Bucket(temporaryFolder()).wrap(fetch, { name: 'fetch', ignore: [1] }),
};

for (const [name, cached] of Object.entries(caches)) {
  describe(`calls of a function of ${name} that join one under way`, () => {
    it('call again, once, where that is called off', async () => {
      let runs = 0;
      const fetch = cached(async (url, signal) => {
        runs++;
        await (signal === undefined ? undefined : sleep(2 ** 31 - 1, undefined, { signal }));
        return `of ${url}`;
      });
      const controller = new AbortController();
      const calls = [fetch('a', controller.signal), fetch('a'), fetch('a')];
      while (runs === 0) await sleep(1);
      controller.abort();
      const [first, ...joined] = await Promise.allSettled(calls);
      expect(first?.status).to.equal('rejected');
      expect(joined).to.deep.equal([1, 2].map(() => ({ status: 'fulfilled', value: 'of a' })));
      expect(runs).to.equal(2);
    });

    it('fail with it where it fails', async () => {
      let runs = 0;
      const fetch = cached(async () => {
        runs++;
        await Promise.resolve();
        throw new Error('no such page');
      });
      const results = await Promise.allSettled([fetch('a'), fetch('a')]);
      const reasons = results.map((each) => each.status === 'rejected' && String(each.reason));
      expect(reasons).to.deep.equal(['Error: no such page', 'Error: no such page']);
      expect(runs).to.equal(1);
    });
  });
}
